# SPDX-License-Identifier: MIT
"""Times what the workers offer."""
import json
import statistics
import time

STRETCHES = 9


def microseconds(repeat, seconds: float) -> float:
    """Of one step: the median over stretches of equally many, after a warm-up that finds their length."""

    def time_of(count: int) -> float:
        start = time.perf_counter()
        repeat(count)
        return time.perf_counter() - start

    time_of(3)
    once = min(time_of(5) / 5 for _ in range(3))
    count = max(1, int(seconds / STRETCHES / once))
    return statistics.median(time_of(count) for _ in range(STRETCHES)) / count * 1e6


def report(nets, seconds: float) -> None:
    print(json.dumps({name: microseconds(repeat, seconds) for name, repeat in nets}))
