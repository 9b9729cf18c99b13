#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random models have PyTorch's loss, gradients, and weights after 20 steps: within 1e-9 of the largest number of a tensor in double, 2e-5 in float.

Without options it compares those of the test suite, whose programs CMake has built (FUSEGRAD_PARITY_PROGRAMS). A count or a number builds its own:

    tests/parity/random_models.py --count 200 --seed 7      # with the compiler in CXX, else g++
    tests/parity/random_models.py --seed 7 --only 17        # one of them again
"""
import argparse
import itertools
import os
import sys
import tempfile
import time
from pathlib import Path

from models import grammar, program

SUITE_SEED, SUITE_COUNT, SUITE_PROGRAMS = 1, 20, 4
TOGETHER = 5  # models in a program that is built here
WAYS = {"both": lambda m: ("double", "float"), "double": lambda m: ("double",), "float": lambda m: ("float",),
        "alternating": lambda m: ("double",) if m.number % 2 == 0 else ("float",)}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, metavar="N", help="compare this many models of a seed, from number 0")
    parser.add_argument("--seed", type=int, default=SUITE_SEED, metavar="S")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="compare this model of a seed alone, and show its program")
    parser.add_argument("--types", choices=WAYS, default="both", help="number types (alternating: double for even numbers, float for odd ones)")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="only write the programs of the test suite, without PyTorch")
    return parser.parse_args()


def parts(models: list, count: int) -> list:
    return [models[i::count] for i in range(count)]


def suite() -> list:
    """The programs of the test suite: their names, and the models in each."""
    models = [grammar.draw(SUITE_SEED, number) for number in range(SUITE_COUNT)]
    return [(f"random_models_{i}", part) for i, part in enumerate(parts(models, SUITE_PROGRAMS))]


def write_suite(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    for name, models in suite():
        (folder / f"{name}.cpp").write_text(program.program(models, WAYS["alternating"]))


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


class Run:
    """Compares programs of models, one after the other, and collects what came of it."""

    def __init__(self, types, count: int):
        self.types, self.count = types, count
        self.figures, self.broken, self.unfit = [], [], []
        self.models = self.draws = 0
        self.start = time.monotonic()

    def trials(self, models) -> list:
        from models.trial import Trial, Unfit
        made = []
        for m in models:
            try:
                made.append(Trial(m, self.types(m)))
                self.draws += made[-1].draws
            except Unfit as reason:
                self.unfit.append(str(reason))
                print(f"left out: {reason}")
        return made

    def compare(self, executable, trials):
        from support.exchange import run
        rows = {}
        for trial in trials:
            rows |= trial.rows()
        ours = run(executable, rows)
        for trial in trials:
            figures = trial.compare(ours)
            self.figures += figures
            self.models += 1
            failed = [figure for figure in figures if not figure.agrees]
            if failed:
                self.tell(trial.model, failed)

    def tell(self, m, failed):
        from models.trial import TOLERANCE
        print(f"\nFAILED model {m.number} of seed {m.seed}:\n{program.namespace(m, self.types(m)).strip()}")
        for figure in failed[:8]:
            print(f"  {figure.type} {figure.name}: {figure.words}; {figure.distance:.1e} of the largest, {TOLERANCE[figure.type]:.0e} allowed")
        if len(failed) > 8:
            print(f"  and {len(failed) - 8} more")
        print(f"  to repeat it alone: tests/parity/random_models.py --seed {m.seed} --only {m.number}\n")

    def build_and_compare(self, folder: Path, models):
        """A program that cannot be built or run is taken apart, to name the model."""
        from models.build import build
        trials = self.trials(models)
        if not trials:
            return
        source = folder / f"{trials[0].model.name}.cpp"
        source.write_text(program.program([t.model for t in trials], self.types))
        try:
            executable = build(source)
            self.compare(executable, trials)
            executable.unlink()
        except (RuntimeError, OSError, ValueError) as error:
            self.take_apart(folder, [t.model for t in trials], error)

    def take_apart(self, folder: Path, models, error):
        if len(models) > 1:
            for m in models:
                self.build_and_compare(folder, [m])
            return
        self.broken.append(models[0])
        print(f"\nFAILED model {models[0].number} of seed {models[0].seed}: {error}\n{program.namespace(models[0], self.types(models[0])).strip()}\n"
              f"  to repeat it alone: tests/parity/random_models.py --seed {models[0].seed} --only {models[0].number}\n")

    def progress(self):
        done = self.compared()
        gone = time.monotonic() - self.start
        left = gone / max(done, 1) * (self.count - done)
        print(f"{done} of {self.count} models, {self.failures()} failed; {duration(gone)} gone, about {duration(left)} to go", flush=True)

    def compared(self) -> int:
        return self.models + len(self.broken)

    def failures(self) -> int:
        return len({figure.model.number for figure in self.figures if not figure.agrees}) + len(self.broken)

    def table(self):
        from models.trial import KINDS, TOLERANCE
        import torch
        print(f"\n{'type':8}{'figure':10}{'compared':>9}{'apart':>7}{'worst':>10}{'allowed':>10}  in")
        for number in TOLERANCE:
            for kind in KINDS:
                of_kind = [f for f in self.figures if f.type == number and f.kind == kind]
                if not of_kind:
                    continue
                worst = max(of_kind, key=lambda f: f.distance if f.distance == f.distance else float("inf"))
                apart = sum(not f.agrees for f in of_kind)
                print(f"{number:8}{kind:10}{len(of_kind):9}{apart:7}{worst.distance:10.1e}{TOLERANCE[number]:10.0e}  model {worst.model.number}, {worst.name}")
        print(f"{self.models} models compared with PyTorch {torch.__version__} in {duration(time.monotonic() - self.start)}, {self.draws} draws of numbers; "
              f"{self.failures()} failed, {len(self.unfit)} left out")


def main() -> int:
    given = arguments()
    if given.write:
        write_suite(given.write)
        return 0
    try:
        import torch
    except ModuleNotFoundError:
        print(f"PyTorch is not installed for {sys.executable}", file=sys.stderr)
        return 77
    torch.set_num_threads(1)
    if given.only is None and given.count is None:
        if "FUSEGRAD_PARITY_PROGRAMS" not in os.environ:
            print("The programs of the test suite are built by CMake, and not here; give a --count or a number of --only.", file=sys.stderr)
            return 2
        run = Run(WAYS["alternating"], SUITE_COUNT)
        for name, models in suite():
            trials = run.trials(models)
            if len(trials) == len(models):
                run.compare(name, trials)
        run.table()
        # What the suite has must be compared: it was chosen so that it can be.
        return 1 if run.failures() or run.models != SUITE_COUNT else 0
    with tempfile.TemporaryDirectory() as folder:
        run = Run(WAYS[given.types], given.count or 1)
        if given.only is not None:
            only = grammar.draw(given.seed, given.only)
            print(program.namespace(only, run.types(only)))
            run.build_and_compare(Path(folder), [only])
        numbers = itertools.count()
        while given.only is None and run.compared() < given.count:
            together = min(TOGETHER, given.count - run.compared())
            run.build_and_compare(Path(folder), [grammar.draw(given.seed, next(numbers)) for _ in range(together)])
            run.progress()
    run.table()
    return 1 if run.failures() or not run.models else 0


if __name__ == "__main__":
    sys.exit(main())
