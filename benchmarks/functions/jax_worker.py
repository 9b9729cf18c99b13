#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Value and gradient of each case in JAX, in float64 and on one thread: prints microseconds and the value as JSON.

usage: jax_worker.py [--seconds S] [--only KIND,...]
"""
import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402  reads the variables above
import jax.numpy as jnp  # noqa: E402
import problems  # noqa: E402

jax.config.update("jax_enable_x64", True)


def lse(x):
    return jax.nn.logsumexp(x)


def llsq(c, t, s):
    return 0.5 * jnp.sum((s - jnp.vander(t, c.shape[0], increasing=True) @ c) ** 2)


def kmeans(c, x):
    distances = (x * x).sum(1)[:, None] - 2 * x @ c.T + (c * c).sum(1)[None, :]
    return distances.min(1).sum()


def regression(p, x, y):
    w, b, sigma = p[:10], p[10], p[11]
    rest = y - x @ w - b
    return -0.5 * jnp.sum(rest**2) / sigma**2 - x.shape[0] * jnp.log(sigma) - 0.5 * (b * b + w @ w) - 0.5 * sigma**2


def gmm(alpha, mu, q, l, x):
    k, d = mu.shape
    rows, columns = jnp.tril_indices(d, -1)
    factor = jnp.zeros((k, d, d)).at[:, rows, columns].set(l) + jax.vmap(jnp.diag)(jnp.exp(q))
    centred = jnp.einsum("kij,nkj->nki", factor, x[:, None, :] - mu)
    fit = jax.nn.logsumexp(alpha + q.sum(1) - 0.5 * (centred**2).sum(2), axis=1).sum()
    return fit - x.shape[0] * jax.nn.logsumexp(alpha) - 0.5 * (jnp.exp(2 * q).sum() + (l**2).sum())


def volatility(p, noise, y):
    phi, sigma, mu = p

    def step(level, e):
        level = mu + phi * (level - mu) + sigma * e
        return level, level

    h = jax.lax.scan(step, mu, noise)[1]
    return -0.5 * jnp.sum(h + y * y * jnp.exp(-h)) - 0.5 * jnp.sum(noise**2)


def ode(steps):
    def value(x):
        h = 2.0 / steps

        def slope(y):
            return x * jnp.concatenate([jnp.ones(1), y[:-1]])

        def step(_, y):
            k1 = slope(y)
            k2 = slope(y + h / 2 * k1)
            k3 = slope(y + h / 2 * k2)
            k4 = slope(y + h * k3)
            return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

        return jax.lax.fori_loop(0, steps, step, jnp.zeros(4))[3]

    return value


def main() -> None:
    asked, found = problems.asked(), {}
    for name, kind, data in problems.cases():
        if asked.only and kind not in asked.only.split(","):
            continue
        function = ode(data.pop("steps")) if kind == "ode" else globals()[kind]
        data = {key: jnp.asarray(array) for key, array in data.items()}
        wanted = tuple(list(data).index(key) for key in problems.WANTED[kind])
        value, gradient = jax.jit(function), jax.jit(jax.value_and_grad(function, argnums=wanted))
        arguments = tuple(data.values())
        found[name] = {"result": float(value(*arguments)), "value": problems.best_time(lambda: jax.block_until_ready(value(*arguments)), asked.seconds),
                       "gradient": problems.best_time(lambda: jax.block_until_ready(gradient(*arguments)), asked.seconds)}
    problems.report(found)


if __name__ == "__main__":
    main()
