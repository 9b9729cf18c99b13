#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Values and gradients of functions of run-time length: ours, the same written by hand in C++, and PyTorch and JAX where this Python has them.
One thread, float64; all systems take turns, and the least processor time of all rounds counts.

usage: compare.py PROGRAM [--rounds N] [--seconds S] [--only KIND,...] [--without PEER,...]

PROGRAM is benchmark_functions:
  cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DFUSEGRAD_BENCHMARKS=ON -DFUSEGRAD_TESTS=OFF
  cmake --build build/bench --target benchmark_functions
  build/venv/bin/python benchmarks/functions/compare.py build/bench/benchmarks/functions/benchmark_functions
"""
import argparse
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def ours(program: str, seconds: float, only: str) -> dict[str, dict[str, float]]:
    pattern = f"^({'|'.join(only.split(','))}) .*/threads:1/" if only else "/threads:1/"
    command = [program, f"--benchmark_filter={pattern}", f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    found: dict[str, dict[str, float]] = {}
    for run in json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)["benchmarks"]:
        case, what = run["name"].split("/")[:2]
        found.setdefault(case, {})[what] = run["cpu_time"]
    return found


def peer(name: str, seconds: float, only: str) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-B", str(HERE / f"{name}_worker.py"), "--seconds", str(seconds), "--only", only]
    return json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)


def least(rounds: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {case: {what: min(r[case][what] for r in rounds) for what in rounds[0][case]} for case in rounds[0]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="for each case and system in each round")
    parser.add_argument("--only", default="", help="lse, llsq, kmeans, gmm, ba, regression, volatility, ode")
    parser.add_argument("--without", default="")
    asked = parser.parse_args()
    peers = [name for name, module in (("jax", "jax"), ("pytorch", "torch")) if importlib.util.find_spec(module) and name not in asked.without.split(",")]
    rounds: dict[str, list] = {}
    for _ in range(asked.rounds):
        rounds.setdefault("ours", []).append(ours(asked.program, asked.seconds, asked.only))
        for name in peers:
            rounds.setdefault(name, []).append(peer(name, asked.seconds, asked.only))
    for case in set.intersection(*(set(rounds[name][0]) for name in peers)) if len(peers) == 2 else ():
        first, second = (rounds[name][0][case]["result"] for name in peers)
        if abs(first - second) > 1e-8 * (1 + abs(first)):
            print(f"{case}: {peers[0]} finds {first}, {peers[1]} {second}", file=sys.stderr)
            return 1
    mine, others = least(rounds["ours"]), {name: least(rounds[name]) for name in peers}
    print(f"| case | value, µs | gradient, µs | gradient / value | gradient by hand / ours | {' | '.join(f'{name} / ours' for name in peers)} |")
    print("|-|-|-|-|-|" + "-|" * len(peers))
    for case, found in mine.items():
        times = [f"{others[name][case]['gradient'] / found['gradient']:.1f}" if case in others[name] else "" for name in peers]
        print(f"| {case} | {found['value']:.1f} | {found['gradient']:.1f} | {found['gradient'] / found['value']:.2f} | "
              f"{found['hand gradient'] / found['gradient']:.2f} | {' | '.join(times)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
