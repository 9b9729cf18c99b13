#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what the programs of docs/cookbook.md cost the compiler: processor seconds and peak memory of each, at -O2, and the same with the headers of
an older commit for those that compile there. Each is compiled several times, in alternation; the smallest counts, since other work only adds.

usage: benchmarks/compile_cost/cookbook.py [--before COMMIT] [--compiler COMPILER] [--runs N] [--only PART,PART]
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

from compile_cost import ROOT, compile_once


def programs():
    """The heading above each block, and the block."""
    heading, document = "", (ROOT / "docs/cookbook.md").read_text()
    for title, block in re.findall(r"^## ([^\n]*)$|^```cpp\n(.*?)^```", document, re.M | re.S):
        if block:
            yield heading, block
        heading = title or heading


def headers_of(commit, folder) -> pathlib.Path:
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", commit, "include"], capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder / "include"


def measure(command, source, output):
    """Seconds and MB, or None where it does not compile."""
    try:
        return compile_once(command[0], command[1:], source, output)
    except SystemExit:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", help="an older commit, to compare with")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--runs", type=int, default=2, help="compilations of each (default 2)")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[""], help="programs whose heading contains this, or one of several")
    options = parser.parse_args()
    limit = "-fconstexpr-steps=500000000" if "clang" in options.compiler else "-fconstexpr-ops-limit=1000000000"
    flags = [options.compiler, "-std=c++20", "-O2", "-march=native", "-fopenmp", limit]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        includes = [headers_of(options.before, folder)] if options.before else []
        includes.append(ROOT / "include")
        before = f"{options.before}: s | MB | " if options.before else ""
        print(f"| {options.compiler} -O2 | {before}now: s | MB |\n|-|{'-|-|' * len(includes)}")
        for heading, block in programs():
            if not any(part in heading for part in options.only):
                continue
            source, found = folder / "unit.cpp", [None] * len(includes)
            source.write_text(block)
            for run in range(options.runs):
                for i, include in enumerate(includes):
                    if run and found[i] is None:
                        continue
                    cost = measure([*flags, f"-I{include}"], source, folder / "unit.o")
                    found[i] = cost if found[i] is None or cost is None else tuple(map(min, found[i], cost))
            cells = [f"{cost[0]:.1f} | {cost[1]:.0f}" if cost else " | " for cost in found]
            print(f"| {heading} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
