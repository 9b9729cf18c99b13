#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""JAX: value, gradient and update in one jit with donated parameters. README.md has the settings that were tried."""
import os

import common

if common.threads() == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import functools  # noqa: E402  what follows reads the variables above
import re  # noqa: E402

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy  # noqa: E402
from jax import lax  # noqa: E402

ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}


def functions_of(case: common.Case):
    activation = ACTIVATIONS[case.activation]

    def forward(parameters, inputs):
        values = inputs
        for layer in range(case.layers):
            values = values @ parameters[2 * layer].T + parameters[2 * layer + 1]
            if layer + 1 < case.layers:
                values = activation(values)
        return values

    def loss(parameters, inputs, targets):
        outputs = forward(parameters, inputs)
        if case.loss == "mse":
            return jnp.mean((outputs - targets) ** 2)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), targets[:, None], axis=1))

    def step(parameters, inputs, targets):
        value, gradients = jax.value_and_grad(loss)(parameters, inputs, targets)
        return [p - common.LEARNING_RATE * g for p, g in zip(parameters, gradients)], value

    return forward, loss, step


class Jitted(common.Session):
    def __init__(self, problem: common.Problem):
        self.problem = problem
        self.parameters = [jnp.array(p) for p in problem.parameters]
        self.inputs = jnp.array(problem.inputs)
        self.targets = jnp.array(problem.targets.astype(numpy.int32) if problem.case.loss == "ce" else problem.targets)
        self.forward, self.loss, self.step = functions_of(problem.case)

    def gradient(self):
        value, gradients = jax.jit(jax.value_and_grad(self.loss))(self.parameters, self.inputs, self.targets)
        return [numpy.asarray(a) for a in (value, *gradients)]

    def output(self):
        return [numpy.asarray(jax.jit(self.forward)(self.parameters, self.inputs))]


class TrainCalls(Jitted):
    """A call for each step. Nothing waits between them."""

    way = "a call a step"

    def __init__(self, problem: common.Problem):
        super().__init__(problem)
        self.compiled = jax.jit(self.step, donate_argnums=0)

    def repeat(self, count: int) -> None:
        run, parameters, inputs, targets = self.compiled, self.parameters, self.inputs, self.targets
        for _ in range(count):
            parameters, self.value = run(parameters, inputs, targets)
        self.parameters = parameters
        jax.block_until_ready(parameters)


class TrainLoop(Jitted):
    """All steps of a stretch in one call: no Python in the loop."""

    def __init__(self, problem: common.Problem, unroll: int = 1):
        super().__init__(problem)
        self.way = f"loop of {unroll}"

        # The number of steps is an argument, or each stretch would be compiled anew.
        @functools.partial(jax.jit, donate_argnums=0)
        def run(parameters, inputs, targets, turns):
            def turn(_, carried):
                for _ in range(unroll):
                    carried = self.step(carried[0], inputs, targets)
                return carried

            return lax.fori_loop(0, turns, turn, (parameters, jnp.float32(0)))

        self.compiled, self.steps = run, unroll

    def repeat(self, count: int) -> None:
        turns = -(-count // self.steps)
        self.parameters, self.value = self.compiled(self.parameters, self.inputs, self.targets, turns)
        jax.block_until_ready(self.parameters)


class InferCalls(Jitted):
    way = "a call each"

    def __init__(self, problem: common.Problem):
        super().__init__(problem)
        self.compiled = jax.jit(self.forward)

    def repeat(self, count: int) -> None:
        run, parameters, inputs = self.compiled, self.parameters, self.inputs
        for _ in range(count):
            outputs = run(parameters, inputs)
        jax.block_until_ready(outputs)


class InferLoop(Jitted):
    """All in one call, over two batches in turn: of a single one the compiler would take the outputs out of the loop.

    Not unrolled: of several calls in a turn the compiler drops all but the last, barrier or not.
    """

    way = "loop"

    def __init__(self, problem: common.Problem):
        super().__init__(problem)
        self.both = jnp.stack([self.inputs, self.inputs[::-1]])

        @jax.jit
        def run(parameters, both, turns):
            def turn(i, outputs):
                inputs = lax.dynamic_index_in_dim(both, i & 1, keepdims=False)
                inputs, _ = lax.optimization_barrier((inputs, outputs))
                return self.forward(parameters, inputs)

            return lax.fori_loop(0, turns, turn, jnp.zeros((problem.batch, problem.case.widths[-1])))

        self.compiled = run

    def repeat(self, count: int) -> None:
        jax.block_until_ready(self.compiled(self.parameters, self.both, count))


def open_session(problem: common.Problem, phase: str, timed: bool) -> Jitted:
    if not timed:
        return Jitted(problem)
    if phase == "train":
        return common.faster([TrainCalls(problem), TrainLoop(problem), TrainLoop(problem, 4)])
    return common.faster([InferCalls(problem), InferLoop(problem)])


TOLD = ("sse4.2", "avx2", "fma", "avx512f", "avx512bf16", "amx-tile", "prefer-256-bit", "neon", "sve")


def kernels() -> str:
    """What XLA compiles for; only a compiled program has it written down."""
    program = jax.jit(lambda x: x @ x).lower(jnp.ones((8, 8))).compile().runtime_executable().serialize()
    features = {f[1:].decode() for listed in re.findall(rb"[+-][a-z0-9._-]+(?:,[+-][a-z0-9._-]+)+", program) for f in listed.split(b",") if f[:1] == b"+"}
    return "XLA, compiled for " + (", ".join(f for f in TOLD if f in features) or "what it does not tell")


if __name__ == "__main__":
    # Handing a call to another thread costs more than it hides, even with two cores.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    common.serve("jax", jax.__version__, open_session, kernels)
