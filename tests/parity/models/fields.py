# SPDX-License-Identifier: MIT
"""Draws smooth nets and derivatives of their outputs by their inputs, and writes them as C++.

A field is a function of a seed and a number, and of nothing else.
"""
import random
from dataclasses import dataclass

from models import program, windows
from models.grammar import Layer, chain, size

SMOOTH = ["tanh", "silu", "sine", "softplus", "gelu"]
SAMPLES = 5


@dataclass
class Field:
    """A net, what is asked of it, and what each of that counts in a loss."""

    seed: int
    number: int
    inputs: list  # one shape
    layers: list
    outputs: int
    derivatives: list  # columns by which the outputs are differentiated, one after the other; none: the Laplacian
    factors: list  # of the net's outputs, then of each derivative

    @property
    def name(self) -> str:
        return f"field_{self.seed}_{self.number}"

    @property
    def columns(self) -> int:
        return size(self.inputs[0])


class Architect:
    """Draws the layers of one net: its widths are small, because JAX's fourth derivatives are not quick."""

    def __init__(self, rng: random.Random):
        self.rng = rng

    def dense(self, width: int) -> list:
        return [Layer("dense", (width, self.rng.random() < 0.85)), self.activation()]

    def activation(self) -> Layer:
        return Layer("activation", (self.rng.choice(SMOOTH),))

    def hidden(self, width: int) -> tuple:
        """Some layers behind `width` numbers, and how many numbers they put out."""
        kind = self.rng.choice(["dense", "dense", "residual", "concat", "add", "multiply"])
        if kind == "dense":
            width = self.rng.randint(3, 7)
            return self.dense(width), width
        if kind == "residual":
            return [Layer("residual", (), (chain(self.dense(width)),))], width
        widths = [self.rng.randint(2, 5) for _ in range(2)]
        if kind != "concat":
            widths[1] = widths[0]
        branches = Layer("branch", (), tuple(chain(self.dense(w)) for w in widths))
        return [branches, Layer(kind)], sum(widths) if kind == "concat" else widths[0]

    def convolutions(self) -> tuple:
        """A sequence with few channels, and what moves over it."""
        length, channels = self.rng.randint(3, 4), 1
        window = windows.Window((self.rng.randint(2, 3),), (1,), (1,), self.rng.choice([("same",), ((0, 0),)]))
        made = self.rng.randint(2, 3)
        layers = [Layer("conv", (made, window, True, 1)), self.activation(), Layer("flatten")]
        return (length, channels), layers, made * window.over((length,))[0]


def draw(seed: int, number: int) -> Field:
    """Every tenth net is convolutional."""
    rng = random.Random(f"{seed} {number}")
    architect = Architect(rng)
    if number % 10 == 5:
        shape, layers, width = architect.convolutions()
        depth = 0
    else:
        width = rng.randint(2, 3)
        shape, layers, depth = (width,), architect.dense(5), rng.randint(1, 2)
        width = 5
    for _ in range(depth):
        more, width = architect.hidden(width)
        layers += more
    outputs = rng.choice([1, 1, 2])
    layers.append(Layer("dense", (outputs, True)))
    columns = list(range(size(shape)))
    x, y = rng.sample(columns, 2)
    if number % 10 == 5:
        y = x + 1 if x + 1 < len(columns) else x - 1  # in one window
    derivatives = [(x,), (x, x), tuple(sorted((x, y)))]
    # One of a higher order is enough for one net: it is them that cost the compiler and JAX.
    if number % 10 != 5:
        higher = [(x, x, x), (x, x, y), (x, x, x, x), (x, x, y, y), (x, y, y, y), ()]
        derivatives.append(tuple(sorted(higher[number % 6])))
    else:
        derivatives.append((x, x, x))
    factors = [rng.choice([1, 0.5, 0.25, 2]) for _ in range(1 + len(derivatives))]
    return Field(seed, number, [shape], layers, outputs, derivatives, factors)


def namespace(f: Field) -> str:
    asked = ", ".join(f"fg::by<{', '.join(map(str, by))}>" if by else "fg::laplacian" for by in f.derivatives)
    losses = ", ".join(f"{factor} * fg::mean_squared_error" for factor in f.factors)
    return f"""
namespace {f.name} {{
constexpr auto net = {program.architecture(f)} |
    fg::derivatives({asked});
void run_all(parity::exchange& io) {{
  parity::differentiate(io, "{f.name}", net, fg::losses({losses}));
}}
}} // namespace {f.name}
"""


def text(fields) -> str:
    """A program of several fields."""
    calls = "\n".join(f"  {f.name}::run_all(io);" for f in fields)
    return f"""// SPDX-License-Identifier: MIT
// Written by tests/parity/net_derivatives.py.
#include <fusegrad/layer/derivatives.hpp>
#include <fusegrad/training.hpp>

#include "support/field.hpp"

namespace {{
namespace fg = fusegrad;
{"".join(map(namespace, fields))}
}} // namespace

int main(int count, char** arguments) {{
  parity::exchange io(count, arguments);
{calls}
}}
"""
