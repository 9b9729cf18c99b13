# SPDX-License-Identifier: MIT
"""The data of each case, the same numbers as in C++, and the loop that times a system."""
import argparse
import json
import time

import numpy as np


def numbers(count: int, seed: int) -> np.ndarray:
    """Numbers between -1 and 1 as case.hpp makes them: state k of the generator is a^k s + c (a^(k-1) + ... + 1)."""
    a, c, start, mask = 6364136223846793005, 1442695040888963407, seed * 1000003 + 12345, (1 << 64) - 1
    # A block of powers by doubling, so that no loop over single numbers is needed.
    multiplier, offset = np.array([a], np.uint64), np.array([c], np.uint64)
    while len(multiplier) < count:
        last, shift = multiplier[-1], offset[-1]
        multiplier, offset = np.concatenate([multiplier, multiplier * last]), np.concatenate([offset, multiplier * shift + offset])
    state = multiplier[:count] * np.uint64(start & mask) + offset[:count]
    return (state >> np.uint64(33)).astype(np.float64) / 1073741824.0 - 1


def cases() -> list[tuple[str, str, dict]]:
    """Name, kind and arrays."""
    found = []
    for n in (10_000, 1_280_000):
        found.append((f"lse n {n}", "lse", {"x": numbers(n, 1)}))
    for n in (1_024, 16_392):
        t = np.linspace(-1, 1, n)
        found.append((f"llsq m 128 n {n}", "llsq", {"c": numbers(128, 1), "t": t, "s": np.sign(t)}))
    for k in (10, 100, 1000):
        found.append((f"kmeans d 8 k {k}", "kmeans", {"c": numbers(k * 8, 2).reshape(k, 8), "x": numbers(80_000, 1).reshape(-1, 8)}))
    found.append(("regression n 10000", "regression", {"p": np.concatenate([numbers(10, 3), [0.1, 1.3]]), "x": numbers(100_000, 1).reshape(-1, 10), "y": numbers(10_000, 2)}))
    for d, k in ((2, 5), (10, 5), (10, 25), (10, 100), (32, 25)):
        lower = d * (d - 1) // 2
        found.append((f"gmm d {d} k {k}", "gmm", {"alpha": numbers(k, 2), "mu": numbers(k * d, 3).reshape(k, d), "q": numbers(k * d, 4).reshape(k, d),
                                                  "l": numbers(k * lower, 5).reshape(k, lower), "x": numbers(1000 * d, 1).reshape(-1, d)}))
    found.append(("volatility n 10000", "volatility", {"p": np.array([0.9, 0.3, -0.2]), "noise": numbers(10_000, 2), "y": numbers(10_000, 1)}))
    for n in (1_000, 100_000):
        found.append((f"ode n {n}", "ode", {"x": np.array([0.9, -0.7, 1.1, 0.8]), "steps": n}))
    return found


WANTED = {"lse": ["x"], "llsq": ["c"], "kmeans": ["c"], "regression": ["p"], "gmm": ["alpha", "mu", "q", "l"], "volatility": ["p", "noise"], "ode": ["x"]}


def best_time(call, seconds: float) -> float:
    """Microseconds of processor time, the least of several stretches: other programs run on the same cores."""
    call()
    least, spent = float("inf"), 0.0
    while spent < seconds:
        start = time.process_time()
        call()
        took = time.process_time() - start
        spent += max(took, 1e-6)
        least = min(least, took)
    return least * 1e6


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--only", default="")
    return parser.parse_args()


def report(found: dict[str, dict[str, float]]) -> None:
    print(json.dumps(found))
