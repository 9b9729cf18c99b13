# SPDX-License-Identifier: MIT
"""What a translation hands from step to step: values in an order of our own, and the steps that make them."""
from dataclasses import dataclass, field

import numpy as np

from .expressions import Expression


@dataclass(eq=False)
class Value:
    """A tensor of ONNX as it lies here: number i is its number index[i]."""
    name: str
    shape: tuple          # of a sample in ONNX
    extents: tuple        # here
    index: np.ndarray
    # Where its order could still be another: who makes it, and which of its numbers each of ours in ONNX's order is.
    origin: tuple | None = None
    is_truth: bool = False
    same_as: "Value | None" = None  # which is made; this one is the same for ONNX in another shape

    @property
    def made(self) -> "Value":
        return self if self.same_as is None else self.same_as.made

    @property
    def size(self) -> int:
        return self.index.size

    @property
    def columns(self) -> int:
        return self.extents[-1]

    @property
    def positions(self) -> int:
        return self.size // max(self.columns, 1)


@dataclass(eq=False)
class Step:
    """One layer, or what only an emitter has words for."""
    inputs: list[Value]
    outputs: list[Value]


@dataclass(eq=False)
class LayerStep(Step):
    text: str = ""
    tensors: dict[str, np.ndarray] = field(default_factory=dict)
    takes_bias: bool = False


@dataclass(eq=False)
class MapStep(Step):
    """An expression for each number. `is_flat`: over one row of all numbers, since its parameters differ from position to position."""
    expression: Expression | None = None
    is_flat: bool = False


@dataclass(eq=False)
class ConcatStep(Step):
    pass


@dataclass(eq=False)
class WordsStep(Step):
    """Words of an emitter, with {0}, {1}, ... for what it reads."""
    text: str = ""


def natural_extents(shape) -> tuple:
    """As it is in ONNX, where we have as many extents."""
    if not shape:
        return (1,)
    return tuple(shape) if len(shape) <= 4 else (int(np.prod(shape)),)


def count(shape) -> int:
    return int(np.prod(shape, dtype=np.int64))
