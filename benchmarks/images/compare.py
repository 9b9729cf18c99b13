#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Training steps of convolutional nets, and inference of one sample, beside other systems.

All first take three steps from the same weights, and their losses must agree to 1e-4: so gradients are compared before anything is timed. Then
they compute one sample's outputs, which must agree to 1e-4 of the largest: so are the running statistics. A system that is not there, cannot be
imported or run, or computes something else is left out by name, with the reason; something else is a failure of the run, too.
All take turns on the same processors; smallest and median over the rounds, and how many times as long the smallest of the others takes.

usage: compare.py PROGRAM [--rounds N] [--seconds S] [--threads LIST] [--how LIST] [--nets LIST] [--onednn PROGRAM]

LIST of systems, all where nothing is said; none: this library alone:
  eager, channels_last, compile   PyTorch
  jax                             one jit a step (jax_worker.py tells the settings)
  onnxruntime                     inference alone
  onednn                          by hand, keras, lenet and pair (peer_onednn.cpp)

PROGRAM is benchmark_images. `scripts/bench --images` installs and builds all that is needed, and calls this. By hand:
  cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DFUSEGRAD_BENCHMARKS=ON -DFUSEGRAD_TESTS=OFF
  cmake --build build/bench --target benchmark_images
  cmake -S benchmarks/peers -B build/bench/peers/images_onednn -G Ninja -DPEER=images_onednn && cmake --build build/bench/peers/images_onednn
  build/venv/bin/python benchmarks/images/compare.py build/bench/benchmarks/images/benchmark_images
torch.compile takes minutes a net: --how compile --nets keras.
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "report"))
import environment  # noqa: E402
from machine import cpu_facts  # noqa: E402
from workers import cpus, note, one_line  # noqa: E402

PYTORCH = ("eager", "channels_last", "compile")
STRETCHES = 11
NETS = ("keras", "keras128", "lenet", "pair", "resnet8", "ds_cnn")
SYSTEMS = (*PYTORCH, "jax", "onnxruntime", "onednn")


class Failed(Exception):
    """A system could not be run; the message is what it said last."""


def run(command: list[str], threads: int) -> tuple[str, str]:
    """What a system prints, and what it says on standard error."""
    pinned = ["taskset", "-c", ",".join(map(str, cpus(threads)))]
    done = subprocess.run([*pinned, *command], text=True, capture_output=True, env=environment.of_worker(threads))
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise Failed(one_line(lines[-1]) if lines else f"it ended with status {done.returncode}")
    return done.stdout, done.stderr


def command_of(how: str, onednn: str, cache: str, nets: list[str]) -> list[str]:
    if how == "onednn":
        return [onednn]
    name = "pytorch" if how in PYTORCH else how
    own = ["--how", how] if how in PYTORCH else ["--cache", cache] if how == "jax" else []
    return [sys.executable, "-B", str(HERE / f"{name}_worker.py"), *own, "--nets", ",".join(nets)]


def versions(systems: dict[str, list[str]]) -> str:
    """Of the systems that are there, each once."""
    found = {}
    for how, command in systems.items():
        name = "torch" if how in PYTORCH else how
        try:
            found[name] = run([*command, "--version"], 1)[0].strip() if how == "onednn" else metadata.version(name)
        except (Failed, metadata.PackageNotFoundError):
            continue
    return "".join(f", {name} {version}" for name, version in found.items())


def ours(program: str, threads: int, seconds: float, nets: list[str]) -> dict[str, float]:
    """The median of eleven stretches, as the workers of the others take it."""
    flags = [f"--benchmark_filter=^({'|'.join(nets)})(, one sample)?/threads:{threads}(/|$)", f"--benchmark_min_time={seconds / STRETCHES}", f"--benchmark_repetitions={STRETCHES}",
             "--benchmark_report_aggregates_only=true", "--benchmark_format=json"]
    found = json.loads(run([program, *flags], threads)[0])["benchmarks"]
    return {each["name"].split("/threads")[0]: each["real_time"] / 1000 for each in found if each["aggregate_name"] == "median"}


def numbers(printed: str) -> list[tuple[str, list[float]]]:
    return [(name, [float(n) for n in row]) for name, *row in (line.split("\t") for line in printed.splitlines())]


def difference(name: str, mine: list[float], theirs: list[float]) -> float:
    """Of losses, each of its own size; of outputs, of the largest."""
    if len(mine) != len(theirs):
        return float("inf")
    largest = max(map(abs, mine))
    return max(abs(a - b) / (largest if "," in name else abs(a)) for a, b in zip(mine, theirs))


def check(mine: dict[str, list[float]], printed: str) -> tuple[float, str]:
    """The largest difference, and what it is of; one that is no number is infinite."""
    found = [(difference(name, mine[name], row), name) for name, row in numbers(printed)]
    return max((d if d == d else float("inf"), name) for d, name in found)


def agreeing(systems: dict[str, list[str]], program: str, threads: int) -> tuple[dict[str, set[str]], bool]:
    """What each of the systems computes as we do, and whether one computed something else."""
    checked, disagrees = {}, False
    with tempfile.TemporaryDirectory() as folder:
        mine = dict(numbers(run([program, "--check", folder], threads)[0]))
        for how, command in systems.items():
            try:
                printed = run([*command, "--threads", str(threads), "--check", folder], threads)[0]
            except Failed as reason:
                note(f"{how} is left out: {reason}")
                continue
            worst, where = check(mine, printed)
            if worst > 1e-4:
                note(f"{how} is left out: it computes something else: {where} differs by {worst:.1e}")
                disagrees = True
                continue
            checked[how] = {name for name, _ in numbers(printed)}
            note(f"{how}: losses of three steps and outputs of one sample agree to {worst:.1e} ({where})")
    return checked, disagrees


def timed(how: str, command: list[str], threads: int, seconds: float, checked: set[str], tell: bool) -> dict[str, float]:
    printed, said = run([*command, "--threads", str(threads), "--seconds", str(seconds)], threads)
    found = json.loads(printed)
    if not set(found) <= checked:
        raise Failed(f"it times what it did not check: {set(found) - checked}")
    for line in said.splitlines() if tell else ():
        if line.partition(":")[0] in checked:
            note(f"{how}, {line}")
    return found


def table(threads: int, mine: list[dict[str, float]], others: dict[str, list[dict[str, float]]]) -> None:
    print(f"\n{threads} thread{'s' if threads > 1 else ''}\n\n| {' | '.join(['net', 'fusegrad, µs: smallest, median', *others])} |\n|-|-|{'-|' * len(others)}")
    for name in mine[0]:
        own = [r[name] for r in mine]
        ratios = (f"{min(r[name] for r in rounds) / min(own):.2f}" if name in rounds[0] else "" for rounds in others.values())
        print(f"| {' | '.join([name, f'{min(own):.1f}, {statistics.median(own):.1f}', *ratios])} |", flush=True)


def compare(asked, threads: int, systems: dict[str, list[str]]) -> bool:
    """Whether nobody computed something else."""
    checked, disagrees = agreeing(systems, asked.program, threads)
    mine: list[dict[str, float]] = []
    others: dict[str, list[dict[str, float]]] = {how: [] for how in checked}
    for turn in range(asked.rounds):
        mine.append(ours(asked.program, threads, asked.seconds, asked.nets))
        for how in list(others):
            try:
                others[how].append(timed(how, systems[how], threads, asked.seconds, checked[how], turn == 0))
            except Failed as reason:
                note(f"{how} is left out: {reason}")
                del others[how]
    # ONNX Runtime only infers, which is timed on one thread.
    table(threads, mine, {how: rounds for how, rounds in others.items() if rounds[0]})
    return not disagrees


def systems_of(text: str) -> list[str]:
    asked = [] if text == "none" else text.split(",")
    if unknown := [how for how in asked if how not in SYSTEMS]:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {', '.join(SYSTEMS)}")
    return asked


def nets_of(text: str) -> list[str]:
    asked = text.split(",")
    if unknown := [name for name in asked if name not in NETS]:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}; there are {', '.join(NETS)}")
    return asked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="for each net and system in each round")
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")], default=[1, 2])
    parser.add_argument("--how", type=systems_of, default=list(SYSTEMS), help="systems, commas between them")
    parser.add_argument("--nets", type=nets_of, default=list(NETS), help="nets, commas between them")
    parser.add_argument("--onednn", help="peer_images_onednn (default: where scripts/bench builds it, beside PROGRAM)")
    asked = parser.parse_args()
    onednn = Path(asked.onednn or Path(asked.program).resolve().parents[2] / "peers/images_onednn/peer_images_onednn")
    with tempfile.TemporaryDirectory() as cache:
        systems = {how: command_of(how, str(onednn), cache, asked.nets) for how in asked.how}
        if "onednn" in systems and not onednn.exists():
            note(f"onednn is left out: {onednn.name} was not built")
            del systems["onednn"]
        print(cpu_facts().get("model name", "a processor without a name") + versions(systems), flush=True)
        # Not all(...) of a generator: whatever happens with one thread, two are compared.
        return 0 if all([compare(asked, threads, systems) for threads in asked.threads]) else 1


if __name__ == "__main__":
    sys.exit(main())
