#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Burgers' equation in JAX, in double: loss and gradient in one jit. Adam in it, too, fifty steps a call; then L-BFGS. Prints JSON.

  optax   optax.lbfgs with its zoom line search, twenty iterations a call
  scipy   scipy's L-BFGS-B, which calls the jit for each evaluation

Derivatives are carried along by hand through each layer, one stacked product a layer: nested jvp, vjp and jax.experimental.jet were slower.

usage: jax_worker.py PROBLEM [--how optax|scipy] [--threads N] [--until ERROR] ...
"""
import os
import time

import problem

ASKED = problem.arguments(("scipy", "optax"))
if ASKED.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(ASKED.threads)

import jax  # noqa: E402  reads the variables above
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax.flatten_util import ravel_pytree  # noqa: E402

jax.config.update("jax_enable_x64", True)
# Handing a call to another thread costs more than it hides, even with two cores.
jax.config.update("jax_cpu_enable_async_dispatch", False)

RATE, DECAY, SQUARE_DECAY = 1e-3, 0.9, 0.999
STEPS_A_CALL, ITERATIONS_A_CALL = 50, 20

GIVEN = problem.Problem(ASKED.problem)
FLAT, UNFLATTEN = ravel_pytree([jnp.asarray(part) for part in GIVEN.weights()])


def net(w, h):
    for i in range(0, len(w) - 2, 2):
        h = jnp.tanh(h @ w[i].T + w[i + 1])
    return (h @ w[-2].T + w[-1])[:, 0]


def residual(w, x):
    """From streams of u, u_x and u_t - nu u_xx."""
    n = x.shape[0]
    h = jnp.tanh(x @ w[0].T + w[1])
    s, zx, zt = 1 - h * h, w[0][:, 0], w[0][:, 1]
    hx, hl = s * zx, s * (zt + 2 * problem.NU * h * zx * zx)
    for i in range(2, len(w) - 2, 2):
        z = jnp.concatenate([h, hx, hl]) @ w[i].T
        h, zx, zl = jnp.tanh(z[:n] + w[i + 1]), z[n:2 * n], z[2 * n:]
        s = 1 - h * h
        hx, hl = s * zx, s * (zl + 2 * problem.NU * h * zx * zx)
    z = (jnp.concatenate([h, hx, hl]) @ w[-2].T)[:, 0]
    return z[2 * n:] + (z[:n] + w[-1]) * z[n:2 * n]


ON_EDGES, AT_WALLS = jnp.concatenate([jnp.asarray(GIVEN.walls), jnp.asarray(GIVEN.start)]), len(GIVEN.walls)
TARGET, GRID = jnp.asarray(GIVEN.target), jnp.asarray(GIVEN.grid)


def loss(flat, inside):
    w = UNFLATTEN(flat)
    values = net(w, ON_EDGES)
    return jnp.mean(residual(w, inside)**2) + jnp.mean(values[:AT_WALLS]**2) + jnp.mean((values[AT_WALLS:] - TARGET)**2)


@jax.jit
def adam_steps(state, inside):
    def step(_, state):
        flat, m, v, number = state
        g = jax.grad(loss)(flat, inside)
        number, m, v = number + 1, DECAY * m + (1 - DECAY) * g, SQUARE_DECAY * v + (1 - SQUARE_DECAY) * g * g
        return flat - RATE * (m / (1 - DECAY**number)) / (jnp.sqrt(v / (1 - SQUARE_DECAY**number)) + 1e-8), m, v, number
    return jax.lax.fori_loop(0, STEPS_A_CALL, step, state)


def by_scipy(flat, inside, course, keep):
    from scipy.optimize import minimize

    def evaluate(x):
        keep(x)
        course.count()
        value, gradient = VALUE_AND_GRADIENT(x, inside)
        return float(value), np.asarray(gradient)

    return jnp.asarray(minimize(evaluate, np.asarray(flat), jac=True, method="L-BFGS-B",
                                options={"maxcor": problem.HISTORY, "maxiter": ASKED.evaluations, "maxfun": ASKED.evaluations, "ftol": 0, "gtol": 0, "maxls": 25}).x)


def by_optax(flat, inside, course, keep):
    state, done = OPTAX.init(flat), 0
    while done < ASKED.evaluations:
        flat, state, evaluations = optax_iterations(flat, state, inside)
        keep(flat)
        done += int(evaluations)
        course.count(int(evaluations))
    return flat


if ASKED.how == "optax":
    import optax

    OPTAX = optax.lbfgs(memory_size=problem.HISTORY, linesearch=optax.scale_by_zoom_linesearch(max_linesearch_steps=25, initial_guess_strategy="one"))

    @jax.jit
    def optax_iterations(flat, state, inside):
        at = lambda x: loss(x, inside)  # noqa: E731
        value_and_gradient = optax.value_and_grad_from_state(at)

        def iteration(_, carried):
            flat, state, evaluations = carried
            value, gradient = value_and_gradient(flat, state=state)
            updates, state = OPTAX.update(gradient, state, flat, value=value, grad=gradient, value_fn=at)
            return optax.apply_updates(flat, updates), state, evaluations + optax.tree.get(state, "info").num_linesearch_steps

        return jax.lax.fori_loop(0, ITERATIONS_A_CALL, iteration, (flat, state, jnp.int64(0)))

VALUE_AND_GRADIENT = jax.jit(jax.value_and_grad(loss))
SQUARES = jax.jit(lambda flat, x: residual(UNFLATTEN(flat), x)**2)
FOUND = jax.jit(lambda flat: net(UNFLATTEN(flat), GRID))


def main() -> None:
    inside = jnp.asarray(GIVEN.inside)
    state = (FLAT, jnp.zeros_like(FLAT), jnp.zeros_like(FLAT), jnp.float64(0))
    begin = time.perf_counter()
    jax.block_until_ready(adam_steps(state, inside))
    jax.block_until_ready(VALUE_AND_GRADIENT(FLAT, inside))
    if ASKED.how == "optax":
        jax.block_until_ready(optax_iterations(FLAT, OPTAX.init(FLAT), inside))
    compile_seconds = time.perf_counter() - begin
    now = {"flat": FLAT}
    FOUND(FLAT)
    course = problem.Course(ASKED, lambda: GIVEN.error(FOUND(now["flat"])))
    generator = np.random.default_rng(1)

    def keep(flat):
        now["flat"] = flat

    try:
        for _ in range(max(1, ASKED.adam // STEPS_A_CALL)):
            state = jax.block_until_ready(adam_steps(state, inside))
            keep(state[0])
            course.count(STEPS_A_CALL)
        flat = state[0]
        for number in range(ASKED.rounds):
            if number > 0:
                candidates = generator.uniform((-1, 0), (1, 1), (10 * len(GIVEN.inside), 2))
                inside = jnp.asarray(problem.refined(candidates, np.asarray(SQUARES(flat, candidates)), len(GIVEN.inside), generator))
            flat = (by_optax if ASKED.how == "optax" else by_scipy)(flat, inside, course, keep)
            keep(flat)
        course.look()
    except problem.Done:
        pass
    course.report(compile_seconds)


main()
