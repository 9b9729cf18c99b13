#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that alone.py can fail: a header that leaves out an include must be found, in a module and by itself.

usage: alone_refuses.py CLANG [FLAG...]
"""
import re
import sys
import tempfile
from pathlib import Path

import alone

SIZE = "#pragma once\n#include <cstddef>\nnamespace house { using size = std::size_t; }\n"
SOUND = {
    "a/list.hpp": "#pragma once\n#include <a/size.hpp>\n#include <vector>\nnamespace house { using list = std::vector<size>; }\n",
    "a/size.hpp": SIZE,
    "a/text.hpp": "#pragma once\n#include <string>\n",
    "b/all.hpp": "#pragma once\n#include <a/list.hpp>\n#include <a/size.hpp>\n#include <b/sum.hpp>\n",
    "b/sum.hpp": "#pragma once\n#include <a/list.hpp>\nnamespace house { inline size count(const list& x) { return x.size(); } }\n",
}
# One unit with all of them would compile, but for the warning.
WRONG = {
    "a/uses_a_sibling.hpp": "#pragma once\nnamespace house { using same = size; }\n",
    "b/uses_a_sibling.hpp": "#pragma once\n#include <a/size.hpp>\nnamespace house { using lists = list*; }\n",
    "b/uses_vector.hpp": "#pragma once\n#include <a/size.hpp>\nnamespace house { using numbers = std::vector<int>; }\n",
    "b/uses_string.hpp": "#pragma once\n#include <cstddef>\nnamespace house { inline std::string text; }\n",
    "b/warns.hpp": "#pragma once\nnamespace house { inline int whole(long x) { return x; } }\n",
}


def found_in(files: dict[str, str], apart: set[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_text(content, encoding="utf-8")
        return alone.faults(Path(folder), [*sys.argv[1:], "-Werror", "-Wconversion"], apart)


def main() -> int:
    wrong = []
    if found := found_in(SOUND, set()) + found_in(SOUND, {"b/sum.hpp"}):
        wrong.append(f"a sound house is refused: {found}")
    for apart in (set(), set(WRONG)):
        told = "\n".join(found_in(SOUND | WRONG, apart))
        found = {name for name in SOUND | WRONG if re.search(rf"/{name}:\d+:\d+: error: ", told)}
        wrong += [f"{name} is let through ({'by itself' if apart else 'in a module'})" for name in sorted(set(WRONG) - found)]
        wrong += [f"{name} is refused among wrong ones: {told}" for name in sorted(found & set(SOUND))]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
