# SPDX-License-Identifier: MIT
"""The cases, as a worker lists them: common/cases.hpp is the only table."""
from dataclasses import dataclass

PHASES = ("train", "infer")


@dataclass(frozen=True)
class Case:
    name: str
    widths: tuple[int, ...]
    activation: str
    loss: str
    batches: tuple[int, ...]

    @property
    def sizes(self) -> list[int]:
        """Of all parameters: W0 b0 W1 b1 ..."""
        return [n for i, o in zip(self.widths, self.widths[1:]) for n in (i * o, o)]

    @property
    def shape(self) -> str:
        """64-64-64-1; equal layers are counted."""
        layers = len(self.widths) - 1
        if layers > 4 and len(set(self.widths)) == 1:
            return f"{layers} × {self.widths[0]}"
        if layers > 4 and len(set(self.widths[1:-1])) == 1:
            return f"{self.widths[0]}-{layers - 1}×{self.widths[1]}-{self.widths[-1]}"
        return "-".join(map(str, self.widths))

    def operations(self, phase: str, batch: int) -> int:
        """Of the matrix products alone; the first layer needs no gradient of its inputs."""
        products = [i * o for i, o in zip(self.widths, self.widths[1:])]
        return 2 * batch * (sum(products) if phase == "infer" else 3 * sum(products) - products[0])


def listed(answer: str) -> list[Case]:
    """From a worker's answer to `cases`."""
    out = []
    for word in answer.split():
        name, widths, activation, loss, batches = word.split(":")
        out.append(Case(name, tuple(map(int, widths.split("-"))), activation, loss, tuple(map(int, batches.split(",")))))
    return out
