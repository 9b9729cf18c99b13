# SPDX-License-Identifier: MIT
"""What was aimed at, beside what was reached."""
from dataclasses import dataclass

import verdicts
from workers import OURS, PEERS

# Of LibTorch's training step to ours, at 1 and at 2 threads.
LIBTORCH_RATIOS = {
    ("A", 1): (800, None), ("A", 32): (100, None), ("A", 256): (20, 30), ("B", 256): (3, 5.5), ("B", 4096): (2.8, 4),
    ("C", 64): (2.2, 3.3), ("D", 128): (1.7, 2.2), ("E", 128): (3, 6),
}
PERCENT_OF_PEAK = {("C", 64): (90, 88), ("D", 128): (90, 88)}
# More than the peak is no achievement: something else ran while the peak was measured.
MOST_PERCENT = 103
NANOSECONDS = [("A", "train", 1, 60), ("trigger", "infer", 1, 150)]


@dataclass
class Goal:
    text: str
    wanted: str
    reached: str
    met: bool


def goals(records: list[dict]) -> list[Goal]:
    """All goals that the run has numbers for."""
    times = {(r["case"], r["phase"], r["batch"], r["threads"], r["system"]): r for r in records if r["kind"] == "time"}
    out = []
    for case, phase, batch, most in NANOSECONDS:
        r = times.get((case, phase, batch, 1, OURS))
        if r:
            ns = r["median_us"] * 1000
            out.append(Goal(f"{case} ({r['shape']}), {phase}, batch {batch}, 1 thread", f"at most {most} ns", f"{ns:.0f} ns", ns <= most))
    for (case, batch), wanted in PERCENT_OF_PEAK.items():
        for threads, percent in zip((1, 2), wanted):
            r = times.get((case, "train", batch, threads, OURS))
            if r and "percent_of_peak" in r:
                out.append(Goal(f"{case} ({r['shape']}), train, {threads} thread{'s' * (threads > 1)}", f"at least {percent} % of peak",
                                f"{r['percent_of_peak']:.1f} %", percent <= r["percent_of_peak"] <= MOST_PERCENT))
    for (case, batch), wanted in LIBTORCH_RATIOS.items():
        for threads, ratio in zip((1, 2), wanted):
            r = times.get((case, "train", batch, threads, "libtorch"))
            if r and ratio:
                out.append(Goal(f"{case} batch {batch}, train, {threads} thread{'s' * (threads > 1)}", f"{ratio:g} × LibTorch", f"{r['ratio']:.3g} ×",
                                r["ratio"] >= ratio))
    for peer in PEERS:
        ratios = [r["ratio"] for r in records if r["kind"] == "time" and r["system"] == peer and "ratio" in r]
        if ratios:
            counts = verdicts.counted(records, peer)
            out.append(Goal(f"ahead of {peer} in every case and phase", f"{len(ratios)} of {len(ratios)}",
                            f"{verdicts.in_words(counts)}; least {min(ratios):.2f} ×", set(counts) == {verdicts.AHEAD}))
    return out
