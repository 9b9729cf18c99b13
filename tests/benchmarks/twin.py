# SPDX-License-Identifier: MIT
"""A peer that answers with the reference's numbers. usage: twin.py REFERENCE [--wrong CASE] [--dies] [--needs-no VARIABLE] --threads N

With --wrong, one number of that case's gradients is off by a thousandth of the largest; with --dies, the process ends when it is to time."""
import os
import subprocess
import sys
from array import array
from pathlib import Path


def change(file: Path, wrong: bool):
    numbers = array("f")
    numbers.frombytes(file.read_bytes())
    numbers = numbers[: 1 + (len(numbers) - 1) // 2]  # behind the gradients the reference writes what it forgives
    if wrong:
        numbers[1] += 1e-3 * max(map(abs, numbers))
    file.write_bytes(numbers.tobytes())


if "--needs-no" in sys.argv and sys.argv[sys.argv.index("--needs-no") + 1] in os.environ:
    sys.exit("that variable must not reach a worker")
reference = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
reference.stdout.readline()
wrong_case = sys.argv[sys.argv.index("--wrong") + 1] if "--wrong" in sys.argv else None
print("system twin 1", flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "time" and "--dies" in sys.argv:
        print("/a/long/path/twin: out of luck", file=sys.stderr, flush=True)
        os.abort()
    if words[0] == "time":
        answer = "ok 1.5 11" if words[1] == "A" else "skip it times A alone"
    else:
        reference.stdin.write(line)
        reference.stdin.flush()
        answer = reference.stdout.readline().strip()
        if words[0] == "gradient":
            change(Path(words[3]), words[1] == wrong_case)
    print(answer, flush=True)
