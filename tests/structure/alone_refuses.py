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


COMPILER = [*sys.argv[1:], "-Werror", "-Wconversion"]


def found_in_module(folder: Path) -> str:
    return "\n".join(alone.faults(folder, COMPILER))


def found_by_themselves(folder: Path) -> str:
    """As where a standard library does not fit into a module."""
    compiler = alone.with_flags(COMPILER, folder)
    return "\n".join(told for header in sorted(folder.rglob("*.hpp")) if (told := alone.alone(compiler, header)))


def told_of(files: dict[str, str], find) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for header, content in files.items():
            (folder / header).parent.mkdir(parents=True, exist_ok=True)
            (folder / header).write_text(content, encoding="utf-8")
        return find(folder)


def main() -> int:
    wrong = []
    for find in (found_in_module, found_by_themselves):
        if told := told_of(SOUND, find):
            wrong.append(f"a sound house is refused: {told}")
        told = told_of(SOUND | WRONG, find)
        refused = {name for name in SOUND | WRONG if re.search(rf"/{name}:\d+:\d+: error: ", told)}
        wrong += [f"{name} is let through ({find.__name__})" for name in sorted(set(WRONG) - refused)]
        wrong += [f"{name} is refused among wrong ones: {told}" for name in sorted(refused & set(SOUND))]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
