# SPDX-License-Identifier: MIT
"""Operators that make each number of one number of each input."""
import functools
import math

import numpy as np
import onnx

from ..expressions import expm1_below_0, make
from ..source import FLOATS
from ..translation import Misfit


def plain(op):
    return lambda t, n: t.map(n, lambda *x: make(op, *x))


def folded(op):
    """Of any number of inputs, from the left."""
    return lambda t, n: t.map(n, lambda *x: functools.reduce(lambda a, b: make(op, a, b), x))


def of_one(build):
    """`build` makes an expression of x and of the node's settings."""
    return lambda t, n: t.map(n, lambda x: build(x, n.get))


def counted(*truths):
    """How many of some truths hold."""
    return functools.reduce(lambda a, b: make("add", a, b), [make("select", a, 1, 0) for a in truths])


def above_0(x, above, otherwise):
    return make("select", make("greater", x, 0), above, otherwise)


def add(t, n):
    """A number for each column behind a layer without a bias is its bias."""
    constants = [x for x in n.inputs if t.is_constant(x)]
    if len(constants) == 1 and len(n.inputs) == 2:
        v = t.value(next(x for x in n.inputs if not t.is_constant(x)))
        numbers = t.constant_operand(t.constant(constants[0]), v)
        if t.source.shapes[n.outputs[0]] == v.shape:
            columns = numbers.leaf if numbers.op == "parameter" else np.full(v.columns, numbers.leaf, dtype=np.float32)
            if columns.size == v.columns and t.bias_into_layer(v, columns):
                return t.same(n, v)
    return plain("add")(t, n)


def mean(t, n):
    return t.map(n, lambda *x: make("multiply", functools.reduce(lambda a, b: make("add", a, b), x), 1 / len(x)))


def clip(t, n):
    low = n.get("min", t.optional(n, 1)) if t.source.opset < 11 else t.optional(n, 1)
    high = n.get("max", t.optional(n, 2)) if t.source.opset < 11 else t.optional(n, 2)

    def build(x, *_):
        x = x if low is None else make("max", x, float(np.ravel(low)[0]))
        return x if high is None else make("min", x, float(np.ravel(high)[0]))

    kept = n.inputs
    n.inputs = n.inputs[:1]
    try:
        return t.map(n, build)
    finally:
        n.inputs = kept


def power(t, n):
    def build(x, y):
        if y.op != "number":
            return make("power", x, y)
        special = {2.0: "square", 3.0: "cube", 0.5: "sqrt", -1.0: "reciprocal"}
        exponent = float(y.leaf)
        if exponent == 1:
            return x
        if exponent in special:
            return make(special[exponent], x)
        if exponent == int(exponent) and x.op != "number":
            raise Misfit(f"a power of {exponent:g}: 2, 3, -1 and broken ones are taken")
        return make("power", x, y)

    return t.map(n, build)


def prelu(t, n):
    v, slope = t.value(n.inputs[0]), t.weights(n.inputs[1])
    if slope.ndim == 1 and slope.size == v.shape[0] != v.shape[-1]:  # of the channels, as it was before opset 7
        slope = slope.reshape(-1, *(1 for _ in v.shape[1:]))
    is_shared = slope.size == 1
    slope = t.constant_operand(slope, v)
    if slope.op == "number" and not is_shared:
        return t.layer(n, v, "fg::prelu.per_unit()", {"weight": np.full(v.columns, slope.leaf, dtype=np.float32)})
    if slope.op == "number":
        return t.layer(n, v, "fg::prelu", {"weight": np.array([slope.leaf], dtype=np.float32)})
    if slope.leaf.size == v.columns:
        return t.layer(n, v, "fg::prelu.per_unit()", {"weight": slope.leaf})
    return t.map(n, lambda x, a: make("add", make("max", x, 0), make("multiply", a, make("min", x, 0))))


def cast(t, n):
    to, is_truth = n.get("to"), t.value(n.inputs[0]).is_truth
    if to == onnx.TensorProto.BOOL:
        return t.same(n, t.value(n.inputs[0])) if is_truth else t.map(n, lambda x: make("greater", make("abs", x), 0))
    if to not in FLOATS:
        raise Misfit("numbers with a point or truths become integers")
    return t.map(n, lambda x: make("select", x, 1, 0)) if is_truth else t.same(n, t.value(n.inputs[0]))


def hard_sigmoid(x, get):
    return make("max", make("min", make("add", make("multiply", x, get("alpha", 0.2)), get("beta", 0.5)), 1), 0)


def gelu(x, get):
    if get("approximate", "none") == "tanh":
        inner = make("multiply", math.sqrt(2 / math.pi), make("add", x, make("multiply", 0.044715, make("cube", x))))
        return make("multiply", make("multiply", x, 0.5), make("add", 1, make("tanh", inner)))
    return make("multiply", make("multiply", x, 0.5), make("add", 1, make("erf", make("multiply", x, math.sqrt(0.5)))))


def selu(x, get):
    alpha, gamma = get("alpha", 1.6732632), get("gamma", 1.050701)
    return above_0(x, make("multiply", x, gamma), make("multiply", gamma * alpha, expm1_below_0(x)))


def shrink(x, get):
    bias, limit = get("bias", 0.0), get("lambd", 0.5)
    below = make("select", make("less", x, -limit), make("add", x, bias), 0)
    return make("select", make("greater", x, limit), make("subtract", x, bias), below)


PLAIN = {
    "Sub": "subtract", "Mul": "multiply", "Div": "divide", "Neg": "negate", "Abs": "abs", "Sign": "sign", "Sqrt": "sqrt", "Exp": "exp", "Log": "log",
    "Reciprocal": "reciprocal", "Sin": "sin", "Cos": "cos", "Tan": "tan", "Asin": "asin", "Acos": "acos", "Atan": "atan", "Sinh": "sinh", "Cosh": "cosh",
    "Asinh": "asinh", "Acosh": "acosh", "Atanh": "atanh", "Tanh": "tanh", "Sigmoid": "sigmoid", "Softplus": "softplus", "Erf": "erf", "Floor": "floor",
    "Ceil": "ceil", "Less": "less", "LessOrEqual": "less_equal", "Greater": "greater", "GreaterOrEqual": "greater_equal", "Equal": "equal", "Where": "select",
}
OPERATORS = {
    **{name: plain(op) for name, op in PLAIN.items()},
    "Add": add, "Sum": folded("add"), "Min": folded("min"), "Max": folded("max"), "Mean": mean, "Clip": clip, "Pow": power, "PRelu": prelu, "Cast": cast, "CastLike": lambda t, n: t.same(n, t.value(n.inputs[0])),
    "And": lambda t, n: t.map(n, lambda a, b: make("greater", counted(a, b), 1.5)), "Or": lambda t, n: t.map(n, lambda a, b: make("greater", counted(a, b), 0.5)),
    "Xor": lambda t, n: t.map(n, lambda a, b: make("equal", counted(a, b), 1)), "Not": lambda t, n: t.map(n, lambda a: make("less", counted(a), 0.5)),
    "Relu": of_one(lambda x, get: make("max", x, 0)),
    "LeakyRelu": of_one(lambda x, get: above_0(x, x, make("multiply", get("alpha", 0.01), x))),
    "ThresholdedRelu": of_one(lambda x, get: make("select", make("greater", x, get("alpha", 1.0)), x, 0)),
    "Elu": of_one(lambda x, get: above_0(x, x, make("multiply", get("alpha", 1.0), expm1_below_0(x)))),
    "Celu": of_one(lambda x, get: above_0(x, x, make("multiply", get("alpha", 1.0), expm1_below_0(make("divide", x, get("alpha", 1.0)))))),
    "Selu": of_one(selu), "Gelu": of_one(gelu), "Shrink": of_one(shrink), "HardSigmoid": of_one(hard_sigmoid),
    "HardSwish": of_one(lambda x, get: make("multiply", x, make("max", make("min", make("add", make("multiply", x, 1 / 6), 0.5), 1), 0))),
    "Softsign": of_one(lambda x, get: make("divide", x, make("add", 1, make("abs", x)))),
    "Mish": of_one(lambda x, get: make("multiply", x, make("tanh", make("softplus", x)))),
    "Swish": of_one(lambda x, get: make("multiply", x, make("sigmoid", make("multiply", get("alpha", 1.0), x)))),
}
