#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program and compares what it prints with what its source says it prints.

Each comment `// prints: loss 0.25 +- 0.01, accuracy 1.00` is a line of the output, in this order; other lines may stand between them.
A number with a tolerance behind it is compared as a number, everything else as text, with any amount of white space.

usage: expected_output.py SOURCE PROGRAM [ARGUMENT...]
"""
import re
import subprocess
import sys
from pathlib import Path

PRINTS = re.compile(r"// prints: (.+)$", re.M)
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
NEAR = re.compile(rf"({NUMBER}) \+- ({NUMBER})")


def pattern(expected: str) -> tuple[re.Pattern, list[tuple[float, float]]]:
    """A regular expression in which each number with a tolerance is a group, and those numbers with their tolerances."""
    near = [(float(number), float(tolerance)) for number, tolerance in NEAR.findall(expected)]
    texts = [r"\s+".join(re.escape(word) for word in re.split(r"\s+", text)) for text in NEAR.split(expected)[::3]]
    return re.compile(rf"\s*{f'({NUMBER})'.join(texts)}\s*"), near


def is_as_expected(expected: str, line: str) -> bool:
    form, near = pattern(expected)
    found = form.fullmatch(line)
    return bool(found) and all(abs(float(text) - number) <= tolerance for text, (number, tolerance) in zip(found.groups(), near))


def faults(source: str, output: str) -> list[str]:
    """The expected lines that the output does not have, in order."""
    expected = PRINTS.findall(source)
    if not expected:
        return ["the source says nothing about what it computes: // prints: ..."]
    lines = iter(output.splitlines())
    for line in expected:
        if not any(is_as_expected(line, found) for found in lines):
            return [f"not printed, or not in this place: {line}", "the program printed:", output]
    return []


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    result = subprocess.run(sys.argv[2:], text=True, stdout=subprocess.PIPE)
    found = faults(Path(sys.argv[1]).read_text(encoding="utf-8"), result.stdout)
    if result.returncode != 0:
        found.append(f"the program ended with {result.returncode}")
    print("\n".join(found) or result.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
