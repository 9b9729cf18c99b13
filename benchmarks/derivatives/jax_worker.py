#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loss and all weight gradients of each case in JAX, one jit: prints microseconds as JSON.

usage: jax_worker.py --how nested|jvp|jet|stacked --threads N --seconds S [--cases LIST] [--cache FOLDER]
       jax_worker.py --how ... --check FOLDER    prints losses and what tells gradients apart, from the weights in the folder

nested: jax.grad of jax.grad (Laplacian: jvp of grad, direction by direction). jvp: forward over forward. jet: Taylor mode. stacked: derivatives worked
out by hand, one product for all of a layer's streams (Laplacian: collapsed; forces: the backward pass written out). Points are constants of no call.
"""
import os
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "remedies"))
import steps  # noqa: E402  before JAX: it sets the number of threads

if steps.threads() == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402  reads the variables above
import jax.numpy as jnp  # noqa: E402
import nets  # noqa: E402
from jax.experimental.jet import jet  # noqa: E402

HOW = sys.argv[sys.argv.index("--how") + 1]


def net(weights, h):
    for w, b in zip(weights[:-2:2], weights[1:-2:2]):
        h = jnp.tanh(w @ h + b)
    return (weights[-2] @ h + weights[-1])[0]


def streams_of(weights, x, seeds, curvature):
    """u, its first derivatives by `seeds`, and their curved sum: u'' of stream k counts `curvature[k]`, layer by layer in one product."""
    points, z = x.shape[0], (weights[0] @ seeds).T[:, None, :]
    c = jnp.asarray(curvature, x.dtype)[:, None, None]
    h = jnp.tanh(x @ weights[0].T + weights[1])
    s = 1 - h * h
    first, second = s * z, -2 * h * s * jnp.sum(c * z * z, 0)
    for w, b in zip(weights[2:-2:2], weights[3:-2:2]):
        all_rows = jnp.concatenate([h[None], second[None], first]).reshape(-1, w.shape[1]) @ w.T
        all_rows = all_rows.reshape(len(curvature) + 2, points, -1)
        h = jnp.tanh(all_rows[0] + b)
        s, z = 1 - h * h, all_rows[2:]
        first, second = s * z, s * (all_rows[1] - 2 * h * jnp.sum(c * z * z, 0))
    last = jnp.concatenate([h[None], second[None], first]) @ weights[-2][0]
    return last[0] + weights[-1][0], last[2:], last[1]


def burgers(weights, x):
    def u(a, b):
        return net(weights, jnp.stack([a, b]))

    if HOW == "stacked":
        value, (by_x, by_t), curved = streams_of(weights, x, jnp.eye(2, dtype=x.dtype), (1, 0))
        return by_t + value * by_x - nets.NU * curved

    def nested(a, b):
        by_x = jax.grad(u, 0)
        return jax.grad(u, 1)(a, b) + u(a, b) * by_x(a, b) - nets.NU * jax.grad(by_x, 0)(a, b)

    def forward(a, b):
        one = jnp.ones_like(a)
        (value, by_x), (_, by_xx) = jax.jvp(lambda a: jax.jvp(lambda a: u(a, b), (a,), (one,)), (a,), (one,))
        return jax.jvp(lambda b: u(a, b), (b,), (one,))[1] + value * by_x - nets.NU * by_xx

    def taylor(a, b):
        x, e = jnp.stack([a, b]), jnp.eye(2, dtype=a.dtype)
        f = lambda x: net(weights, x)  # noqa: E731
        value, (by_x, by_xx) = jet(f, (x,), ((e[0], jnp.zeros_like(x)),))
        return jax.jvp(f, (x,), (e[1],))[1] + value * by_x - nets.NU * by_xx

    return jax.vmap({"nested": nested, "jvp": forward, "jet": taylor}[HOW])(x[:, 0], x[:, 1])


def laplacian(weights, x):
    directions = jnp.eye(x.shape[1], dtype=x.dtype)
    if HOW == "stacked":
        return streams_of(weights, x, directions, (1,) * x.shape[1])[2] + 1
    f = lambda x: net(weights, x)  # noqa: E731

    def nested(x):
        slope = jax.grad(f)
        return sum(jax.jvp(slope, (x,), (e,))[1][k] for k, e in enumerate(directions))

    def forward(x):
        second = lambda v: jax.jvp(lambda x: jax.jvp(f, (x,), (v,))[1], (x,), (v,))[1]  # noqa: E731
        return jnp.sum(jax.vmap(second)(directions))

    def taylor(x):
        return jnp.sum(jax.vmap(lambda v: jet(f, (x,), ((v, jnp.zeros_like(x)),))[1][1])(directions))

    return jax.vmap({"nested": nested, "jvp": forward, "jet": taylor}[HOW])(x) + 1


def forces(weights, x, y):
    if HOW == "stacked":
        slopes, h = [], x
        for w, b in zip(weights[:-2:2], weights[1:-2:2]):
            h = jnp.tanh(h @ w.T + b)
            slopes.append(1 - h * h)
        energy, d = h @ weights[-2].T + weights[-1], jnp.broadcast_to(weights[-2][0], h.shape)
        for w, s in zip(weights[-4::-2], slopes[::-1]):
            d = (d * s) @ w
        return jnp.concatenate([energy, d], 1) - y
    f = lambda x: net(weights, x)  # noqa: E731
    slope = {"nested": jax.grad, "jvp": jax.jacfwd}[HOW](f)
    return jax.vmap(lambda x: jnp.concatenate([f(x)[None], slope(x)]))(x) - y


def loss_of(case: nets.Case, x, y):
    if case.kind == "forces":
        return lambda w: jnp.mean(forces(w, x, y) ** 2)
    residual = burgers if case.kind == "burgers" else laplacian
    return lambda w: jnp.mean(residual(w, x) ** 2)


class Gradient:
    def __init__(self, case: nets.Case, weights):
        x, y = (jnp.asarray(n) for n in nets.numbers(case))
        self.weights = [jnp.asarray(w) for w in weights]
        self.run = jax.jit(lambda w, x, y: jax.value_and_grad(loss_of(case, x, y))(w))
        self.given = (x, y)

    def repeat(self, count: int):
        for _ in range(count):
            out = self.run(self.weights, *self.given)
            jax.block_until_ready(out)
        return out


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    if "--cache" in sys.argv:
        jax.config.update("jax_compilation_cache_dir", sys.argv[sys.argv.index("--cache") + 1])
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    if "--check" in sys.argv:
        folder = Path(sys.argv[sys.argv.index("--check") + 1])
        for name, case in nets.asked(HOW).items():
            loss, gradients = Gradient(case, nets.weights(case, folder / f"{name}.weights")).repeat(1)
            nets.print_check(name, float(loss), gradients)
    else:
        steps.report((name, Gradient(case, nets.weights(case)).repeat) for name, case in nets.asked(HOW).items())
