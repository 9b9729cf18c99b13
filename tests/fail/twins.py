#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles the sound twins of the cases, many at once: what a mistake is held against must compile.

Half of what the cases cost would be headers that are read again and templates that are made again; so those that begin
with the same header of ours are one source, each in a namespace of its own, of which an adapted struct is told outside.
A case that has names of the outermost namespace (`namespace fusegrad`) is compiled by itself, and so is each of a source
that does not compile: the one at fault is named.

usage: twins.py SHARE OF FOLDER COMPILER [FLAG...] -- CASE...

SHARE counts from 0; FOLDER is the one of precompiled headers (see ../precompiled.py).
"""
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))
import precompiled

INCLUDE = re.compile(r"^#include .*$", re.M)
ADAPTED = re.compile(r"^BOOST_HANA_ADAPT_STRUCT\((\w+.*)$", re.M)
OUTERMOST = re.compile(r"^namespace fusegrad|^#define|^template <> struct (std|fusegrad)", re.M)


def text_of(case: Path) -> str:
    return case.read_text(encoding="utf-8")


def first_header(case: Path) -> str:
    found = precompiled.INCLUDE.search(text_of(case))
    return found[1] if found else ""


def compile_source(source: str, compiler: list[str], folder: Path) -> subprocess.CompletedProcess:
    header = precompiled.flags(folder, compiler[0], source)
    command = [*compiler, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", *header, "-x", "c++", "-"]
    return subprocess.run(command, input=source, text=True, capture_output=True)


def in_namespace(case: Path) -> str:
    """Line by line as it is written. What adapts a struct is for the outermost namespace, so the case's own ends before and begins again behind it."""
    name = f"twin_{case.stem}"
    text = ADAPTED.sub(rf"}} BOOST_HANA_ADAPT_STRUCT({name}::\1 namespace {name} {{", INCLUDE.sub("", text_of(case)))
    return f'namespace {name} {{\n#line 1 "{case.resolve()}"\n{text}\n}}'


def together(cases: list[Path]) -> str:
    """All includes first: within a namespace, `#pragma once` makes nothing of them."""
    includes = dict.fromkeys(line for case in cases for line in INCLUDE.findall(text_of(case)))
    return "\n".join([*includes, *map(in_namespace, cases), ""])


def faults(cases: list[Path], compiler: list[str], folder: Path) -> list[str]:
    """What is wrong with twins that begin with the same header of ours."""
    alone = [case for case in cases if OUTERMOST.search(text_of(case))]
    others = [case for case in cases if case not in alone]
    if len(others) > 1 and compile_source(together(others), compiler, folder).returncode == 0:
        others = []
    found = []
    for case in alone + others:
        twin = compile_source(text_of(case), compiler, folder)
        if twin.returncode != 0:
            found.append(f"{case}: the twin does not compile\n{twin.stderr}")
    if len(others) > 1 and not found:
        found.append(f"these compile one by one, but not in namespaces of one source: {', '.join(case.stem for case in others)}\n"
                     + compile_source(together(others), compiler, folder).stderr)
    return found


def main() -> int:
    if len(sys.argv) < 7 or "--" not in sys.argv:
        print(__doc__, file=sys.stderr)
        return 2
    share, of, folder, border = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv.index("--")
    cases = sorted(map(Path, sys.argv[border + 1 :]), key=lambda case: (first_header(case), case.name))
    mine = cases[len(cases) * share // of : len(cases) * (share + 1) // of]
    groups = defaultdict(list)
    for case in mine:
        groups[first_header(case)].append(case)
    found = [fault for group in groups.values() for fault in faults(group, sys.argv[4:border], folder)]
    print("\n".join(found) or f"{len(mine)} twins compile")
    return 1 if found or not mine else 0


if __name__ == "__main__":
    sys.exit(main())
