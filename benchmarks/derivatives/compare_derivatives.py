#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Losses of a net's derivatives with all their weight gradients, beside PyTorch and JAX.

All first compute loss and gradients from the same weights, and these must agree: 1e-9 of the largest in double, 1e-3 in float. What computes something
else is left out by name, and is a failure of the run, too. Then all take turns on the same processors; smallest and median over the rounds, and how many
times as long the smallest of the others takes.

usage: compare_derivatives.py PROGRAM [--rounds N] [--seconds S] [--threads LIST] [--how LIST] [--cases LIST]

LIST of systems, all where nothing is said; none: this library alone. jax_worker.py and pytorch_worker.py tell what each does:
  jax_nested, jax_jvp, jax_jet, jax_stacked, torch_eager, torch_func, torch_compile

PROGRAM is benchmark_derivatives. `scripts/bench --derivatives` installs and builds all that is needed, and calls this.
"""
import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "images"))  # behind this folder, which has nets of its own
sys.path.insert(1, str(HERE.parent / "report"))
from compare import Failed, numbers, ours, run, table, timed, versions  # noqa: E402
from nets import CASES  # noqa: E402
from machine import cpu_facts  # noqa: E402
from workers import note  # noqa: E402

SYSTEMS = ("jax_nested", "jax_jvp", "jax_jet", "jax_stacked", "torch_eager", "torch_func", "torch_compile")


def command_of(system: str, cache: str, cases: str) -> list[str]:
    name, how = system.split("_")
    worker = "pytorch" if name == "torch" else name
    return [sys.executable, "-B", str(HERE / f"{worker}_worker.py"), "--how", how, "--cases", cases, *(["--cache", cache] if name == "jax" else [])]


def by_case(printed: str) -> dict[str, list[list[float]]]:
    """Of each case the rows, in their order: parameters have other names elsewhere."""
    found: dict[str, list[list[float]]] = {}
    for name, row in numbers(printed):
        found.setdefault(name.split(":")[0], []).append(row)
    return found


def difference(mine: list[list[float]], theirs: list[list[float]]) -> float:
    """Of the largest number of each row, but of what should be zero."""
    if [len(row) for row in mine] != [len(row) for row in theirs]:
        return float("inf")
    scale = max(abs(n) for row in mine for n in row)
    off = max(max(abs(a - b) for a, b in zip(m, t)) / max(max(map(abs, m)), 1e-6 * scale) for m, t in zip(mine, theirs))
    return off if off == off else float("inf")


def agreeing(systems: dict[str, list[str]], program: str, threads: int) -> tuple[dict[str, set[str]], bool]:
    """What each of the systems computes as we do, and whether one computed something else."""
    checked, disagrees = {}, False
    with tempfile.TemporaryDirectory() as folder:
        mine = by_case(run([program, "--check", folder], threads)[0])
        for system, command in systems.items():
            try:
                theirs = by_case(run([*command, "--threads", str(threads), "--check", folder], threads)[0])
            except Failed as reason:
                note(f"{system} is left out: {reason}")
                continue
            off = {name: difference(mine[name], rows) for name, rows in theirs.items()}
            wrong = {name: d for name, d in off.items() if d > (1e-3 if name.endswith("_f32") else 1e-9)}
            if wrong:
                note(f"{system} is left out: it computes something else: {', '.join(f'{n} differs by {d:.1e}' for n, d in wrong.items())}")
                disagrees = True
                continue
            checked[system] = set(theirs)
            wide, narrow = (max((d for name, d in off.items() if name.endswith("_f32") == f), default=0) for f in (False, True))
            note(f"{system}: losses and gradients agree to {wide:.1e} in double, {narrow:.1e} in float")
    return checked, disagrees


def compare(asked, threads: int, systems: dict[str, list[str]]) -> bool:
    """Whether nobody computed something else."""
    checked, disagrees = agreeing(systems, asked.program, threads)
    mine: list[dict[str, float]] = []
    others: dict[str, list[dict[str, float]]] = {system: [] for system in checked}
    for _ in range(asked.rounds):
        mine.append(ours(asked.program, threads, asked.seconds, asked.cases))
        for system in list(others):
            try:
                others[system].append(timed(system, systems[system], threads, asked.seconds, checked[system], False))
            except Failed as reason:
                note(f"{system} is left out: {reason}")
                del others[system]
    table(threads, mine, others)
    return not disagrees


def systems_of(text: str) -> list[str]:
    asked = [] if text == "none" else text.split(",")
    if unknown := [system for system in asked if system not in SYSTEMS]:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {', '.join(SYSTEMS)}")
    return asked


def cases_of(text: str) -> list[str]:
    if unknown := [name for name in text.split(",") if name not in CASES]:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {', '.join(CASES)}")
    return text.split(",")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="for each case and system in each round")
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2])
    parser.add_argument("--how", type=systems_of, default=list(SYSTEMS), help="systems, commas between them")
    parser.add_argument("--cases", type=cases_of, default=list(CASES), help="commas between them")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        systems = {system: command_of(system, cache, ",".join(asked.cases)) for system in asked.how}
        found = versions({system.split("_")[0]: [] for system in asked.how})
        print(cpu_facts().get("model name", "a processor without a name") + found, flush=True)
        # Not all(...) of a generator: whatever happens with one thread, two are compared.
        return 0 if all([compare(asked, threads, systems) for threads in asked.threads]) else 1


if __name__ == "__main__":
    sys.exit(main())
