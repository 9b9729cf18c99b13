#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a program in environments that change what a runtime of OpenMP does, and fails unless it succeeds and prints the same in all of them.

usage: environments.py PROGRAM
"""
import os
import subprocess
import sys

ENVIRONMENTS = [
    {},
    {"OMP_SCHEDULE": "static,7"},
    {"OMP_SCHEDULE": "dynamic,1", "OMP_DYNAMIC": "true"},
    {"OMP_NUM_THREADS": "8", "OMP_WAIT_POLICY": "passive"},
    {"OMP_NUM_THREADS": "1", "OMP_STACKSIZE": "256k"},
    {"OMP_THREAD_LIMIT": "2"},
    {"OMP_NUM_THREADS": "3", "OMP_MAX_ACTIVE_LEVELS": "2", "OMP_PROC_BIND": "true"},
]


def described(environment: dict[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in environment.items()) or "as it comes"


def run(program: str, environment: dict[str, str], core: int | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_", "KMP_"))}
    one_core = (lambda: os.sched_setaffinity(0, {core})) if core is not None else None
    made = subprocess.run([program], env=clean | environment, text=True, capture_output=True, preexec_fn=one_core)
    if made.returncode != 0:
        sys.exit(f"{described(environment)}: {made.stdout}{made.stderr}")
    return made.stdout


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    program = sys.argv[1]
    found = {described(environment): run(program, environment) for environment in ENVIRONMENTS}
    if hasattr(os, "sched_setaffinity"):
        found["on one core"] = run(program, {}, core=min(os.sched_getaffinity(0)))
    expected = next(iter(found.values()))
    different = [environment for environment, printed in found.items() if printed != expected]
    print("\n".join(f"{environment}: {found[environment]}" for environment in different) or f"{len(found)} environments: {expected.strip()}")
    return 1 if different or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
