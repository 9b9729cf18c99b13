#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that expect_message.py can fail: wrong cases are refused, a right one passes.

usage: harness_refuses.py COMPILER
"""
import sys
import tempfile
from pathlib import Path

import expect_message

CASE = """// SPDX-License-Identifier: MIT
// expect: {expect}
template <class T> struct wrong {{ static_assert(sizeof(T) == 0, "the cure is here"); }};
#ifdef FUSEGRAD_FAIL
{faulty}
#else
{twin}
#endif
"""
# Errors without an end: the message comes, but far below the first lines.
NOISE = "\n".join(f"undeclared_{i} a{i};" for i in range(20))
CASES = [
    ("", "the cure is here", "wrong<int> w;", "int w;"),
    ("the twin does not compile", "the cure is here", "wrong<int> w;", "wrong<char> w;"),
    ("compiles, although it must be refused", "the cure is here", "int w;", "int w;"),
    ("not in the first", "other words", "wrong<int> w;", "int w;"),
    ("not in the first", "the cure is here", "typo w;", "int w;"),
    ("not in the first", "the cure is here", NOISE + "\nwrong<int> w;", "int w;"),
]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = []
    for expected, regex, faulty, twin in CASES:
        with tempfile.TemporaryDirectory() as folder:
            case = Path(folder) / "case.cpp"
            case.write_text(CASE.format(expect=regex, faulty=faulty, twin=twin), encoding="utf-8")
            found = "\n".join(expect_message.faults(case, [sys.argv[1]]))
        if (expected not in found) or (not expected and found):
            wrong.append(f"expected '{expected}', found '{found}'")
    print("\n".join(wrong) or f"{len(CASES)} cases are judged rightly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
