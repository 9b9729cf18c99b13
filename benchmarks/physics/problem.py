# SPDX-License-Identifier: MIT
"""Burgers' equation as `burgers --problem FILE` writes it, and the search for its solution that all Python systems share: a number of steps of Adam,
then rounds of L-BFGS, between which the points inside move to where the equation is far from zero. Time for looking at the error is not counted."""
import argparse
import json
import time

import numpy as np

NU = 0.01 / np.pi
LAYERS = 9
HISTORY = 100


class Done(Exception):
    """The error is small enough, or the evaluations are used up."""


class Problem:
    def __init__(self, path: str):
        with open(path, encoding="utf-8") as file:
            self.rows = {name: np.array(numbers, dtype=np.float64) for name, *numbers in map(str.split, file)}
        self.inside, self.walls, self.start, self.grid = (self.rows.pop(name).reshape(-1, 2) for name in ("inside", "walls", "start", "grid"))
        self.exact = self.rows.pop("exact")
        self.target = -np.sin(np.pi * self.start[:, 0])

    def weights(self) -> list[np.ndarray]:
        """Weight [out][in] and bias of each layer."""
        flat, widths = list(self.rows.values()), [2, *[20] * (LAYERS - 1), 1]
        return [part.reshape(out, into) if k == 0 else part
                for into, out, pair in zip(widths, widths[1:], zip(flat[::2], flat[1::2])) for k, part in enumerate(pair)]

    def error(self, found) -> float:
        return float(np.linalg.norm(np.asarray(found).ravel() - self.exact) / np.linalg.norm(self.exact))


def refined(candidates: np.ndarray, squares: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """With probabilities in proportion to |r| / mean |r| + 1, each at most once."""
    sizes = np.sqrt(squares)
    weight = sizes / sizes.mean() + 1
    return candidates[generator.choice(len(candidates), count, replace=False, p=weight / weight.sum())]


class Course:
    """The stopwatch: counts evaluations, looks at the error now and then, and ends what has ended."""

    def __init__(self, asked, error_now):
        self.asked, self.error_now = asked, error_now
        self.evaluations, self.next, self.seconds, self.error = 0, 0, 0.0, float("nan")
        self.begin = time.perf_counter()

    def pause(self) -> None:
        self.seconds += time.perf_counter() - self.begin

    def go_on(self) -> None:
        self.begin = time.perf_counter()

    def count(self, evaluations: int = 1) -> None:
        self.evaluations += evaluations
        if self.evaluations < self.next:
            return
        self.look()

    def look(self) -> None:
        self.pause()
        self.next = self.evaluations + self.asked.every
        self.error = self.error_now()
        if self.error <= self.asked.until or self.seconds > self.asked.at_most:
            raise Done
        self.go_on()

    def report(self, compile_seconds: float) -> None:
        print(json.dumps({"seconds": self.seconds, "evaluations": self.evaluations, "error": self.error, "compile": compile_seconds}), flush=True)


def arguments(ways: tuple[str, ...]):
    parser = argparse.ArgumentParser()
    parser.add_argument("problem")
    parser.add_argument("--how", choices=ways, default=ways[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--adam", type=int, default=1000)
    parser.add_argument("--evaluations", type=int, default=1000, help="in each round")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--until", type=float, default=5e-3)
    parser.add_argument("--every", type=int, default=100, help="evaluations between looks at the error")
    parser.add_argument("--at-most", type=float, default=1e9, help="seconds")
    return parser.parse_args()
