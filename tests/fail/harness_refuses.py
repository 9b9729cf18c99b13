#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that expect_message.py and twins.py can fail: wrong cases are refused, a right one passes.

usage: harness_refuses.py COMPILER
"""
import sys
import tempfile
from pathlib import Path

import expect_message
import twins

CASE = """// SPDX-License-Identifier: MIT
// expect: {expect}
template <class T> struct wrong {{ static_assert(sizeof(T) == 0, "the cure is here"); }};
#ifdef FUSEGRAD_FAIL
{faulty}
#else
{twin}
#endif
"""
CASES = [
    ("", "the cure is here", "wrong<int> w;", "int w;"),
    ("the twin does not compile", "the cure is here", "wrong<int> w;", "wrong<char> w;"),
    ("compiles, although it must be refused", "the cure is here", "int w;", "int w;"),
    ("not in the first error", "other words", "wrong<int> w;", "int w;"),
    ("not in the first error", "the cure is here", "typo w;", "int w;"),
    ("not in the first error", "the cure is here", "typo w;\nwrong<int> v;", "int w;"),
]


# What g++ prints when the mistake was found deep inside: the message is there, but nobody reads that far.
CONTEXT = "case.cpp:9:1:   required from 'struct deep'"
ERROR = "case.cpp:3:1: error: static assertion failed: the cure is here"


def bounds() -> list[str]:
    """The bounds of what counts as the first error, on text as a compiler prints it."""
    wrong = []
    for lines_before in (0, 6, 7):
        seen, before = expect_message.message("\n".join([CONTEXT] * lines_before + ["", "    9 | deep d;", ERROR]))
        if before != lines_before or seen != ERROR:
            wrong.append(f"{lines_before} lines before the error: counted {before}, read '{seen}'")
    seen, _ = expect_message.message("\n".join([ERROR, "1", "2", "3", "4"]))
    if not seen.endswith("3"):
        wrong.append(f"three lines belong to the error, read '{seen}'")
    deeper = expect_message.deeper_cases("# why\nlisted 8 it is a long way\n")
    for case, compiler, before, is_refused in (
        ("any", "g++", 6, False),
        ("any", "g++", 7, True),
        ("any", "clang++-19", 7, True),
        ("listed", "g++", 8, False),
        ("listed", "g++", 9, True),
        ("listed", "g++", 6, True),  # it became better, and nobody took it off the list
        ("listed", "clang++-19", 1, False),
    ):
        if bool(expect_message.too_deep(Path(f"{case}.cpp"), compiler, before, deeper)) != is_refused:
            wrong.append(f"{case}, {compiler}, {before} lines before: {'not ' if is_refused else ''}refused")
    try:
        expect_message.deeper_cases("listed 8\n")
        wrong.append("a case may be listed without a reason")
    except ValueError:
        pass
    return wrong


def adapted() -> list[str]:
    """A struct of a twin among others is adapted outside of the twin's namespace, on the line on which it is written."""
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.cpp"
        case.write_text("struct event { int n; };\nBOOST_HANA_ADAPT_STRUCT(event, n);\nint v;\n", encoding="utf-8")
        text = twins.in_namespace(case)
    line = "} BOOST_HANA_ADAPT_STRUCT(twin_case::event, n); namespace twin_case {"
    return [] if text.splitlines()[3:5] == [line, "int v;"] else [f"an adapted struct has become '{text}'"]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = bounds() + adapted()
    for expected, regex, faulty, twin in CASES:
        with tempfile.TemporaryDirectory() as folder:
            case = Path(folder) / "case.cpp"
            case.write_text(CASE.format(expect=regex, faulty=faulty, twin=twin), encoding="utf-8")
            sound = Path(folder) / "sound.cpp"
            sound.write_text("namespace fusegrad {}\nint v;\n", encoding="utf-8")
            beside = Path(folder) / "beside.cpp"
            beside.write_text("int w;\n", encoding="utf-8")
            found = "\n".join([*expect_message.faults(case, [sys.argv[1]]), *twins.faults([sound, beside, case], [sys.argv[1]], Path(folder))])
        if (expected not in found) or (not expected and found):
            wrong.append(f"expected '{expected}', found '{found}'")
    print("\n".join(wrong) or f"{len(CASES)} cases are judged rightly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
