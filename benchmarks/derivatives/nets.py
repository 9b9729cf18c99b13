# SPDX-License-Identifier: MIT
"""The nets, points and weights of benchmark_derivatives, and what a check prints: for systems that build them by themselves."""
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy

NU = 0.01 / 3.14159265358979323846


@dataclass(frozen=True)
class Case:
    kind: str  # burgers, laplacian, forces
    widths: tuple[int, ...]
    points: int
    targets: int = 0
    wide: bool = True

    @property
    def inputs(self) -> int:
        return self.widths[0]

    @property
    def dtype(self):
        return numpy.float64 if self.wide else numpy.float32


def both(name: str, **about) -> dict[str, Case]:
    return {name: Case(**about), name + "_f32": Case(**about, wide=False)}


CASES = {"burgers_3x20": Case("burgers", (2, 20, 20, 20, 1), 2540),
         **both("burgers_8x20", kind="burgers", widths=(2, *(8 * (20,)), 1), points=2540),
         "laplacian_2": Case("laplacian", (2, 64, 64, 64, 1), 1024),
         **both("laplacian_10", kind="laplacian", widths=(10, 64, 64, 64, 1), points=1024),
         "laplacian_50": Case("laplacian", (50, 64, 64, 64, 1), 1024),
         "forces": Case("forces", (27, 25, 25, 1), 300, targets=28)}


def asked(how: str = "") -> dict[str, Case]:
    """Those of --cases, else all; Taylor mode has no way of its own for first derivatives alone."""
    names = sys.argv[sys.argv.index("--cases") + 1].split(",") if "--cases" in sys.argv else CASES
    return {name: CASES[name] for name in names if how != "jet" or CASES[name].kind != "forces"}



def numbers(case: Case) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Points and targets."""
    found, state = [], 1
    for _ in range(case.points * (case.inputs + case.targets)):
        state = (state * 1664525 + 1013904223) % 2**32
        found.append((state >> 8) / (1 << 23) - 1)
    x, y = numpy.split(numpy.array(found, case.dtype), [case.points * case.inputs])
    return x.reshape(case.points, case.inputs), y.reshape(case.points, case.targets)


def shapes(case: Case):
    """Of weight and bias of each layer."""
    for into, out in zip(case.widths[:-1], case.widths[1:]):
        yield (out, into)
        yield (out,)


def weights(case: Case, file: Path | None = None) -> list[numpy.ndarray]:
    """Those of a file, or some to be timed with."""
    sizes = [int(numpy.prod(shape)) for shape in shapes(case)]
    if file is not None:
        flat = numpy.fromfile(file)
        assert flat.size == sum(sizes), file
    else:
        draw = numpy.random.default_rng(1)
        flat = numpy.concatenate([draw.standard_normal(shape).ravel() / (shape[-1] if len(shape) > 1 else 100) ** 0.5 for shape in shapes(case)])
    parts = numpy.split(flat, numpy.cumsum(sizes)[:-1])
    return [part.reshape(shape).astype(case.dtype) for part, shape in zip(parts, shapes(case))]


def print_check(name: str, loss: float, gradients) -> None:
    """The loss, and of each gradient the norm and a sum with signs."""
    print(f"{name}: loss\t{loss:.17g}")
    for k, g in enumerate(gradients):
        g = numpy.asarray(g, numpy.float64).ravel()
        signs = numpy.where(numpy.arange(g.size) % 2 == 0, 1.0, -1.0)
        print(f"{name}: {k}\t{numpy.linalg.norm(g):.17g}\t{g @ signs:.17g}")
