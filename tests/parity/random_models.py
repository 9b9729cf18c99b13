#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random models have PyTorch's losses, gradients, and weights after 20 steps (README.md has the tolerances).

Without options it compares those of the test suite, whose programs CMake has built. Others it builds itself:

    tests/parity/random_models.py --count 200 --seed 7    # with the compiler in CXX, else g++
    tests/parity/random_models.py --seed 7 --only 17      # one of them again
    tests/parity/random_models.py --images --count 60     # convolutional nets
"""
import argparse
import itertools
import os
import sys
import tempfile
from pathlib import Path

from models import grammar, images, program

# Its small models have nearly every kind of layer, loss, rule and option.
SUITE_SEED, SUITE_COUNT = 11908, 20
SUITE_PROGRAMS = 3
SUITE_IMAGES = 4  # models that move windows over images, in a program of their own
SUITE_IMAGES_SEED = 2091  # they have convolutions of every kind
TOGETHER = 5  # models in a program that is built here
WAYS = {
    "both": lambda m: ("double", "float"),
    "double": lambda m: ("double",),
    "float": lambda m: ("float",),
    "alternating": lambda m: ("double",) if m.number % 2 == 0 else ("float",),
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, metavar="N", help="compare this many models of a seed, from number 0")
    parser.add_argument("--seed", type=int, default=SUITE_SEED, metavar="S")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="compare this model of a seed alone, and show it")
    parser.add_argument("--small", action="store_true", help="models that compile faster, as in the test suite")
    parser.add_argument("--images", action="store_true", help="models that move windows over images and sequences")
    parser.add_argument("--types", choices=WAYS, default="both",
                        help="number types; alternating: double for even numbers, float for odd ones")
    parser.add_argument("--write", type=Path, metavar="FOLDER",
                        help="only write the programs of the test suite there and print their names; needs no PyTorch")
    return parser.parse_args()


def suite() -> list:
    """The programs of the test suite: their names, and the models in each."""
    models = [grammar.draw(SUITE_SEED, number, small=True) for number in range(SUITE_COUNT)]
    of_images = [images.draw(SUITE_IMAGES_SEED, number, small=True) for number in range(SUITE_IMAGES)]
    return [
        *((f"random_models_{i}", models[i::SUITE_PROGRAMS]) for i in range(SUITE_PROGRAMS)),
        ("random_images", of_images),
    ]


def write_suite(folder: Path):
    """Leaves files that are as they should be alone, so that they are not compiled again."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, models in suite():
        file, text = folder / f"{name}.cpp", program.program(models, WAYS["alternating"])
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        print(file)


def compare_suite() -> bool:
    """Its seed was chosen so that nothing is left out: that would be a failure."""
    from models.run import Run

    run = Run(WAYS["alternating"], SUITE_COUNT + SUITE_IMAGES)
    for name, models in suite():
        trials = run.trials(models)
        if len(trials) == len(models):
            run.compare(name, trials)
    run.table()
    return run.failures() == 0 and run.models == run.count


def compare(given) -> bool:
    from models.run import Run

    def drawn(number):
        return (images if given.images else grammar).draw(given.seed, number, given.small)

    run = Run(WAYS[given.types], given.count if given.only is None else 1)
    with tempfile.TemporaryDirectory() as folder:
        if given.only is not None:
            print(program.namespace(drawn(given.only), run.types(drawn(given.only))), flush=True)
            run.build_and_compare(Path(folder), [drawn(given.only)])
        else:
            compare_many(run, Path(folder), drawn)
    run.table()
    return run.failures() == 0 and run.models == run.count


def compare_many(run, folder: Path, drawn):
    """One who has waited long enough sees what was compared so far."""
    numbers = itertools.count()
    try:
        while run.done() < run.count:
            together = min(TOGETHER, run.count - run.done())
            run.build_and_compare(folder, [drawn(number) for number in itertools.islice(numbers, together)])
            run.progress()
    except KeyboardInterrupt:
        print("interrupted")


def main() -> int:
    given = arguments()
    if given.write:
        write_suite(given.write)
        return 0
    try:
        import torch
    except ModuleNotFoundError:
        print(f"PyTorch is not installed for {sys.executable}", file=sys.stderr)
        return 2
    torch.set_num_threads(1)
    if given.only is not None or given.count is not None:
        return 0 if compare(given) else 1
    if "FUSEGRAD_PARITY_PROGRAMS" not in os.environ:
        print("The test suite's programs are built by CMake. Give --count or --only to build others.", file=sys.stderr)
        return 2
    return 0 if compare_suite() else 1


if __name__ == "__main__":
    sys.exit(main())
