# SPDX-License-Identifier: MIT
"""Each activation of the catalogue has PyTorch's values and derivatives, at kinks and far out too."""
import torch
from torch.nn import functional

from support.exchange import TYPES, Comparison, run

POINTS = 61
# The exponentials and error functions of both sides have errors of their own, of a unit or two in the last place.
TOLERANCE = {"float": 5e-7, "double": 1e-15}
# PyTorch keeps the slope 1/6 as a float.
WIDER = {"double.hard_sigmoid.derivative": 1e-8}


# Named as the library's catalogue writes them. PyTorch has no relu with slope 1 at 0, no gaussian, and no surrogates.
ACTIVATIONS = {
    "identity": lambda x: x * 1,
    "relu": torch.relu,
    "relu6": functional.relu6,
    "leaky_relu<0.01>": lambda x: functional.leaky_relu(x, 0.01),
    "prelu": lambda x: functional.prelu(x, torch.tensor([0.25], dtype=x.dtype)),
    "threshold<1.0,0.5>": lambda x: functional.threshold(x, 1.0, 0.5),
    "elu<1.0>": functional.elu,
    "selu": functional.selu,
    "celu<2.0>": lambda x: functional.celu(x, 2.0),
    "gelu": functional.gelu,
    "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "silu": functional.silu,
    "mish": functional.mish,
    "hard_swish": functional.hardswish,
    "softplus": lambda x: functional.softplus(x, threshold=1000),  # not x itself above 20
    "softplus_with<3.0>": lambda x: functional.softplus(x, beta=3, threshold=60),  # above 88 theirs overflows in float
    "log_sigmoid": functional.logsigmoid,
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": functional.hardsigmoid,
    "tanh": torch.tanh,
    "hard_tanh": functional.hardtanh,
    "softsign": functional.softsign,
    "abs": torch.abs,
    "square": torch.square,
    "sine": torch.sin,
}
LAYERS = {
    "identity": lambda x: x * 1,
    "relu": torch.relu,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.1),
    "elu": functional.elu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}


def points() -> torch.Tensor:
    generator = torch.Generator().manual_seed(2)
    chosen = torch.tensor([0.0, 1.0, -1.0, 1e-6, -1e-6, 1e-3, -1e-3, 3.0, -3.0, 6.0, 8.0, -8.0, 30.0, -30.0, 80.0, -80.0])
    return torch.cat([chosen, 3 * torch.randn(POINTS - len(chosen), generator=generator)]).to(torch.float64)


def main():
    x = points()
    ours = run("activations", {"points": x})
    comparison = Comparison()
    for number, dtype in TYPES.items():

        def check(key, theirs):
            # Near a zero the two formulas for the same function round differently, in units of its largest term.
            scale = torch.clamp(x.abs(), min=1.0) if ours[f"{number}.{key}"].numel() == x.numel() else 1.0
            comparison.check(f"{number}.{key}", ours[f"{number}.{key}"], theirs, WIDER.get(f"{number}.{key}", TOLERANCE[number]), scale)

        def compare(name, function, *parameters):
            """Value, derivative, and the derivatives by other arguments of the function."""
            arguments = [torch.as_tensor(a).to(dtype, copy=True).requires_grad_() for a in (x, *(values for _, values in parameters))]
            value = function(*arguments)
            value.sum().backward()
            check(f"{name}.value", value)
            check(f"{name}.derivative", arguments[0].grad)
            for (key, _), argument in zip(parameters, arguments[1:]):
                check(f"{name}.{key}", argument.grad)

        for name, function in ACTIVATIONS.items():
            compare(name, function)
        for name, function in LAYERS.items():
            compare(f"layer.{name}", function)
        compare("layer.prelu", functional.prelu, ("by_parameter", [0.25]))
        compare("layer.learned_swish", lambda z, beta: z * torch.sigmoid(beta * z), ("by_parameter", [1.0]))
        compare("layer.glu", lambda a, b: functional.glu(torch.cat([a, b]), 0), ("by_gate", x))
    comparison.close()


main()
