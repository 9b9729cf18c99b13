# SPDX-License-Identifier: MIT
"""The nets of main.cpp as lists of layers, its numbers, and the weights that it writes: for systems that build a net by themselves.

A worker that is called with `--nets LIST` sees these alone."""
import json
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy

RATE, EPSILON, MOMENTUM = 0.01, 1e-5, 0.1


@dataclass(frozen=True)
class Conv:
    into: int
    out: int
    size: tuple[int, int] = (3, 3)
    stride: int = 1
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)  # above, below, left, right
    groups: int = 1
    bias: bool = True


@dataclass(frozen=True)
class Dense:
    into: int
    out: int


@dataclass(frozen=True)
class BatchNorm:
    channels: int


@dataclass(frozen=True)
class Plain:
    """relu, pool (the largest of two by two), mean (of all positions) or flatten."""

    kind: str


@dataclass(frozen=True)
class Add:
    """The sum of branches; one without layers hands on what comes in."""

    branches: tuple[tuple, ...]


relu, pool, mean, flatten = (Plain(kind) for kind in ("relu", "pool", "mean", "flatten"))
AROUND = (1, 1, 1, 1)


def convolved(into: int, out: int, stride: int) -> tuple:
    return Conv(into, out, stride=stride, padding=AROUND, bias=False), BatchNorm(out)


def body(into: int, out: int, stride: int) -> tuple:
    return *convolved(into, out, stride), relu, *convolved(out, out, 1)


def shrinking(into: int, out: int) -> tuple:
    return Add((body(into, out, 2), (Conv(into, out, (1, 1), 2, bias=False),))), relu


SEPARABLE = (Conv(64, 64, padding=AROUND, groups=64, bias=False), BatchNorm(64), relu, Conv(64, 64, (1, 1), bias=False), BatchNorm(64), relu)
KERAS = (Conv(1, 32), relu, pool, Conv(32, 64), relu, pool, flatten, Dense(1600, 10))
LENET = (Conv(1, 6, (5, 5), padding=(2, 2, 2, 2)), relu, pool, Conv(6, 16, (5, 5)), relu, pool, flatten,
         Dense(400, 120), relu, Dense(120, 84), relu, Dense(84, 10))
PAIR = (Conv(32, 32, padding=AROUND), relu, Conv(32, 32, padding=AROUND), relu, mean, Dense(32, 10))
RESNET8 = (*convolved(3, 16, 1), relu, Add((body(16, 16, 1), ())), relu, *shrinking(16, 32), *shrinking(32, 64), mean, Dense(64, 10))
DS_CNN = (Conv(1, 64, (10, 4), 2, (4, 5, 1, 1), bias=False), BatchNorm(64), relu, *(4 * SEPARABLE), mean, Dense(64, 12))

# name: layers, image [height, width, channels], batch
NETS = {"keras": (KERAS, (28, 28, 1), 32), "keras128": (KERAS, (28, 28, 1), 128), "lenet": (LENET, (28, 28, 1), 64),
        "pair": (PAIR, (16, 16, 32), 32), "resnet8": (RESNET8, (32, 32, 3), 32), "ds_cnn": (DS_CNN, (49, 10, 1), 32)}
if "--nets" in sys.argv:
    WANTED = sys.argv[sys.argv.index("--nets") + 1].split(",")
    NETS = {name: net for name, net in NETS.items() if name in WANTED}
NOT_INFERRED = ("keras128",)  # one sample of it is one of keras


def one_sample(name: str) -> str:
    return name + ", one sample"


def print_check(name: str, numbers) -> None:
    print(name, *(f"{n:.9g}" for n in numbers), sep="\t")


def classes_of(layers) -> int:
    return layers[-1].out


def problem(image, batch: int, classes: int):
    """The numbers of main.cpp, channels last, and labels."""
    numbers, state = [], 1
    for _ in range(batch * int(numpy.prod(image))):
        state = (state * 1664525 + 1013904223) % 2**32
        numbers.append((state >> 8) / 2**24)
    return numpy.array(numbers, numpy.float32).reshape(batch, *image), numpy.arange(batch) % classes


def tensors_of(path: Path) -> dict[str, numpy.ndarray]:
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    out = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        out[name] = numpy.frombuffer(raw[8 + size + first:8 + size + last], dtype="<f4").reshape(entry["shape"]).copy()
    return out


def in_order(path: Path) -> tuple[list[numpy.ndarray], list[numpy.ndarray]]:
    """Learned tensors by the places of their layers, weight before bias; then running means and variances likewise."""

    def key(name: str):
        *layers, kind = name.split(".")
        return [(0, int(p)) if p.isdigit() else (1, p) for p in layers] + [(2, ("weight", "bias", "running_mean", "running_var").index(kind))]

    tensors = {name: t for name, t in tensors_of(path).items() if "num_batches" not in name}
    names = sorted(tensors, key=key)
    return [tensors[n] for n in names if "running" not in n], [tensors[n] for n in names if "running" in n]


def built(layers, make):
    """What `make(layer)` gives for each layer with parameters, in the order of the file, within branches too."""
    for layer in layers:
        if isinstance(layer, Add):
            for branch in layer.branches:
                yield from built(branch, make)
        elif not isinstance(layer, Plain):
            yield make(layer)


def weights_of(layers, path: Path) -> list[dict[str, numpy.ndarray]]:
    """Of each layer with parameters: weight, bias, and mean and variance of a batch norm."""
    learned, running = (iter(found) for found in in_order(path))

    def read(layer) -> dict[str, numpy.ndarray]:
        names = ["weight"] if isinstance(layer, Conv) and not layer.bias else ["weight", "bias"]
        own = {name: next(learned) for name in names}
        if isinstance(layer, BatchNorm):
            own |= {"mean": next(running), "variance": next(running)}
        return own

    weights = list(built(layers, read))
    assert next(learned, None) is None and next(running, None) is None, path
    return weights


def drawn(layers, seed: int = 1) -> list[dict[str, numpy.ndarray]]:
    """Weights to be timed with, where there is no file: of the size that keeps values as large as they were."""
    numbers = numpy.random.default_rng(seed)

    def draw(layer) -> dict[str, numpy.ndarray]:
        if isinstance(layer, BatchNorm):
            zeros, ones = numpy.zeros(layer.channels, numpy.float32), numpy.ones(layer.channels, numpy.float32)
            return {"weight": ones, "bias": zeros, "mean": zeros.copy(), "variance": ones.copy()}
        shape = (layer.out, layer.into // layer.groups, *layer.size) if isinstance(layer, Conv) else (layer.out, layer.into)
        weight = numbers.standard_normal(shape) * (2 / numpy.prod(shape[1:])) ** 0.5
        own = {"weight": weight.astype(numpy.float32)}
        if isinstance(layer, Dense) or layer.bias:
            own["bias"] = numpy.zeros(layer.out, numpy.float32)
        return own

    return list(built(layers, draw))
