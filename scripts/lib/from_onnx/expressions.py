# SPDX-License-Identifier: MIT
"""Expressions of numbers: as C++, and as numbers, by which known activations are recognised."""
import math
import string
from dataclasses import dataclass

import numpy as np


@dataclass(eq=False)
class Expression:
    """`op` is a key of OPERATIONS, or "value", "parameter", "number", whose `leaf` is a Value, an array, a float."""
    op: str
    args: tuple = ()
    leaf: object = None


def number(x) -> Expression:
    """An infinite one is as good as the largest: it stands where numbers are compared."""
    return Expression("number", leaf=np.clip(np.float32(x), np.finfo(np.float32).min, np.finfo(np.float32).max))


def make(op, *args) -> Expression:
    return Expression(op, tuple(a if isinstance(a, Expression) else number(a) for a in args))


erf = np.vectorize(math.erf, otypes=[float])

# How each is written, and computed. What is compared is a truth.
OPERATIONS = {
    "add": ("{0} + {1}", np.add), "subtract": ("{0} - {1}", np.subtract), "multiply": ("{0} * {1}", np.multiply), "divide": ("{0} / {1}", np.divide),
    "negate": ("-{0}", np.negative), "abs": ("abs({0})", np.abs), "sign": ("sign({0})", np.sign), "sqrt": ("sqrt({0})", np.sqrt),
    "square": ("square({0})", np.square), "cube": ("pow<3>({0})", lambda x: x ** 3), "reciprocal": ("reciprocal({0})", np.reciprocal),
    "power": ("pow({0}, {1})", np.power), "exp": ("exp({0})", np.exp), "log": ("log({0})", np.log),
    "sin": ("sin({0})", np.sin), "cos": ("cos({0})", np.cos), "tan": ("tan({0})", np.tan), "asin": ("asin({0})", np.arcsin), "acos": ("acos({0})", np.arccos),
    "atan": ("atan({0})", np.arctan), "sinh": ("sinh({0})", np.sinh), "cosh": ("cosh({0})", np.cosh), "asinh": ("asinh({0})", np.arcsinh),
    "acosh": ("acosh({0})", np.arccosh), "atanh": ("atanh({0})", np.arctanh), "tanh": ("tanh({0})", np.tanh),
    "sigmoid": ("sigmoid({0})", lambda x: 1 / (1 + np.exp(-x))), "softplus": ("softplus({0})", lambda x: np.logaddexp(0, x)), "erf": ("erf({0})", erf),
    "min": ("min({0}, {1})", np.minimum), "max": ("max({0}, {1})", np.maximum), "floor": ("floor({0})", np.floor), "ceil": ("ceil({0})", np.ceil),
    "less": ("{0} < {1}", np.less), "less_equal": ("{0} <= {1}", np.less_equal), "greater": ("{0} > {1}", np.greater),
    "greater_equal": ("{0} >= {1}", np.greater_equal), "equal": ("{0} == {1}", np.equal), "select": ("select({0}, {1}, {2})", np.where),
}
TRUTHS = ("less", "less_equal", "greater", "greater_equal", "equal")


def expm1_below_0(x) -> Expression:
    return make("subtract", make("exp", make("min", x, 0)), 1)


def leaves(expression, kind) -> list[Expression]:
    """Each once, in the order in which they are read."""
    found, seen = [], set()

    def visit(e):
        if id(e) in seen:
            return
        seen.add(id(e))
        if e.op == kind:
            found.append(e)
        for a in e.args:
            visit(a)

    visit(expression)
    return found


def values_of(expression) -> list:
    """What it reads, each once."""
    found = []
    for leaf in leaves(expression, "value"):
        if all(leaf.leaf is not other for other in found):
            found.append(leaf.leaf)
    return found


def replaced(expression, value, by, done=None) -> Expression:
    """With an expression in the place of a value."""
    done = {} if done is None else done
    if id(expression) not in done:
        if expression.op == "value" and expression.leaf is value:
            done[id(expression)] = by
        else:
            args = tuple(replaced(a, value, by, done) for a in expression.args)
            done[id(expression)] = Expression(expression.op, args, expression.leaf)
    return done[id(expression)]


def compute(expression, x, done=None):
    """Of one value, without parameters."""
    done = {} if done is None else done
    if id(expression) not in done:
        if expression.op == "value":
            done[id(expression)] = x
        elif expression.op == "number":
            done[id(expression)] = float(expression.leaf)
        else:
            done[id(expression)] = OPERATIONS[expression.op][1](*(compute(a, x, done) for a in expression.args))
    return done[id(expression)]


def text_of_number(x) -> str:
    return str(np.float32(x))


class Writer:
    """Writes an expression as the body of a generic lambda; what is read twice gets a name."""

    def __init__(self, expression, names):
        self.names, self.uses, self.done, self.lines = names, {}, {}, []
        self.count(expression)
        self.result = self.write(expression)[0]

    def count(self, e):
        self.uses[id(e)] = self.uses.get(id(e), 0) + 1
        if self.uses[id(e)] == 1:
            for a in e.args:
                self.count(a)

    def write(self, e) -> tuple[str, bool]:
        """The text, and whether it can stand beside an operator as it is."""
        if id(e) not in self.done:
            self.done[id(e)] = self.written(e)
        return self.done[id(e)]

    def written(self, e) -> tuple[str, bool]:
        if e.op == "number":
            return text_of_number(e.leaf), not np.signbit(e.leaf)
        if e.op in ("value", "parameter"):
            return self.names(e), True
        pattern = OPERATIONS[e.op][0]
        is_call = pattern.endswith(")")
        operands = [self.write(a) for a in e.args]
        text = pattern.format(*(t if is_atom or is_call else f"({t})" for t, is_atom in operands))
        if self.uses[id(e)] == 1:
            return text, is_call
        name = f"t{len(self.lines)}"
        self.lines.append(f"const auto {name} = {text};")
        return name, True


def is_truth(expression) -> bool:
    if expression.op == "value":
        return expression.leaf.is_truth
    return expression.op in TRUTHS


def lambda_of(expression, values):
    """A generic lambda of the values and of the parameters, and those parameters in their order."""
    parameters = leaves(expression, "parameter")
    letters = [c for c in string.ascii_lowercase if c != "e"]
    of_values = ["x"] if len(values) == 1 else letters[:len(values)] if len(values) <= 8 else [f"x{i}" for i in range(len(values))]
    of_parameters = ["p", "q", "r", "s", "u", "v", "w"] if len(parameters) <= 7 else [f"p{i}" for i in range(len(parameters))]

    def names(e):
        if e.op == "parameter":
            return of_parameters[next(i for i, p in enumerate(parameters) if p is e)]
        text = of_values[next(i for i, v in enumerate(values) if v is e.leaf)]
        return f"({text} > 0.5)" if e.leaf.is_truth else text

    if is_truth(expression):
        expression = make("select", expression, 1, 0)
    writer = Writer(expression, names)
    arguments = ", ".join(f"auto {n}" for n in [*of_values[:len(values)], *of_parameters[:len(parameters)]])
    body = " ".join([*writer.lines, f"return {writer.result};"])
    return f"[]({arguments}) {{ {body} }}", parameters


GRID = np.concatenate([np.linspace(-12, 12, 97), np.linspace(-1.5, 1.5, 31)])
# Of every size that a number has: a bound of 20 or of 0.01 is in none of the steps above.
SIZES = np.logspace(-7, 38, 181)
ROOT2 = math.sqrt(2)


def places_of(expression):
    """Where functions are compared: a grid, every size, and what is beside the numbers that the expression names."""
    named = np.array([float(e.leaf) for e in leaves(expression, "number")])
    more = np.concatenate([SIZES, named, named * 0.999, named * 1.001])
    return np.concatenate([GRID, more, -more])


def known_activations(x, y):
    """Names with what they compute at x; slopes are guessed from y, what the function on trial does."""
    at = lambda place: y[np.argmin(np.abs(x - place))]
    low = np.minimum(x, 0)
    gate = np.clip(x / 6 + 0.5, 0, 1)
    sigmoid = 1 / (1 + np.exp(-x))
    slope, bend = -at(-1), at(-12) / math.expm1(-12)
    yield "identity", x
    yield "relu", np.maximum(x, 0)
    yield "relu6", np.clip(x, 0, 6)
    yield "abs", np.abs(x)
    yield f"leaky_relu<{text_of_number(slope)}>", np.where(x > 0, x, slope * x)
    yield f"elu<{text_of_number(bend)}>", np.where(x > 0, x, bend * np.expm1(low))
    yield "selu", 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543773 * np.expm1(low))
    yield "gelu", x / 2 * (1 + erf(x / ROOT2))
    yield "gelu_tanh", x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
    yield "silu", x * sigmoid
    yield "mish", x * np.tanh(np.logaddexp(0, x))
    yield "hard_swish", x * gate
    yield "hard_sigmoid", gate
    yield "hard_tanh", np.clip(x, -1, 1)
    yield "sigmoid", sigmoid
    yield "tanh", np.tanh(x)
    yield "softplus", np.logaddexp(0, x)
    yield "log_sigmoid", -np.logaddexp(0, -x)
    yield "softsign", x / (1 + np.abs(x))
    yield "square", x * x
    yield "sine", np.sin(x)
    yield "gaussian", np.exp(-x * x)


def recognised(expression) -> str | None:
    """The name of an activation that computes the same, or None."""
    if leaves(expression, "parameter") or is_truth(expression):
        return None
    with np.errstate(all="ignore"):
        x = places_of(expression)
        f = np.broadcast_to(np.asarray(compute(expression, x), dtype=float), x.shape)
        is_finite = np.isfinite(f)
        if not is_finite[:GRID.size].all():
            return None
        # Far from 0 an exponential between may overflow; what a known activation does there is at least a number.
        for name, known in known_activations(x, f):
            if np.allclose(f[is_finite], known[is_finite], rtol=1e-6, atol=1e-7):
                return name
    return None
