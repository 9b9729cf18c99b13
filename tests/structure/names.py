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
STRICT = ("-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never")
AMBIGUOUS = re.compile(r"(?:reference to|a type named) .(?:both::)?(\w+). is (?:ambiguous|hidden by)")
TOLD = re.compile(r"<!-- names beside std -->(.*?)<!-- end of names beside std -->", re.S)


def run(compiler: list[str], source: str, *flags: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "names.cpp"
        file.write_text(source, encoding="utf-8")
        completed = [flag.replace("FILE", str(file)) for flag in flags]
        result = subprocess.run([*compiler, *STRICT, *completed, str(file)], text=True, capture_output=True)
        return result.stdout + result.stderr


def precompile(clang: list[str], folder: str) -> list[str]:
    """Clang, which is asked several times, with the headers read once for all."""
    header = Path(folder) / "headers.hpp"
    header.write_text(HEADERS, encoding="utf-8")
    subprocess.run([*clang, "-std=c++20", "-fpch-instantiate-templates", "-x", "c++-header", str(header), "-o", f"{header}.pch"], check=True)
    return [*clang, "-include-pch", f"{header}.pch"]


def public_names(clang: list[str]) -> list[str]:
    found = run(clang, "auto x = fusegrad::\n", "-Xclang", "-code-completion-at=FILE:1:20")
    return sorted(set(re.findall(r"^COMPLETION: (\w+) : ", found, re.M)) - {"operator"})


def namespaces(clang: list[str], names: list[str]) -> set[str]:
    """Those of the names that can be the scope of another: a directive takes nothing but a namespace."""
    source = "".join(f"namespace of_{name} {{ using namespace fusegrad::{name}; }}\n" for name in names)
    refused = {int(line) for line in re.findall(r"names\.cpp:(\d+):\d+: error: ", run(clang, source, "-ferror-limit=0"))}
    return {name for line, name in enumerate(names, 1) if line not in refused}


def ambiguous(compiler: list[str], names: list[str], inner: set[str]) -> set[str]:
    is_clang = "clang" in Path(compiler[0]).name
    uses = "".join(f"namespace name_{name} {{ using both::{name}; }}\n" for name in names if name not in inner)
    # Before :: only namespaces and types count. For the name of a namespace alone g++ looks at functions, too.
    uses += "".join(f"namespace of_{name} = both::{name};\n" for name in inner if is_clang)
    headers = "" if "-include-pch" in compiler else HEADERS
    found = run(compiler, headers + BOTH + uses, "-ferror-limit=0" if is_clang else "-fmax-errors=0")
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
    commands = [[compiler, *flags] for compiler in compilers]
    with tempfile.TemporaryDirectory() as folder:
        clang = commands[0] = precompile(commands[0], folder)
        names = public_names(clang)
        inner = namespaces(clang, names)
        clashes = [ambiguous(command, names, inner) for command in commands]
    known = {"dense", "trainer", "relu", "model", "sgd"} <= set(names) - inner and {"data", "math"} <= inner
    faults = [] if known else [f"{compilers[0]} lists {len(names)} names, and not the best-known ones"]
    told = TOLD.search((root / "docs/guide.md").read_text(encoding="utf-8"))
    expected = set(re.findall(r"`(\w+)`", told[1])) if told else set()
    for compiler, found in zip(compilers, clashes):
        if found != expected:
            faults.append(f"{compiler}: ambiguous beside std are {sorted(found)}, docs/guide.md tells {sorted(expected)}")
    print("\n".join(faults) or f"of {len(names)} names {len(expected)} are ambiguous beside std, as docs/guide.md tells")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
