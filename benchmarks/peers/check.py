#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares losses, gradients and outputs of workers with PyTorch in double precision, for all cases.

check.py [--threads N] [--cases NAME,...] WORKER...
"""
import argparse
import itertools
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import common
import numpy
import torch
from pytorch_worker import Eager

TOLERANCE = 1e-4  # of the largest entry of a tensor


class Worker:
    def __init__(self, command: str, threads: int):
        start = [sys.executable] if command.split()[0].endswith(".py") else []
        self.process = subprocess.Popen(
            [*start, *shlex.split(command), "--threads", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.name = self.process.stdout.readline().strip()

    def ask(self, *words) -> str:
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()


class Oracle(Eager):
    """In double precision; units of relu that rounding may switch are switched as it is told to."""

    NEAR_ZERO = 1e-6  # of sums of magnitude one

    def __init__(self, problem: common.Problem, phase: str):
        super().__init__(problem, phase, torch.float64)
        self.switched, self.doubtful = set(), []
        if problem.case.activation == "relu":
            self.activation = self.relu

    def forward(self):
        self.layer, self.doubtful = 0, []
        return super().forward()

    def relu(self, sums):
        on = sums > 0
        for sample, unit in (sums.abs() < self.NEAR_ZERO).nonzero().tolist():
            place = (self.layer, sample, unit)
            self.doubtful.append(place)
            if place in self.switched:
                on[sample, unit] = ~on[sample, unit]
        self.layer += 1
        return torch.where(on, sums, torch.zeros_like(sums))

    def all_answers(self):
        """The gradients, for each way in which the doubtful units may be switched."""
        yield [numpy.asarray(a) for a in self.gradient()]
        doubtful = self.doubtful[:8]
        for count in range(1, len(doubtful) + 1):
            for self.switched in map(set, itertools.combinations(doubtful, count)):
                yield [numpy.asarray(a) for a in self.gradient()]


def errors(numbers, tensors) -> list[float]:
    """Of each tensor, relative to its largest entry."""
    if numbers.size != sum(t.size for t in tensors):
        return [numpy.inf]
    pieces = numpy.split(numbers, numpy.cumsum([t.size for t in tensors])[:-1])
    return [float(numpy.abs(p - t.ravel()).max() / max(numpy.abs(t).max(), 1e-30)) for p, t in zip(pieces, tensors)]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--cases", default=",".join(common.CASES))
    arguments.add_argument("worker", nargs="+")
    asked = arguments.parse_args()
    workers = [Worker(command, asked.threads) for command in asked.worker]
    wrong = 0
    worst = {w.name: 0.0 for w in workers}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "numbers"
        for case in (common.CASES[name] for name in asked.cases.split(",")):
            for batch in case.batches:
                problem = common.Problem(case, batch)
                for command, phase in (("gradient", "train"), ("output", "infer")):
                    oracle = Oracle(problem, phase)
                    answers = list(oracle.all_answers()) if phase == "train" else [[oracle.output()[0]]]
                    for worker in workers:
                        answer = worker.ask(command, case.name, batch, file)
                        if answer != "ok":
                            print(case.name, batch, command, worker.name, answer, flush=True)
                            wrong += not answer.startswith("skip")
                            continue
                        numbers = numpy.fromfile(file, "<f4")
                        far = min(max(errors(numbers, tensors)) for tensors in answers)
                        worst[worker.name] = max(worst[worker.name], far)
                        if not far < TOLERANCE:
                            wrong += 1
                            print(case.name, batch, command, worker.name, f"wrong by {far:.2e} of the largest entry", flush=True)
    for name, far in worst.items():
        print(f"{name}: at most {far:.1e} of the largest entry away from double precision")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
