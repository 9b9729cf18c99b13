#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Loss and all weight gradients of each case in PyTorch: prints microseconds as JSON.

usage: pytorch_worker.py --how eager|func|compile --threads N --seconds S [--cases LIST]
       pytorch_worker.py --how ... --check FOLDER    prints losses and what tells gradients apart, from the weights in the folder

eager: torch.autograd.grad with create_graph, then again. func: torch.func, jvp of jvp (forces: grad). compile: torch.compile knows no second
derivatives, and so takes derivatives worked out by hand, one product for all of a layer's streams.
"""
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "remedies"))
import steps  # noqa: E402  before torch: it sets the number of threads
import nets  # noqa: E402
import torch  # noqa: E402
from torch.func import grad, jvp, vmap  # noqa: E402
from torch.nn.functional import linear  # noqa: E402

HOW = sys.argv[sys.argv.index("--how") + 1]


def net(weights, h):
    for w, b in zip(weights[:-2:2], weights[1:-2:2]):
        h = torch.tanh(linear(h, w, b))
    return linear(h, weights[-2], weights[-1])[..., 0]


def streams_of(weights, x, curvature):
    """u, its first derivatives by each input, and their curved sum: u'' of stream k counts `curvature[k]`."""
    points, z = x.shape[0], weights[0].T[:, None, :]
    c = torch.tensor(curvature, dtype=x.dtype)[:, None, None]
    h = torch.tanh(linear(x, weights[0], weights[1]))
    s = 1 - h * h
    first, second = s * z, -2 * h * s * (c * z * z).sum(0)
    for w, b in zip(weights[2:-2:2], weights[3:-2:2]):
        rows = torch.cat([h[None], second[None], first]).reshape(-1, w.shape[1]) @ w.T
        rows = rows.reshape(len(curvature) + 2, points, -1)
        h = torch.tanh(rows[0] + b)
        s, z = 1 - h * h, rows[2:]
        first, second = s * z, s * (rows[1] - 2 * h * (c * z * z).sum(0))
    last = torch.cat([h[None], second[None], first]) @ weights[-2][0]
    return last[0] + weights[-1], last[2:], last[1]


def burgers(weights, x):
    if HOW == "compile":
        value, first, curved = streams_of(weights, x, (1, 0))
        return first[1] + value * first[0] - nets.NU * curved
    if HOW == "func":
        e = torch.eye(2, dtype=x.dtype)
        f = lambda x: net(weights, x)  # noqa: E731
        along = lambda k: (e[k].expand_as(x),)  # noqa: E731
        (value, by_x), (_, by_xx) = jvp(lambda x: jvp(f, (x,), along(0)), (x,), along(0))
        return jvp(f, (x,), along(1))[1] + value * by_x - nets.NU * by_xx
    x = x.clone().requires_grad_(True)
    value = net(weights, x)
    slope, = torch.autograd.grad(value.sum(), x, create_graph=True)
    curved, = torch.autograd.grad(slope[:, 0].sum(), x, create_graph=True)
    return slope[:, 1] + value * slope[:, 0] - nets.NU * curved[:, 0]


def laplacian(weights, x):
    if HOW == "compile":
        return streams_of(weights, x, (1,) * x.shape[1])[2] + 1
    if HOW == "func":
        f = lambda x: net(weights, x)  # noqa: E731
        second = lambda v: jvp(lambda x: jvp(f, (x,), (v,))[1], (x,), (v,))[1]  # noqa: E731
        return vmap(lambda e: second(e.expand_as(x)))(torch.eye(x.shape[1], dtype=x.dtype)).sum(0) + 1
    x = x.clone().requires_grad_(True)
    slope, = torch.autograd.grad(net(weights, x).sum(), x, create_graph=True)
    return sum(torch.autograd.grad(slope[:, k].sum(), x, create_graph=True)[0][:, k] for k in range(x.shape[1])) + 1


def forces(weights, x, y):
    if HOW == "compile":
        slopes, h = [], x
        for w, b in zip(weights[:-2:2], weights[1:-2:2]):
            h = torch.tanh(linear(h, w, b))
            slopes.append(1 - h * h)
        energy, d = linear(h, weights[-2], weights[-1]), weights[-2][0].expand_as(h)
        for w, s in zip(weights[-4::-2], slopes[::-1]):
            d = (d * s) @ w
        return torch.cat([energy, d], 1) - y
    if HOW == "func":
        slope = vmap(grad(lambda x: net(weights, x)))(x)
        return torch.cat([net(weights, x)[:, None], slope], 1) - y
    x = x.clone().requires_grad_(True)
    energy = net(weights, x)
    slope, = torch.autograd.grad(energy.sum(), x, create_graph=True)
    return torch.cat([energy[:, None], slope], 1) - y


class Gradient:
    def __init__(self, case: nets.Case, weights):
        x, y = (torch.from_numpy(n) for n in nets.numbers(case))
        self.weights = [torch.from_numpy(w).requires_grad_(True) for w in weights]
        residual = {"burgers": burgers, "laplacian": laplacian, "forces": lambda w, x: forces(w, x, y)}[case.kind]

        def loss() -> torch.Tensor:
            return (residual(self.weights, x) ** 2).mean()

        self.loss = torch.compile(loss) if HOW == "compile" else loss

    def repeat(self, count: int):
        for _ in range(count):
            loss = self.loss()
            # The last bias may not be in an equation of derivatives alone.
            gradients = torch.autograd.grad(loss, self.weights, allow_unused=True)
        return loss, [torch.zeros_like(w) if g is None else g for w, g in zip(self.weights, gradients)]


if __name__ == "__main__":
    if "--check" in sys.argv:
        folder = Path(sys.argv[sys.argv.index("--check") + 1])
        for name, case in nets.asked().items():
            loss, gradients = Gradient(case, nets.weights(case, folder / f"{name}.weights")).repeat(1)
            nets.print_check(name, float(loss), [g.numpy() for g in gradients])
    else:
        steps.report((name, Gradient(case, nets.weights(case)).repeat) for name, case in nets.asked().items())
