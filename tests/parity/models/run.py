# SPDX-License-Identifier: MIT
"""Compares models, program by program, and tells what came of it."""
import itertools
import math
import subprocess
import time
from pathlib import Path

import torch

from models import grammar, program
from models.build import build
from models.trial import DTYPES, KINDS, Trial, Unfit, allowed
from support import exchange

SHOWN = 8  # figures of a model that fails


def duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


class Run:
    """What was compared so far. `types(model)` are the number types that a model runs in; `count` models are wanted."""

    def __init__(self, types, count: int):
        self.types, self.count = types, count
        self.figures, self.broken, self.left_out = [], [], []
        self.models = self.draws = 0
        self.start = time.monotonic()

    def trials(self, models) -> list:
        made = []
        for m in models:
            try:
                made.append(Trial(m, self.types(m)))
            except Unfit as reason:
                self.left_out.append(m)
                print(f"left out: {reason}")
        return made

    def compare(self, executable, trials):
        """Throws what keeps a program from running to its end."""
        rows = {name: row for trial in trials for name, row in trial.rows().items()}
        ours = exchange.run(executable, rows)
        for trial in trials:
            figures = trial.compare(ours)
            self.figures += figures
            self.models += 1
            self.draws += trial.draws
            failed = [figure for figure in figures if not figure.agrees]
            if failed:
                self.tell(trial.model, [self.words(figure) for figure in failed])

    def build_and_compare(self, folder: Path, models):
        trials = self.trials(models)
        if trials:
            self.attempt(folder, trials)

    def attempt(self, folder: Path, trials):
        """A program that cannot be built or does not end well is taken apart, to name the model."""
        source = folder / f"{trials[0].model.name}.cpp"
        source.write_text(program.program([trial.model for trial in trials], self.types))
        try:
            executable = build(source)
            self.compare(executable, trials)
            executable.unlink()
        except (RuntimeError, subprocess.SubprocessError) as error:
            if len(trials) == 1:
                self.broken.append(trials[0].model)
                self.tell(trials[0].model, [str(error)])
            else:
                for trial in trials:
                    self.attempt(folder, [trial])

    @staticmethod
    def words(figure) -> str:
        relative = f"{figure.distance:.1e} of the largest, {allowed(figure.model, figure.type):.0e} allowed"
        return f"{figure.type} {figure.name}: {figure.words}; {relative}"

    def tell(self, m: grammar.Model, failed: list):
        print(f"\nFAILED model {m.number} of seed {m.seed}:\n{program.namespace(m, self.types(m)).strip()}")
        for words in failed[:SHOWN]:
            print(f"  {words}")
        if len(failed) > SHOWN:
            print(f"  and {len(failed) - SHOWN} more")
        again = f"--seed {m.seed} --only {m.number}{' --small' if m.small else ''}{' --images' if m.has_images else ''}"
        print(f"  to repeat it alone: tests/parity/random_models.py {again}\n", flush=True)

    def done(self) -> int:
        return self.models + len(self.broken)

    def failures(self) -> int:
        return len({figure.model.number for figure in self.figures if not figure.agrees}) + len(self.broken)

    def seconds(self) -> float:
        return time.monotonic() - self.start

    def progress(self):
        left = self.seconds() / max(self.done(), 1) * (self.count - self.done())
        times = f"{duration(self.seconds())} gone, about {duration(left)} to go"
        print(f"{self.done()} of {self.count} models, {self.failures()} failed; {times}", flush=True)

    def table(self):
        print(f"\n{'type':8}{'figure':10}{'compared':>9}{'apart':>7}{'worst':>10}{'allowed':>10}  in")
        for has_images, number, kind in itertools.product((False, True), DTYPES, KINDS):
            row = [f for f in self.figures if f.type == number and f.kind == kind and f.model.has_images == has_images]
            if not row:
                continue
            worst = max(row, key=lambda f: math.inf if math.isnan(f.distance) else f.distance)
            counts = f"{len(row):9}{sum(not f.agrees for f in row):7}"
            place = f"{'image ' if has_images else ''}model {worst.model.number}, {worst.name}"
            print(f"{number:8}{kind:10}{counts}{worst.distance:10.1e}{allowed(worst.model, number):10.0e}  {place}")
        print(f"{self.models} models compared with PyTorch {torch.__version__} in {duration(self.seconds())}, "
              f"{self.draws} draws of numbers; {self.failures()} failed, {len(self.left_out)} left out")
