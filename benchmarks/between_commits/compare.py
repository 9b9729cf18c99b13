#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a training step takes with the sources as they stand, beside those of an older commit.

Both are libraries in this one process, and take turns of some hundred microseconds: what slows the machine slows both,
and the median over the ratios of neighbouring turns hardly feels it. A third library, a copy of the old one, tells how
much is noise. On a busy machine the ratio of the smallest tells more.

usage: compare.py COMMIT [--rounds N] [--threads N] [--only TEXT] [--compiler CXX]
"""
import argparse
import ctypes
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["-std=c++20", "-O3", "-DNDEBUG", "-march=native", "-fopenmp", "-fPIC", "-shared", "-fvisibility=hidden"]
ROOM = {"g++": ["-fno-gnu-unique", "-fconstexpr-ops-limit=1000000000"], "clang++": ["-fconstexpr-steps=500000000"]}
# In the order of steps.cpp; and how many steps make a turn.
CASES = {
    "2-16-16-1, 1 sample": 2000,
    "the same, gradient clipped to a norm": 500,
    "the same, Adam": 500,
    "2-16-16-3, classes, 1 sample": 1000,
    "64-64-64-64-1, 256 samples": 4,
    "784-128-10, 64 samples": 4,
    "784-512-512-10, 128 samples": 1,
    "20 layers of 64, 128 samples": 1,
}


def build(include: pathlib.Path, library: pathlib.Path, compiler: str) -> None:
    family = "clang++" if "clang" in compiler else "g++"
    source = pathlib.Path(__file__).with_name("steps.cpp")
    subprocess.run([compiler, *FLAGS, *ROOM[family], "-I", str(include), str(source), "-o", str(library)], check=True)


def load(library: pathlib.Path):
    # Each finds its own functions first: names are the same in both.
    step = ctypes.CDLL(str(library), mode=os.RTLD_NOW | os.RTLD_LOCAL | os.RTLD_DEEPBIND).nanoseconds_of_a_step
    step.restype, step.argtypes = ctypes.c_double, [ctypes.c_int, ctypes.c_int, ctypes.c_size_t]
    return step


def turns(libraries, case: int, threads: int, steps: int, rounds: int) -> list[list[float]]:
    times: list[list[float]] = [[] for _ in libraries]
    for library in libraries:
        library(case, threads, steps)
    for number in range(rounds):
        order = list(enumerate(libraries))
        for i, library in order if number % 2 else reversed(order):
            times[i].append(library(case, threads, steps))
    if any(time != time for of in times for time in of):
        sys.exit("a loss was not finite: nothing was measured")
    return times


def percent(of: list[float], beside: list[float]) -> str:
    low, middle, high = statistics.quantiles([a / b for a, b in zip(of, beside)], n=4)
    return f"{100 * (middle - 1):+.1f} % ({100 * (low - 1):+.1f} to {100 * (high - 1):+.1f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit")
    parser.add_argument("--rounds", type=int, default=1500)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default="", help="steps whose name contains this")
    parser.add_argument("--compiler", default="g++")
    asked = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-asked.threads:])
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        command = ["git", "-C", str(ROOT), "archive", asked.commit, "include"]
        archive = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", folder], check=True, input=archive)
        build(place / "include", place / "old.so", asked.compiler)
        build(ROOT / "include", place / "new.so", asked.compiler)
        shutil.copy(place / "old.so", place / "again.so")
        libraries = [load(place / name) for name in ("old.so", "new.so", "again.so")]
        print(f"| step | {asked.commit}: smallest, median | as it stands | ratio of smallest, noise | median of ratios (quartiles) | noise |")
        print("|-|-|-|-|-|-|")
        for case, (name, steps) in enumerate(CASES.items()):
            if asked.only not in name:
                continue
            old, new, again = turns(libraries, case, asked.threads, steps, asked.rounds)
            columns = [f"{min(t):.1f}, {statistics.median(t):.1f} ns" for t in (old, new)]
            columns.append(f"{min(new) / min(old):.3f}, {min(again) / min(old):.3f}")
            print(f"| {name} | {' | '.join(columns)} | {percent(new, old)} | {percent(again, old)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
