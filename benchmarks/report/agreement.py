# SPDX-License-Identifier: MIT
"""Whether two systems computed the same: nothing is timed before they did."""
from array import array
from dataclasses import dataclass
from pathlib import Path

from cases import Case

# Of the largest number of a parameter's gradient, or of the outputs. Systems of float differ by about a thousandth of it.
TOLERANCE = 1e-4


@dataclass
class Difference:
    largest: float  # as a fraction of the largest number that it is compared with
    where: str

    @property
    def agrees(self) -> bool:
        return self.largest <= TOLERANCE


def read(file: Path) -> array:
    """What a worker wrote; nothing where it wrote no file, and no more than the whole numbers."""
    numbers = array("f")
    written = file.read_bytes() if file.exists() else b""
    numbers.frombytes(written[: len(written) // numbers.itemsize * numbers.itemsize])
    return numbers


def difference(ours, theirs, forgiven=None) -> float:
    """The largest difference beyond what is forgiven, as a fraction of the largest number of ours. NaN never agrees."""
    scale = max((abs(x) for x in ours), default=0.0) or 1.0
    worst = 0.0
    for i, (x, y) in enumerate(zip(ours, theirs)):
        d = abs(x - y) - (forgiven[i] if forgiven else 0)
        if not d <= worst:
            worst = d if d == d else float("inf")
    return worst / scale


def of_gradients(case: Case, ours, theirs, allowances) -> Difference:
    """`allowances`: what the reference forgives each of the gradients, because a unit may be on or off by rounding."""
    if len(theirs) != len(ours):
        return Difference(float("inf"), f"{len(theirs)} numbers instead of {len(ours)}")
    worst = Difference(difference(ours[:1], theirs[:1]), "loss")
    at = 1
    for k, size in enumerate(case.sizes):
        d = difference(ours[at : at + size], theirs[at : at + size], allowances[at - 1 : at - 1 + size])
        if d > worst.largest:
            worst = Difference(d, f"gradient of the {'bias' if k % 2 else 'weights'} of layer {k // 2}")
        at += size
    return worst


def of_outputs(ours, theirs) -> Difference:
    if len(theirs) != len(ours):
        return Difference(float("inf"), f"{len(theirs)} numbers instead of {len(ours)}")
    return Difference(difference(ours, theirs), "outputs")
