#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Derivatives of random nets by their inputs, up to the fourth order, and the gradients of losses on them are JAX's, in double (README.md has the tolerance).

Without options it compares those of the test suite, whose program CMake has built. Others it builds itself:

    tests/parity/net_derivatives.py --count 40 --seed 7    # with the compiler in CXX, else g++
    tests/parity/net_derivatives.py --seed 7 --only 17     # one of them again
"""
import argparse
import os
import sys
import tempfile
from pathlib import Path

from models import fields

SUITE_SEED, SUITE_NUMBERS = 5, (5, 26)  # convolution; residual, of the fourth order
TOGETHER = 4  # nets in a program that is built here
TOLERANCE = 1e-10
SMALLEST = 1e-4  # gradients of a parameter are compared on this scale of the whole gradient's, at least
SKIPPED = 77


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, metavar="N", help="compare this many nets of a seed")
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER", help="of those, the number of the first")
    parser.add_argument("--seed", type=int, default=SUITE_SEED, metavar="S")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="compare this net of a seed alone, and show it")
    parser.add_argument("--write", type=Path, metavar="FOLDER",
                        help="only write the program of the test suite there and print its name; needs no JAX")
    return parser.parse_args()


def suite() -> list:
    return [fields.draw(SUITE_SEED, number) for number in SUITE_NUMBERS]


def write_suite(folder: Path):
    """Leaves a file that is as it should be alone, so that it is not compiled again."""
    folder.mkdir(parents=True, exist_ok=True)
    file, text = folder / "net_derivatives.cpp", fields.text(suite())
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    print(file)


class Run:
    """What was compared so far: of each order of derivative the largest distances of values and of gradients."""

    def __init__(self):
        self.worst, self.failed, self.nets, self.figures = {}, set(), 0, 0

    def compare(self, executable, drawn):
        from models.fields_in_jax import Trial
        from support import exchange

        trials = [Trial(f) for f in drawn]
        ours = exchange.run(executable, {name: row for trial in trials for name, row in trial.rows().items()})
        for trial in trials:
            self.compare_one(trial, {name: row.numpy() for name, row in ours.items()})
            self.nets += 1

    def compare_one(self, trial, ours: dict):
        f = trial.field
        outputs, gradients = trial.theirs()
        given = ours[f"{f.name}.outputs"].reshape(outputs.shape)
        for k, by in enumerate([None, *f.derivatives]):
            order = "laplacian" if by == () else len(by or ())
            self.check(f, "value", order, given[:, k], outputs[:, k], abs(outputs[:, k]).max())
            largest = max(float(abs(g[k]).max()) for g in gradients)
            flat, start = ours[f"{f.name}.gradient.{k}"], 0
            for g in gradients:
                scale = max(float(abs(g[k]).max()), SMALLEST * largest)
                end = start + g[k].size
                self.check(f, "gradient", order, flat[start:end].reshape(g[k].shape), g[k], scale)
                start = end
            if start != flat.size:
                self.tell(f, f"{flat.size} numbers in our gradient, {start} in JAX's")

    def check(self, f, kind: str, order, ours, theirs, scale: float):
        distance = float(abs(ours - theirs).max() / (scale or 1))  # what is zero is to be zero
        self.figures += 1
        # Written so that a NaN on either side is a failure.
        if not distance <= TOLERANCE:
            self.tell(f, f"{kind}, order {order}: {distance:.1e} apart")
        self.worst[kind, order] = max(self.worst.get((kind, order), 0), distance)

    def tell(self, f, words: str):
        if f.number not in self.failed:
            print(f"\nFAILED, to repeat: tests/parity/net_derivatives.py --seed {f.seed} --only {f.number}\n{fields.namespace(f)}")
        self.failed.add(f.number)
        print(f"  {words}", flush=True)

    def close(self) -> int:
        import jax

        print(f"\n{'order':10}{'value':>10}{'gradient':>10}")
        for order in (0, 1, 2, 3, 4, "laplacian"):
            if ("value", order) in self.worst:
                print(f"{order!s:10}{self.worst['value', order]:10.1e}{self.worst['gradient', order]:10.1e}")
        print(f"{self.nets} nets, {self.figures} figures compared with JAX {jax.__version__}, {TOLERANCE:.0e} allowed; "
              f"{len(self.failed)} nets apart")
        return 1 if self.failed or not self.figures else 0


def build_and_compare(run: Run, drawn: list):
    from models.build import build

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"{drawn[0].name}.cpp")
        source.write_text(fields.text(drawn))
        run.compare(build(source), drawn)


def main() -> int:
    given = arguments()
    if given.write:
        write_suite(given.write)
        return 0
    try:
        import jax  # noqa: F401
        import torch  # noqa: F401  what the exchange of numbers is written with
    except ModuleNotFoundError as missing:
        print(f"skipped: {missing.name} is not installed for {sys.executable}")
        return SKIPPED
    run = Run()
    if given.only is not None:
        print(fields.namespace(fields.draw(given.seed, given.only)), flush=True)
        build_and_compare(run, [fields.draw(given.seed, given.only)])
    elif given.count is not None:
        end = given.first + given.count
        for first in range(given.first, end, TOGETHER):
            build_and_compare(run, [fields.draw(given.seed, n) for n in range(first, min(first + TOGETHER, end))])
            print(f"{run.nets} of {given.count} nets, {len(run.failed)} apart", flush=True)
    elif "FUSEGRAD_PARITY_PROGRAMS" not in os.environ:
        print("The test suite's program is built by CMake. Give --count or --only to build others.", file=sys.stderr)
        return 2
    else:
        run.compare("net_derivatives", suite())
    return run.close()


if __name__ == "__main__":
    sys.exit(main())
