#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A training step of each net in JAX, one jit with donated state: prints microseconds as JSON.

usage: jax_worker.py --threads N --seconds S
"""
import os

import steps

if steps.threads() == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402  reads the variables above
import jax.numpy as jnp  # noqa: E402

EPSILON, MOMENTUM, RATE, DECAY, SQUARE_DECAY = 1e-5, 0.1, 1e-3, 0.9, 0.999


def normalised(kind: str, x, layer, running):
    """The values between a dense layer and relu, and the next running mean and variance."""
    if kind == "batch_norm":
        mean, variance = x.mean(0), x.var(0)
        unbiased = variance * (x.shape[0] / (x.shape[0] - 1))
        running = {"mean": running["mean"] + MOMENTUM * (mean - running["mean"]), "variance": running["variance"] + MOMENTUM * (unbiased - running["variance"])}
        x = (x - mean) * jax.lax.rsqrt(variance + EPSILON) * layer["gain"] + layer["shift"]
    elif kind == "layer_norm":
        x = (x - x.mean(1, keepdims=True)) * jax.lax.rsqrt(x.var(1, keepdims=True) + EPSILON) * layer["gain"] + layer["shift"]
    elif kind == "rms_norm":
        x = x * jax.lax.rsqrt((x * x).mean(1, keepdims=True) + EPSILON) * layer["gain"]
    return x, running


def loss(parameters, running, key, kind, inputs, labels):
    x, next_running = inputs, []
    for number, layer in enumerate(parameters[:-1]):
        x, state = normalised(kind, x @ layer["weight"] + layer["bias"], layer, running[number])
        next_running.append(state)
        x = jax.nn.relu(x)
        if kind == "dropout":
            x = jnp.where(jax.random.bernoulli(jax.random.fold_in(key, number), 0.8, x.shape), x / 0.8, 0)
    outputs = x @ parameters[-1]["weight"] + parameters[-1]["bias"]
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), labels[:, None], axis=1)), next_running


def adam(p, m, v, g, step):
    m, v = DECAY * m + (1 - DECAY) * g, SQUARE_DECAY * v + (1 - SQUARE_DECAY) * g * g
    return p - RATE * (m / (1 - DECAY**step)) / (jnp.sqrt(v / (1 - SQUARE_DECAY**step)) + 1e-8), m, v


def stepper(kind: str, widths: list[int], batch: int):
    key = jax.random.key(7)
    inputs, labels = jax.random.uniform(key, (batch, widths[0]), minval=-1), jax.random.randint(key, (batch,), 0, 10)
    parameters = [{"weight": jax.random.normal(key, (i, o)) * (2 / i) ** 0.5, "bias": jnp.zeros(o), "gain": jnp.ones(o), "shift": jnp.zeros(o)} for i, o in zip(widths, widths[1:])]
    running = [{"mean": jnp.zeros(o), "variance": jnp.ones(o)} for o in widths[1:-1]]
    if kind not in ("batch_norm", "layer_norm", "rms_norm"):
        parameters = [{name: layer[name] for name in ("weight", "bias")} for layer in parameters]
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    def step(state):
        parameters, m, v, running, key, number = state
        key, own = jax.random.split(key) if kind == "dropout" else (key, key)
        (_, running), gradient = jax.value_and_grad(loss, has_aux=True)(parameters, running, own, kind, inputs, labels)
        updated = jax.tree.map(lambda p, m, v, g: adam(p, m, v, g, number + 1), parameters, m, v, gradient)
        parameters, m, v = (jax.tree.map(lambda of: of[i], updated, is_leaf=lambda x: isinstance(x, tuple)) for i in range(3))
        return parameters, m, v, running, key, number + 1

    compiled = jax.jit(step, donate_argnums=0)
    state = (parameters, zeros, jax.tree.map(jnp.copy, zeros), running, key, jnp.float32(0))

    def repeat(count: int) -> None:
        nonlocal state
        for _ in range(count):
            state = compiled(state)
        jax.block_until_ready(state)

    return repeat


def nets():
    for kind in ("plain", "batch_norm", "layer_norm", "rms_norm", "dropout"):
        yield kind, stepper(kind, [64, 64, 64, 64, 10], 256)
    yield "784-512-512-10", stepper("plain", [784, 512, 512, 10], 128)


if __name__ == "__main__":
    # Handing a call to another thread costs more than it hides, even with two cores.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    steps.report(nets())
