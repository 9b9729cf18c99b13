#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that alone.py can fail: a header or a source that leaves out an include must be found, in a module and by itself.

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
    # Two sources may have the same name for what is theirs.
    "sources/c/first.cpp": '#include "own.hpp"\n#include <a/list.hpp>\nnamespace house { namespace { own mine(const list&) { return {}; } } own first() { return mine({}); } }\n',
    "sources/c/own.hpp": "#pragma once\nnamespace house { struct own {}; }\n",
    "sources/c/second.cpp": '#include "own.hpp"\nnamespace house { namespace { own mine(long x) { return int(x) > 1 ? own{} : own{}; } } own second() { return mine(2); } }\n',
    "b/sum.hpp": "#pragma once\n#include <a/list.hpp>\nnamespace house { inline size count(const list& x) { return x.size(); } }\n",
}
# One unit with all of them would compile, but for the warning.
WRONG = {
    "a/uses_a_sibling.hpp": "#pragma once\nnamespace house { using same = size; }\n",
    "b/uses_a_sibling.hpp": "#pragma once\n#include <a/size.hpp>\nnamespace house { using lists = list*; }\n",
    "b/uses_vector.hpp": "#pragma once\n#include <a/size.hpp>\nnamespace house { using numbers = std::vector<int>; }\n",
    "b/uses_string.hpp": "#pragma once\n#include <cstddef>\nnamespace house { inline std::string text; }\n",
    "sources/c/uses_a_header.cpp": "namespace house { own third() { return {}; } }\n",
    "sources/c/uses_list.cpp": "#include <a/size.hpp>\nnamespace house { size fourth(const list& x) { return x.size(); } }\n",
    "sources/c/uses_another_source.cpp": '#include "own.hpp"\nnamespace house { own fifth() { return mine(3); } }\n',
    "b/warns.hpp": "#pragma once\nnamespace house { inline int whole(long x) { return x; } }\n",
}


COMPILER = [*sys.argv[1:], "-Werror", "-Wconversion"]


def found_in_module(folder: Path) -> str:
    return "\n".join(alone.faults(folder / "include", folder / "sources", COMPILER))


def found_by_themselves(folder: Path) -> str:
    """As where a standard library does not fit into a module."""
    compiler = alone.with_flags(COMPILER, folder / "include")
    files = sorted((folder / "include").rglob("*.hpp")) + alone.copied(folder / "sources", folder / "copied")
    return "\n".join(told for file in files if (told := alone.alone(compiler, file)))


def told_of(files: dict[str, str], find) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        for name, content in files.items():
            file = folder / name if name.startswith("sources/") else folder / "include" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
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
