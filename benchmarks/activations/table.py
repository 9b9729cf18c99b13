#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The cost of each activation as a table: the least of some repetitions that stand in random order.

usage: table.py PROGRAM [REPETITIONS]
"""
import json
import subprocess
import sys


def costs(program: str, repetitions: int) -> dict[str, dict[str, float]]:
    command = [program, f"--benchmark_repetitions={repetitions}", "--benchmark_enable_random_interleaving=true",
               "--benchmark_min_time=0.02", "--benchmark_format=json"]
    found: dict[str, dict[str, float]] = {}
    runs = json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)["benchmarks"]
    for run in sorted(runs, key=lambda r: r["family_index"]):
        if run["run_type"] != "iteration":
            continue
        name, direction = run["run_name"].rsplit("/", 1)
        passes = found.setdefault(name, {})
        passes[direction] = min(passes.get(direction, float("inf")), 1e9 * run["s/1000"])
    return found


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    print("| activation | forward | backward |\n|-|-|-|")
    for name, passes in costs(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 20).items():
        print(f"| `{name}` | {passes['forward']:.0f} | {passes['backward']:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
