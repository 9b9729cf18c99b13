#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks which names of the library are ambiguous beside `using namespace std`: those that docs/guide.md tells, and no others.

The names are what Clang would complete `fusegrad::` with; whether they are ambiguous is asked of each compiler given.

usage: names.py REPOSITORY CLANG [COMPILER...] -- [FLAG...]
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HEADERS = "".join(f"#include <{name}>\n" for name in (
    "fusegrad/fusegrad.hpp", "algorithm", "array", "bit", "chrono", "cmath", "complex", "concepts", "cstdlib", "filesystem", "functional", "future",
    "iostream", "iterator", "map", "memory", "numbers", "numeric", "random", "ranges", "set", "span", "string", "thread", "tuple", "utility", "vector"))
BOTH = "namespace both { using namespace std; using namespace fusegrad; }\n"
AMBIGUOUS = re.compile(r"(?:reference to|a type named) .(?:both::)?(\w+). is (?:ambiguous|hidden by)")
TOLD = re.compile(r"<!-- names beside std -->(.*?)<!-- end of names beside std -->", re.S)


def run(compiler: list[str], source: str, *flags: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.cpp"
        file.write_text(source, encoding="utf-8")
        completed = [flag.replace("FILE", str(file)) for flag in flags]
        result = subprocess.run([*compiler, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", *completed, str(file)], text=True, capture_output=True)
        return result.stdout + result.stderr


def public_names(root: Path, clang: list[str]) -> dict[str, bool]:
    """Each name, and whether it is a namespace: then a header opens it, and Clang offers nothing but the name."""
    found = run(clang, "#include <fusegrad/fusegrad.hpp>\nauto x = fusegrad::\n", "-Xclang", "-code-completion-at=FILE:2:20")
    offered: dict[str, set[str]] = {}
    for name, words in re.findall(r"^COMPLETION: (\w+) : (.*)$", found, re.M):
        offered.setdefault(name, set()).add(words)
    headers = "".join(header.read_text(encoding="utf-8") for header in (root / "include").rglob("*.hpp"))
    opened = set(re.findall(r"^namespace (?:fusegrad::)?(\w+)", headers, re.M))
    return {name: words == {name} and name in opened for name, words in offered.items() if name != "operator"}


def ambiguous(compiler: list[str], names: dict[str, bool]) -> set[str]:
    is_clang = "clang" in Path(compiler[0]).name
    uses = "".join(f"namespace name_{name} {{ using both::{name}; }}\n" for name, is_namespace in names.items() if not is_namespace)
    # Before :: only namespaces and types count. For the name of a namespace alone g++ looks at functions, too.
    uses += "".join(f"namespace of_{name} = both::{name};\n" for name, is_namespace in names.items() if is_namespace and is_clang)
    found = run(compiler, HEADERS + BOTH + uses, "-ferror-limit=0" if is_clang else "-fmax-errors=0")
    errors = re.findall(r"error: (.*)", found)
    others = [error for error in errors if not AMBIGUOUS.search(error)]
    if others:
        raise SystemExit(f"{compiler[0]}: the names cannot be tried out: {others[0]}")
    return {AMBIGUOUS.search(error)[1] for error in errors}


def main() -> int:
    if "--" not in sys.argv or len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    end = sys.argv.index("--")
    root, compilers, flags = Path(sys.argv[1]), sys.argv[2:end], [*sys.argv[end + 1 :], "-I", str(Path(sys.argv[1]) / "include")]
    names = public_names(root, [compilers[0], *flags])
    faults = [] if {"dense", "trainer", "relu", "model", "sgd"} <= set(names) else [f"{compilers[0]} lists {len(names)} names, and not the best-known ones"]
    told = TOLD.search((root / "docs/guide.md").read_text(encoding="utf-8"))
    expected = set(re.findall(r"`(\w+)`", told[1])) if told else set()
    for compiler in compilers:
        found = ambiguous([compiler, *flags], names)
        if found != expected:
            faults.append(f"{compiler}: ambiguous beside std are {sorted(found)}, docs/guide.md tells {sorted(expected)}")
    print("\n".join(faults) or f"of {len(names)} names {len(expected)} are ambiguous beside std, as docs/guide.md tells")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
