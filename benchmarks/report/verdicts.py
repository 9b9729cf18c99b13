# SPDX-License-Identifier: MIT
"""Who is ahead, and whether the rounds say so."""

AHEAD, LEVEL, BEHIND, UNDECIDED = VERDICTS = ("ahead", "level", "behind", "undecided")
# A peer's time within so much of ours, either way, is level.
MARGIN = 0.02
# Fewer agree by chance too easily.
LEAST_ROUNDS = 3
# One of so many may say something else: machines are interrupted.
ROUNDS_A_DISSENTER = 5


def of_round(ratio: float) -> str:
    """`ratio`: the peer's time over ours."""
    if ratio > 1 + MARGIN:
        return AHEAD
    return BEHIND if ratio < 1 / (1 + MARGIN) else LEVEL


def of_rounds(ratios: list[float]) -> str:
    """What all rounds say, or all but one of each five; undecided where they do not agree, or are fewer than three."""
    said = [of_round(r) for r in ratios]
    most = max((AHEAD, LEVEL, BEHIND), key=said.count)
    agree = len(said) >= LEAST_ROUNDS and len(said) - said.count(most) <= len(said) // ROUNDS_A_DISSENTER
    return most if agree else UNDECIDED


def counted(records: list[dict], peer: str) -> dict[str, int]:
    """How often each verdict stands beside a peer; empty where it was never timed."""
    found = [r["verdict"] for r in records if r["kind"] == "time" and r["system"] == peer and "verdict" in r]
    return {v: found.count(v) for v in VERDICTS if v in found}


def in_words(counts: dict[str, int]) -> str:
    """ahead in 3, undecided in 1 of 4"""
    return ", ".join(f"{v} in {n}" for v, n in counts.items()) + f" of {sum(counts.values())}"
