# SPDX-License-Identifier: MIT
"""The numbers of a random model, drawn so that it can be compared, and the comparison itself."""

from collections import Counter
from dataclasses import dataclass

import torch

from models.grammar import Model
from models.network import Numbers, Pass
from models.training import differentiate, train

TOLERANCE = {"double": 1e-9, "float": 2e-5}
TOLERANCE_OF_ONE_STEP = {"double": 1e-12, "float": 2e-5}
DTYPES = {"double": torch.float64, "float": torch.float32}
# What a draw of numbers has to keep away from a kink: another order of sums moves a float by less.
MARGIN = 5e-5
DRAWS = 60
KINDS = ("loss", "gradient", "weights", "outputs")


def allowed(m: Model, type: str) -> float:
    return (TOLERANCE_OF_ONE_STEP if m.steps == 1 else TOLERANCE)[type]


class Unfit(Exception):
    """No draw of numbers makes a model that can be compared in both number types."""


@dataclass
class Figure:
    """One comparison: how far ours is from PyTorch's, relative to the largest number of the tensor."""

    model: Model
    type: str
    name: str
    kind: str
    distance: float
    words: str = ""

    @property
    def agrees(self) -> bool:
        return self.distance <= allowed(self.model, self.type)  # a NaN does not


def kind_of(name: str) -> str:
    return {"loss": "loss", "losses": "loss", "gradient": "gradient", "trained": "weights", "outputs": "outputs"}[
        name.split(".")[0]
    ]


def distances(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    ours, theirs = ours.reshape(-1).double(), theirs.reshape(-1).double()
    scale = float(theirs.abs().max())
    return (ours - theirs).abs() / (scale if scale > 0 else 1.0)


class Trial:
    """A model with its numbers, and PyTorch's results."""

    def __init__(self, m: Model, types):
        self.model, self.types = m, types
        reasons = Counter()
        for self.draws in range(1, DRAWS + 1):
            self.draw()
            reason = self.compute()
            if not reason:
                return
            reasons[reason] += 1
        raise Unfit(f"{m.name}: of {DRAWS} draws " + ", ".join(f"{n}: {why}" for why, n in reasons.most_common(3)))

    def draw(self):
        m = self.model
        generator = torch.Generator().manual_seed((m.seed * 100003 + m.number) * 1009 + self.draws)

        def normal(width):
            return torch.randn(m.samples, width, generator=generator).double()  # drawn as floats: exact in both types

        inputs = normal(m.features)
        targets = {
            "reals": lambda: normal(m.outputs),
            "shares": lambda: torch.rand(m.samples, m.outputs, generator=generator).double(),
            "signs": lambda: torch.sign(normal(m.outputs)),
            "soft": lambda: torch.softmax(normal(m.outputs), 1).float().double(),
            "labels": lambda: torch.randint(max(m.outputs, 2), (m.samples,), generator=generator),
        }[m.targets]()
        self.data = {"inputs": inputs, "targets": targets}
        self.numbers = Numbers(generator)
        with torch.no_grad():
            Pass(self.numbers, training=False).run(m, inputs)

    def compute(self) -> str:
        """PyTorch's results. Says why this draw cannot be compared, or nothing, and asks nobody but PyTorch."""
        self.theirs, margin = {}, float("inf")
        for name in DTYPES:
            gradient, there = differentiate(self.model, self.numbers, self.data, DTYPES[name])
            trained, on_the_way = train(self.model, self.numbers, self.data, DTYPES[name])
            self.theirs[name] = gradient | trained
            margin = min(margin, there, on_the_way)
        if not all(torch.isfinite(t).all() for t in self.theirs["double"].values()):
            return "the training diverges"
        if margin < MARGIN:
            return f"a number comes within {MARGIN:.0e} of a kink"
        apart = {
            name: float(distances(self.theirs["float"][name], exact).max())
            for name, exact in self.theirs["double"].items()
        }
        worst = max(apart, key=apart.get)
        if not apart[worst] <= TOLERANCE["float"] / 4:
            return f"PyTorch's own float and double differ in {worst}"
        return ""

    def rows(self) -> dict:
        """What the program is given."""
        name = self.model.name
        given = {
            f"{name}.inputs": self.data["inputs"],
            f"{name}.{'labels' if self.model.targets == 'labels' else 'targets'}": self.data["targets"],
        }
        start = self.numbers.parameters | self.numbers.states
        return given | {f"{name}.initial.{key}": numbers for key, numbers in start.items()}

    def compare(self, ours: dict) -> list:
        return [
            self.figure(ours, number, name, theirs)
            for number in self.types
            for name, theirs in self.theirs[number].items()
        ]

    def figure(self, ours: dict, number: str, name: str, theirs: torch.Tensor) -> Figure:
        key = f"{self.model.name}.{number}.{name}"
        figure = Figure(self.model, number, name, kind_of(name), float("inf"))
        if key not in ours:
            figure.words = "is not there"
        elif ours[key].numel() != theirs.numel():
            figure.words = f"has {ours[key].numel()} numbers, PyTorch's {theirs.numel()}"
        else:
            apart = distances(ours[key], theirs)
            worst = int(torch.nan_to_num(apart, nan=float("inf")).argmax())
            figure.distance = float(apart[worst])
            expected, found = float(theirs.reshape(-1)[worst]), float(ours[key][worst])
            figure.words = f"number {worst} of {theirs.numel()}: expected {expected:.17g}, found {found:.17g}"
        return figure
