# SPDX-License-Identifier: MIT
"""What random models are made of, by the library's own names: drawn by grammar.py, computed by network.py."""

SMOOTH = [
    "tanh", "sigmoid", "silu", "gelu", "gelu_tanh", "mish", "softplus", "softplus_with<3.0>", "swish_with<1.5>",
    "log_sigmoid", "softsign", "elu<1.0>", "celu<2.0>", "sine", "gaussian", "square", "identity", "own_silu",
    "own_surrogate",
]
KINKED = [
    "relu", "relu_with_slope_at_zero<1>", "relu6", "leaky_relu<0.1>", "elu<0.7>", "selu",
    "threshold<0.25, 0.1>", "necro_relu<0.1>", "hard_swish", "hard_sigmoid", "hard_tanh", "abs",
]
# Name, whether there is one parameter for each unit, and where each parameter starts.
LEARNED = {
    "prelu": (False, {"weight": 0.25}),
    "prelu.per_unit()": (True, {"weight": 0.25}),
    "learned_swish": (False, {"beta": 1.0}),
    "learned_swish.per_unit()": (True, {"beta": 1.0}),
    "own_snake": (False, {"frequency": 1.5}),
}
ACTIVATIONS = [*SMOOTH, *KINKED, *LEARNED]

# Layers that make half as many numbers: the activation of the second half.
GATES = {
    "glu": "sigmoid", "reglu": "relu", "geglu": "gelu", "swiglu": "silu", "bilinear": "identity",
    "gated(fg::mish)": "mish", "gated(fg::learned_swish)": "learned_swish", "gated(fg::tanh)": "tanh",
}

PENALTIES = ["half_square", "smooth_absolute", "absolute"]

# A loss, and its targets: rows of real numbers, of shares, of signs, of soft labels; or labels.
LOSSES = [
    ("mean_squared_error", "reals"), ("mean_squared_error", "labels"), ("mean_absolute_error", "reals"),
    ("huber", "reals"), ("huber", "labels"), ("binary_cross_entropy", "shares"),
    ("binary_cross_entropy", "labels"), ("hinge", "signs"), ("hinge", "labels"),
    ("softmax_cross_entropy", "labels"), ("softmax_cross_entropy", "labels"), ("softmax_cross_entropy", "soft"),
    ("own_cubic", "reals"), ("own_log_cosh", "reals"),
]


def full_name(name: str) -> str:
    """An activation as a program writes it: what is not the library's is defined in support/random_model.hpp."""
    return f"parity::{name}" if name.startswith("own_") else f"fg::{name}"
