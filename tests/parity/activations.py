# SPDX-License-Identifier: MIT
"""Each activation of the catalogue has PyTorch's values and derivatives, at kinks and far out too."""
import torch
from torch.nn import functional

from support.exchange import TYPES, Comparison, run

POINTS = 61
# The exponentials and error functions of both sides have errors of their own, of a unit or two in the last place.
TOLERANCE = {"float": 5e-7, "double": 1e-15}


ACTIVATIONS = {
    "identity": lambda x: x * 1,
    "relu": torch.relu,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.1),
    "elu": functional.elu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": lambda x: functional.softplus(x, threshold=1000),  # not x itself above 20
    "abs": torch.abs,
    "square": torch.square,
    "sine": torch.sin,
}


def points() -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    chosen = torch.tensor([0.0, 1.0, -1.0, 1e-6, -1e-6, 1e-3, -1e-3, 8.0, -8.0, 30.0, -30.0, 80.0, -80.0])
    return torch.cat([chosen, 3 * torch.randn(POINTS - len(chosen), generator=generator)]).to(torch.float64)


def main():
    x = points()
    ours = run("activations", {"points": x})
    comparison = Comparison()
    for number, dtype in TYPES.items():

        def compare(name, value, argument):
            value.sum().backward()
            for key, theirs in (("value", value), ("derivative", argument.grad)):
                # Near a zero the two formulas for the same function round differently, in units of its largest term.
                scale = torch.clamp(x.abs(), min=1.0)
                compared = ours[f"{number}.{name}.{key}"]
                comparison.check(f"{number}.{name}.{key}", compared, theirs, TOLERANCE[number], scale)

        for name, function in ACTIVATIONS.items():
            argument = x.to(dtype, copy=True).requires_grad_()
            compare(name, function(argument), argument)
        argument = x.to(dtype, copy=True).requires_grad_()
        slope = torch.tensor([0.25], dtype=dtype, requires_grad=True)
        compare("prelu", functional.prelu(argument, slope), argument)
        comparison.check(f"{number}.prelu.slope", ours[f"{number}.prelu.slope"], slope.grad, TOLERANCE[number])
    comparison.close()


main()
