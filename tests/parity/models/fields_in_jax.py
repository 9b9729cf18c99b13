# SPDX-License-Identifier: MIT
"""The fields of fields.py in JAX, in float64."""
import jax
import jax.numpy as jnp
import numpy
from models import fields
from models.grammar import Layer

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)
# Each function is worked out once.
jax.config.update("jax_disable_most_optimizations", True)

ACTIVATIONS = {
    "tanh": jnp.tanh,
    "silu": jax.nn.silu,
    "sine": jnp.sin,
    "softplus": jax.nn.softplus,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False),
}
JOINS = {"concat": jnp.concatenate, "add": sum, "multiply": lambda parts: parts[0] * parts[1]}


def parameter(given, make):
    """The next of those that are there, else a new one, put behind them."""
    weights, next_one = given
    if next_one[0] == len(weights):
        weights.append(make())
    next_one[0] += 1
    return weights[next_one[0] - 1]


def apply(x: Layer, value, given, rng):
    """One layer; where weights are not there yet, they are drawn."""

    def drawn(shape, fan_in):
        return parameter(given, lambda: rng.normal(0, 1.1 / fan_in**0.5, shape))

    match x.kind:
        case "chain":
            for part in x.inside:
                value = apply(part, value, given, rng)
            return value
        case "dense":
            width, has_bias = x.settings
            made = drawn((width, value.shape[0]), value.shape[0]) @ value
            return made + drawn((width,), 4) if has_bias else made
        case "conv":
            out, window, _, _ = x.settings
            weight = drawn((out, value.shape[1], *window.size), value.shape[1] * window.size[0])
            moved = jax.lax.conv_general_dilated(value.T[None], weight, window.stride, window.edges(value.shape[:1]))
            return moved[0].T + drawn((out,), 4)
        case "activation":
            return ACTIVATIONS[x.settings[0]](value)
        case "flatten":
            return value.reshape(-1)
        case "residual":
            return value + apply(x.inside[0], value, given, rng)
        case "branch":
            return [apply(part, value, given, rng) for part in x.inside]
        case _:
            return JOINS[x.kind](value)


def net(f: fields.Field, weights: list, x, rng=None):
    given, value = (weights, [0]), x.reshape(f.inputs[0])
    for layer in f.layers:
        value = apply(layer, value, given, rng)
    return value


def slope(function, column: int, columns: int):
    direction = jnp.zeros(columns).at[column].set(1)
    return lambda x: jax.jvp(function, (x,), (direction,))[1]


def all_outputs(f: fields.Field, weights: list, x):
    """Of one sample: the net's outputs, then each derivative."""

    def u(x):
        return net(f, weights, x)

    def derivative(by):
        function = u
        for column in by:
            function = slope(function, column, f.columns)
        return function(x)

    laplacian = [derivative((k, k)) for k in range(f.columns)] if () in f.derivatives else []
    return jnp.stack([u(x), *(derivative(by) if by else sum(laplacian) for by in f.derivatives)])


class Trial:
    """A field, with numbers for it, and what JAX makes of them."""

    def __init__(self, f: fields.Field):
        rng = numpy.random.default_rng([f.seed, f.number])
        self.field = f
        self.inputs = rng.uniform(-1.2, 1.2, (fields.SAMPLES, f.columns))
        self.weights = []
        net(f, self.weights, jnp.asarray(self.inputs[0]), rng)
        self.misses = rng.normal(0, 1, (fields.SAMPLES, 1 + len(f.derivatives), f.outputs))

    def rows(self) -> dict:
        """What our program is given."""
        flat = numpy.concatenate([w.reshape(-1) for w in self.weights])
        name = self.field.name
        return {f"{name}.weights": flat, f"{name}.inputs": self.inputs, f"{name}.misses": self.misses}

    def theirs(self):
        """Outputs, [sample][what][output], and the gradients of a mean square that misses one of them by what is given."""
        f = self.field

        @jax.jit
        def worked_out(weights, inputs, misses):
            outputs, back = jax.vjp(lambda w: jax.vmap(lambda x: all_outputs(f, w, x))(inputs), weights)
            factors = jnp.asarray(f.factors) * 2 / (fields.SAMPLES * f.outputs)
            one = jnp.eye(len(f.factors))[:, None, :, None] * (factors[:, None] * misses)[None]
            return outputs, jax.vmap(back)(one)[0]

        return worked_out(self.weights, self.inputs, self.misses)
