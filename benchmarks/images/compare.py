#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Training steps of convolutional nets, and inference of one sample, beside PyTorch.

Both first take three steps from the same weights, and their losses must agree to 1e-4: so gradients are compared before anything is timed.
All take turns on the same processors; smallest and median over the rounds, and the ratio of the smallest.

usage: compare.py PROGRAM [--rounds N] [--seconds S] [--threads LIST] [--how LIST]

PROGRAM is benchmark_images:
  cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DFUSEGRAD_BENCHMARKS=ON -DFUSEGRAD_TESTS=OFF
  cmake --build build/bench --target benchmark_images
  build/venv/bin/python benchmarks/images/compare.py build/bench/benchmarks/images/benchmark_images
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "report"))
import environment  # noqa: E402
from workers import cpus  # noqa: E402


def run(command: list[str], threads: int) -> str:
    pinned = ["taskset", "-c", ",".join(map(str, cpus(threads)))]
    return subprocess.run([*pinned, *command], check=True, text=True, stdout=subprocess.PIPE, env=environment.of_worker(threads)).stdout


def ours(program: str, threads: int, seconds: float) -> dict[str, float]:
    flags = [f"--benchmark_filter=/threads:{threads}(/|$)", f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    found = json.loads(run([program, *flags], threads))["benchmarks"]
    return {each["name"].split("/threads")[0]: each["real_time"] / 1000 for each in found}


def torch(how: str, threads: int, seconds: float) -> dict[str, float]:
    return json.loads(run([sys.executable, "-B", str(HERE / "pytorch_worker.py"), "--threads", str(threads), "--seconds", str(seconds), "--how", how], threads))


def check(program: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = run([program, "--check", folder], 1), run([sys.executable, "-B", str(HERE / "pytorch_worker.py"), "--check", folder], 1)
    for a, b in zip(mine.splitlines(), theirs.splitlines(), strict=True):
        (name, *x), (other, *y) = a.split(), b.split()
        worst = max(abs(float(p) - float(q)) / abs(float(q)) for p, q in zip(x, y, strict=True))
        if name != other or worst > 1e-4:
            sys.exit(f"{name}: losses {x}, PyTorch {y}")
        print(f"{name}: losses of three steps agree to {worst:.1e}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="for each net and system in each round")
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2])
    parser.add_argument("--how", type=lambda text: text.split(","), default=["eager", "channels_last", "compile"])
    asked = parser.parse_args()
    check(asked.program)
    for threads in asked.threads:
        rounds: dict[str, list[dict[str, float]]] = {}
        for _ in range(asked.rounds):
            rounds.setdefault("fusegrad", []).append(ours(asked.program, threads, asked.seconds))
            for how in asked.how:
                rounds.setdefault(how, []).append(torch(how, threads, asked.seconds))
        print(f"\n{threads} thread{'s' if threads > 1 else ''}\n\n| net | fusegrad, µs: smallest, median | {' | '.join(asked.how)} |\n|-|-|{'-|' * len(asked.how)}")
        for name in rounds["fusegrad"][0]:
            mine = [r[name] for r in rounds["fusegrad"]]
            ratios = " | ".join(f"{min(r[name] for r in rounds[how]) / min(mine):.2f}" for how in asked.how)
            print(f"| {name} | {min(mine):.1f}, {statistics.median(mine):.1f} | {ratios} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
