#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What normalisation, dropout and observation add to a training step with Adam, beside PyTorch and JAX where this Python has them.

64-64-64-64-10 with relu and 256 samples, and 784-512-512-10 with 128. All systems take turns, on the same processors; medians over the
rounds, and for what is "over plain" also the extremes.

usage: compare.py PROGRAM [--rounds N] [--seconds S] [--threads LIST]

PROGRAM is benchmark_remedies:
  cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DFUSEGRAD_BENCHMARKS=ON -DFUSEGRAD_TESTS=OFF
  cmake --build build/bench --target benchmark_remedies
  build/venv/bin/python benchmarks/remedies/compare.py build/bench/benchmarks/remedies/benchmark_remedies
"""
import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "report"))
import environment  # noqa: E402
from workers import cpus  # noqa: E402


def pinned(threads: int) -> list[str]:
    return ["taskset", "-c", ",".join(map(str, cpus(threads)))]


def ours(program: str, threads: int, seconds: float) -> dict[str, float]:
    command = [*pinned(threads), program, f"--benchmark_filter=/threads:{threads}/", f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    runs = json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=environment.of_worker(threads)).stdout)["benchmarks"]
    return {run["name"].split("/threads")[0]: run["real_time"] / 1000 for run in runs}


def peer(name: str, threads: int, seconds: float) -> dict[str, float]:
    command = [*pinned(threads), sys.executable, "-B", str(HERE / f"{name}_worker.py"), "--threads", str(threads), "--seconds", str(seconds)]
    return json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=environment.of_worker(threads)).stdout)


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.2, help="for each net and system in each round")
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2])
    asked = parser.parse_args()
    peers = [name for name, module in (("pytorch", "torch"), ("jax", "jax")) if importlib.util.find_spec(module)]
    for threads in asked.threads:
        found: dict[str, list[dict[str, float]]] = {}
        for _ in range(asked.rounds):
            found.setdefault("fusegrad", []).append(ours(asked.program, threads, asked.seconds))
            for name in peers:
                found.setdefault(name, []).append(peer(name, threads, asked.seconds))
        mine, others = medians(found["fusegrad"]), {name: medians(found[name]) for name in peers}
        print(f"{threads} thread{'s' if threads > 1 else ''}\n\n| net | fusegrad, µs | over plain | {' | '.join(peers)} |\n|-|-|-|{'-|' * len(peers)}")
        for name, time in mine.items():
            # Each round has a ratio of its own: what slows a whole round is not in it.
            base = name.removesuffix(", observed") if name.endswith(", observed") else name if name[0].isdigit() else "plain"
            ratios = [r[name] / r[base] for r in found["fusegrad"]]
            over = f"{100 * (statistics.median(ratios) - 1):+.0f} % ({100 * (min(ratios) - 1):+.0f} to {100 * (max(ratios) - 1):+.0f})" if base != name else ""
            times_as_long = " | ".join(f"{others[p][name] / time:.1f}" if name in others[p] else "" for p in peers)
            print(f"| {name} | {time:.0f} | {over} | {times_as_long} |")
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
