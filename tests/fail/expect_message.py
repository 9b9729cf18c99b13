#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles a case twice: the sound twin, which must compile, and the faulty one, which must be refused in words.

README.md, beside this file, says what a case looks like.

usage: expect_message.py CASE COMPILER [FLAG...]
"""
import re
import subprocess
import sys
from pathlib import Path

FIRST_LINES = 12
EXPECT = re.compile(r"^// expect: (.+)$", re.M)


def compile_case(case: Path, compiler: list[str], *extra: str) -> subprocess.CompletedProcess:
    command = [*compiler, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", *extra, str(case)]
    return subprocess.run(command, text=True, capture_output=True)


def first_lines(output: str) -> str:
    """What a person sees first: the lines that hold text, without the source lines and carets between them."""
    marks = re.compile(r"^\s*\d*\s*\|")
    shown = [line for line in output.splitlines() if line.strip() and not marks.match(line)]
    return "\n".join(shown[:FIRST_LINES])


def faults(case: Path, compiler: list[str]) -> list[str]:
    expected = EXPECT.findall(case.read_text(encoding="utf-8"))
    if not expected:
        return [f"{case}: no line '// expect: <regular expression>'"]

    twin = compile_case(case, compiler)
    if twin.returncode != 0:
        return [f"{case}: the twin does not compile\n{twin.stderr}"]

    faulty = compile_case(case, compiler, "-DFUSEGRAD_FAIL")
    if faulty.returncode == 0:
        return [f"{case}: compiles, although it must be refused"]

    seen = first_lines(faulty.stderr)
    found = [f"{case}: not in the first {FIRST_LINES} lines: {regex}" for regex in expected if not re.search(regex, seen)]
    if "error: " not in seen:
        found.append(f"{case}: no error in the first {FIRST_LINES} lines")
    return [*found, "the first lines were:", seen] if found else []


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    found = faults(Path(sys.argv[1]), sys.argv[2:])
    print("\n".join(found) or "refused in words; the twin compiles")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
