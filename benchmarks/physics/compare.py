#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long Burgers' equation takes to an error that is asked for, from the same points and initial weights, beside PyTorch and JAX where this Python has
them. A net of 2-20x8-1 with tanh in double; 2,540 points inside, 80 at the walls, 160 at the start; Adam, then rounds of L-BFGS with 100 pairs, between
which the points inside move to where the equation is far from zero. Systems take turns, on the same processors; the smallest time of the rounds counts.
Time for looking at the error (each 100 evaluations) and for compiling is not in it; the second is told beside it.

usage: compare.py PROGRAM [--turns N] [--threads LIST] [--how LIST] [--until ERROR] [--at-most SECONDS]

PROGRAM is the example burgers: scripts/bench --physics builds it and calls this.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "report"))
import environment  # noqa: E402
from machine import cpu_facts  # noqa: E402
from workers import cpus  # noqa: E402

PYTORCH = {"pytorch": "autograd", "pytorch_taylor": "taylor", "pytorch_compile": "compiled"}
JAX = {"jax": "scipy", "jax_optax": "optax"}
SYSTEMS = [*PYTORCH, *JAX]
NOTED = re.compile(r"^ *(\d+) evaluations +([\d.]+) s .*error (\S+)$", re.M)


def note(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def run(command: list[str], threads: int) -> str:
    pinned = ["taskset", "-c", ",".join(map(str, cpus(threads)))]
    done = subprocess.run([*pinned, *command], text=True, capture_output=True, env=environment.of_worker(threads))
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"it ended with status {done.returncode}")
    return done.stdout


def ours(asked, threads: int, folder: str) -> dict[str, float]:
    """Writes the problem for the others, too."""
    printed = run([asked.program, "--threads", str(threads), "--until", str(asked.until), "--output", folder, "--problem", f"{folder}/problem.txt", *recipe(asked)], threads)
    evaluations, seconds, error = NOTED.findall(printed)[-1]
    return {"evaluations": int(evaluations), "seconds": float(seconds), "error": float(error), "compile": 0.0}


def peer(asked, how: str, threads: int, folder: str) -> dict[str, float]:
    worker, way = ("pytorch", PYTORCH[how]) if how in PYTORCH else ("jax", JAX[how])
    return json.loads(run([sys.executable, "-B", str(HERE / f"{worker}_worker.py"), f"{folder}/problem.txt", "--how", way, "--threads", str(threads),
                           "--until", str(asked.until), "--at-most", str(asked.at_most), *recipe(asked)], threads).splitlines()[-1])


def recipe(asked) -> list[str]:
    return ["--adam", str(asked.adam), "--evaluations", str(asked.evaluations), "--rounds", str(asked.rounds)]


def row(name: str, turns: list[dict[str, float]], until: float) -> str:
    best = min(turns, key=lambda turn: (turn["error"] > until, turn["seconds"]))
    reached = "" if best["error"] <= until else ", not reached"
    return (f"| {name} | {best['seconds']:.1f} | {best['evaluations']:,} | {1000 * best['seconds'] / best['evaluations']:.2f} | "
            f"{best['error']:.1e}{reached} | {best['compile']:.1f} |")


def systems_of(text: str) -> list[str]:
    asked = [] if text == "none" else text.split(",")
    if unknown := [how for how in asked if how not in SYSTEMS]:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {', '.join(SYSTEMS)}")
    return asked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2])
    parser.add_argument("--how", type=systems_of, default=SYSTEMS, help="systems, commas between them")
    parser.add_argument("--until", type=float, default=5e-3)
    parser.add_argument("--at-most", type=float, default=600, help="seconds for each peer")
    parser.add_argument("--adam", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    versions = [f"{name} {metadata.version(name)}" for name in ("torch", "jax", "scipy", "optax") if any(True for _ in metadata.distributions(name=name))]
    print(", ".join([cpu_facts().get("model name", "a processor without a name"), *versions]), flush=True)
    for threads in asked.threads:
        found: dict[str, list[dict[str, float]]] = {}
        missing: set[str] = set()
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(asked.turns):
                found.setdefault("fusegrad", []).append(ours(asked, threads, folder))
                for how in asked.how:
                    if how in missing:
                        continue
                    try:
                        found.setdefault(how, []).append(peer(asked, how, threads, folder))
                    except RuntimeError as reason:
                        note(f"{how} is left out: {reason}")
                        missing.add(how)
        print(f"\n{threads} thread{'s' if threads > 1 else ''}\n\n| system | seconds | evaluations | ms each | error | s to compile |\n|-|-|-|-|-|-|")
        for name, turns in found.items():
            if turns:
                print(row(name, turns, asked.until), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
