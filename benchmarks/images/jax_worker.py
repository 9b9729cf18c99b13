#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A training step, and inference of one sample, of each net in JAX: prints microseconds as JSON.

One jit a step with donated state, images channels last, no asynchronous dispatch; with one thread also
--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1. The largest of a window is that of a reshaped image (lax.reduce_window was slower
backward), and a depthwise convolution a sum of shifted images (lax.conv_general_dilated with groups was twice to ten times slower). All other
convolutions are timed in two ways, and the faster counts (standard error has what each took):
  convolutions   lax.conv_general_dilated
  first shifted  the same, but those of up to three channels as a product of the image's shifted slices side by side
All as such products was slower: twice on ResNet-8. Inference is timed with weights as constants of what is compiled, too.

usage: jax_worker.py --threads N --seconds S [--cache FOLDER]     what was compiled is kept in the folder, for the next round
       jax_worker.py --check FOLDER     prints the losses of three steps from the weights in the folder, then the outputs of one sample
"""
import os
import sys
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "remedies"))
import steps  # noqa: E402  before JAX: it sets the number of threads

if steps.threads() == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402  reads the variables above
import jax.numpy as jnp  # noqa: E402
import nets  # noqa: E402
from jax import lax  # noqa: E402

WAYS = ("convolutions", "first shifted")


def slices(x, layer: nets.Conv):
    """The image as each tap of the kernel sees it."""
    above, below, left, right = layer.padding
    (rows, columns), stride = layer.size, layer.stride
    x = jnp.pad(x, ((0, 0), (above, below), (left, right), (0, 0)))
    height, width = ((n - size) // stride + 1 for n, size in zip(x.shape[1:3], layer.size))
    for i in range(rows):
        for j in range(columns):
            yield i, j, x[:, i:i + (height - 1) * stride + 1:stride, j:j + (width - 1) * stride + 1:stride]


def convolved(x, layer: nets.Conv, weight, way: str):
    """`weight` is [rows][columns][in][out]."""
    if layer.groups > 1:
        return sum(part * weight[i, j, 0] for i, j, part in slices(x, layer))
    if way == "convolutions" or layer.into > 3:
        above, below, left, right = layer.padding
        return lax.conv_general_dilated(x, weight, (layer.stride,) * 2, ((above, below), (left, right)), dimension_numbers=("NHWC", "HWIO", "NHWC"))
    columns = jnp.concatenate([part for _, _, part in slices(x, layer)], axis=-1)
    return columns @ weight.reshape(-1, layer.out)


def largest_of_windows(x):
    batch, height, width, channels = x.shape
    x = x[:, :height // 2 * 2, :width // 2 * 2]
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


def normalised(x, own, running, training: bool):
    """Over the batch and all positions; running statistics move as PyTorch's do, with the unbiased variance."""
    mean, variance = running["mean"], running["variance"]
    if training:
        count = x.size // x.shape[-1]
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        unbiased = variance * (count / (count - 1))
        running = {"mean": running["mean"] + nets.MOMENTUM * (mean - running["mean"]), "variance": running["variance"] + nets.MOMENTUM * (unbiased - running["variance"])}
    return (x - mean) * (lax.rsqrt(variance + nets.EPSILON) * own["weight"]) + own["bias"], running


PLAIN = {"relu": jax.nn.relu, "pool": largest_of_windows, "mean": lambda x: x.mean((1, 2)), "flatten": lambda x: x.reshape(x.shape[0], -1)}


def forward(layers, x, parameters, running, training: bool, way: str):
    """The outputs and the next running statistics; `parameters` and `running` are iterators."""
    moved = []
    for layer in layers:
        if isinstance(layer, nets.Add):
            both = [forward(branch, x, parameters, running, training, way) for branch in layer.branches]
            x = both[0][0] + both[1][0]
            moved += both[0][1] + both[1][1]
        elif isinstance(layer, nets.BatchNorm):
            x, state = normalised(x, next(parameters), next(running), training)
            moved.append(state)
        elif isinstance(layer, nets.Plain):
            x = PLAIN[layer.kind](x)
        else:
            own = next(parameters)
            x = convolved(x, layer, own["weight"], way) if isinstance(layer, nets.Conv) else x @ own["weight"]
            if "bias" in own:
                x = x + own["bias"]
    return x, moved


def state_of(weights):
    """Learned and running tensors, as JAX multiplies with them: the inputs before the outputs."""
    turned = {2: (1, 0), 4: (2, 3, 1, 0)}
    learned = [{name: jnp.array(w[name].transpose(turned.get(w[name].ndim, (0,)))) for name in ("weight", "bias") if name in w} for w in weights]
    return learned, [{name: jnp.array(w[name]) for name in ("mean", "variance")} for w in weights if "mean" in w]


class Training:
    def __init__(self, layers, image, batch: int, weights, way: str):
        self.way, self.steps, self.layers = way, 1, layers
        inputs, labels = (jnp.array(a) for a in nets.problem(image, batch, nets.classes_of(layers)))
        self.inputs, self.state, self.loss = inputs, state_of(weights), jnp.float32(0)

        def loss(learned, running):
            outputs, running = forward(layers, inputs, iter(learned), iter(running), True, way)
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(outputs), labels[:, None], axis=1)), running

        def step(state):
            (value, running), gradients = jax.value_and_grad(loss, has_aux=True)(*state)
            return (jax.tree.map(lambda p, g: p - nets.RATE * g, state[0], gradients), running), value

        self.run = jax.jit(step, donate_argnums=0)

    def repeat(self, count: int) -> float:
        for _ in range(count):
            self.state, self.loss = self.run(self.state)
        jax.block_until_ready((self.state, self.loss))
        return self.loss


class Inference:
    """A call each; weights are constants of what is compiled, so that whatever can be done with them once is done once."""

    steps = 1

    def __init__(self, layers, inputs, state, way: str, constant: bool):
        self.way, self.one = way + (", constant weights" if constant else ""), inputs[:1]
        self.given = () if constant else (state,)
        self.run = jax.jit(lambda x, given=state: forward(layers, x, iter(given[0]), iter(given[1]), False, way)[0])

    def repeat(self, count: int):
        run, one, given = self.run, self.one, self.given
        for _ in range(count):
            outputs = run(one, *given)
        return jax.block_until_ready(outputs)


def seconds_of(session) -> float:
    """Of one step or call: the least of five stretches of some hundredths of a second."""

    def stretch(count: int) -> float:
        start = time.perf_counter()
        session.repeat(count)
        return (time.perf_counter() - start) / count

    session.repeat(2)  # compiles
    count = max(1, int(0.03 / stretch(1)))
    return min(stretch(count) for _ in range(5))


def fastest(name: str, sessions):
    """What each took goes to standard error."""
    took = [seconds_of(s) for s in sessions]
    print(f"{name}:", ", ".join(f"{s.way} {1e6 * t:.2f} us" for s, t in zip(sessions, took)), file=sys.stderr, flush=True)
    return sessions[took.index(min(took))]


def timed():
    for name, (layers, image, batch) in nets.NETS.items():
        trainings = [Training(layers, image, batch, nets.drawn(layers), way) for way in WAYS]
        yield name, fastest(name, trainings).repeat
        if steps.threads() == 1 and name not in nets.NOT_INFERRED:
            inputs, state = trainings[0].inputs, trainings[0].state
            one = nets.one_sample(name)
            yield one, fastest(one, [Inference(layers, inputs, state, way, constant) for way in WAYS for constant in (False, True)]).repeat


def check(folder: Path) -> None:
    """All ways; each has its own lines."""
    for way in WAYS:
        for name, (layers, image, batch) in nets.NETS.items():
            training = Training(layers, image, batch, nets.weights_of(layers, folder / f"{name}.safetensors"), way)
            nets.print_check(name, [float(training.repeat(1)) for _ in range(3)])
            if name not in nets.NOT_INFERRED:
                for constant in (False, True):
                    nets.print_check(nets.one_sample(name), Inference(layers, training.inputs, training.state, way, constant).repeat(1)[0].tolist())


if __name__ == "__main__":
    # Handing a call to another thread costs more than it hides, even with two cores.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    if "--cache" in sys.argv:
        jax.config.update("jax_compilation_cache_dir", sys.argv[sys.argv.index("--cache") + 1])
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    if "--check" in sys.argv:
        check(Path(sys.argv[sys.argv.index("--check") + 1]))
    else:
        steps.report(timed())
