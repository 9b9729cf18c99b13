#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles cases, one by one, each with its mistake, which must be refused in words; twins.py compiles them without.

README.md, beside this file, says what a case looks like.

usage: expect_message.py PRECOMPILED COMPILER [FLAG...] -- CASE...

PRECOMPILED is the folder of precompiled headers (see ../precompiled.py).
"""
import itertools
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))
import precompiled

MOST_LINES_BEFORE = 6
DEEPER = Path(__file__).with_name("deeper.txt")  # cases in which g++ prints more, with the reason
LINES_AFTER = 3
QUOTED_SOURCE = re.compile(r"^\s*\d*\s*\|")
PRECOMPILED_HEADER = re.compile(r"^\s*from <command-line>:$")  # stands for nothing that a user's compiler prints
EXPECT = re.compile(r"^// expect: (.+)$", re.M)
FLAGS = re.compile(r"^// flags(?: of (\S+))?: (.+)$", re.M)
# Only the first is judged.
FIRST_ERROR_ONLY = {"g++": "-fmax-errors=1", "clang": "-ferror-limit=1"}
MOST_ERRORS_OF_FLAGS = 2  # the words, and the end of the compilation


def deeper_cases(text: str) -> dict[str, int]:
    """How many lines may stand before the words of the cases that are listed; each must have its reason."""
    lines = [line.split(maxsplit=2) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: int(most) for name, most, _ in lines}


def message(output: str) -> tuple[str, int]:
    """The first error with the lines that belong to it, and how many lines of text stand before it."""
    lines = output.splitlines()
    first = next((number for number, line in enumerate(lines) if "error: " in line), len(lines))
    before = [line for line in lines[:first] if line.strip() and not QUOTED_SOURCE.match(line) and not PRECOMPILED_HEADER.match(line)]
    after = itertools.takewhile(lambda line: "error: " not in line, lines[first + 1 : first + 1 + LINES_AFTER])
    return "\n".join([*lines[first : first + 1], *after]), len(before)


def is_said(expected: list[str], output: str) -> bool:
    seen, _ = message(output)
    return bool(seen) and all(re.search(regex, seen) for regex in expected)


def compile_case(case: Path, compiler: list[str], is_enough, *extra: str) -> tuple[bool, str]:
    """Whether the case is refused, and what the compiler printed until that was enough.

    Most of what a mistake costs would come behind its words: what the headers leave to be made at the end.
    """
    command = [*compiler, "-std=c++20", "-fsyntax-only", "-fdiagnostics-color=never", *extra, str(case)]
    printed = ""
    with subprocess.Popen(command, text=True, stderr=subprocess.PIPE, start_new_session=True) as running:
        for line in running.stderr:
            printed += line
            if is_enough(printed):
                os.killpg(running.pid, signal.SIGTERM)  # the compiler proper is a child of what was started
                return True, printed
    return running.returncode != 0, printed


def too_deep(case: Path, compiler: str, before: int, deeper: dict[str, int]) -> list[str]:
    allowed = deeper.get(case.stem, MOST_LINES_BEFORE)
    if before > allowed:
        return [f"{case}: {before} lines stand before the first error, {allowed} are allowed"]
    if case.stem in deeper and compiler.startswith("g++") and before < allowed:
        return [f"{case}: {before} lines stand before the first error, {DEEPER.name} says {allowed}"]
    return []


def faults(case: Path, compiler: list[str], precompiled_header: list[str] = []) -> list[str]:
    expected = EXPECT.findall(case.read_text(encoding="utf-8"))
    name = Path(compiler[0]).name
    flags = [(whose, flag) for whose, flag in FLAGS.findall(case.read_text(encoding="utf-8")) if not whose or name.startswith(whose)]
    wrong_flags = [word for _, flag in flags for word in flag.split()]
    if not expected:
        return [f"{case}: no line '// expect: <regular expression>'"]

    first_only = [flag for whose, flag in FIRST_ERROR_ONLY.items() if name.startswith(whose) and not flags]
    # A header that was precompiled with other flags is none.
    extra = ["-DFUSEGRAD_FAIL", *first_only, *(wrong_flags or precompiled_header)]
    # With wrong flags all errors are counted, but for those of one compiler.
    stops = all(whose for whose, _ in flags)
    is_refused, printed = compile_case(case, compiler, lambda output: stops and is_said(expected, output), *extra)
    if not is_refused:
        return [f"{case}: compiles, although it must be refused"]

    seen, before = message(printed)
    if any(whose for whose, _ in flags):  # in which header a limit of steps is met, and how deep, is chance
        before = 0
    found = [f"{case}: not in the first error: {regex}" for regex in expected if not re.search(regex, seen)]
    found += too_deep(case, name, before, deeper_cases(DEEPER.read_text(encoding="utf-8")))
    if any(not whose for whose, _ in flags) and printed.count("error: ") > MOST_ERRORS_OF_FLAGS:
        found.append(f"{case}: {printed.count('error: ')} errors, {MOST_ERRORS_OF_FLAGS} are allowed for a wrong flag")
    return [*found, "the compiler printed:", printed] if found else []


def main() -> int:
    if len(sys.argv) < 5 or "--" not in sys.argv[3:-1]:
        print(__doc__, file=sys.stderr)
        return 2
    border = sys.argv.index("--")
    folder, compiler, cases = Path(sys.argv[1]), sys.argv[2:border], list(map(Path, sys.argv[border + 1 :]))
    found = [faults(case, compiler, precompiled.flags(folder, compiler[0], case.read_text(encoding="utf-8"))) for case in cases]
    print("\n".join(itertools.chain(*found)) or f"{len(cases)} cases are refused in words")
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
