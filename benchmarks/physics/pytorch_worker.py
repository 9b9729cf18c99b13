#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Burgers' equation in PyTorch, in double: Adam, then torch.optim.LBFGS with its line search for the strong Wolfe conditions. Prints JSON.

  autograd   derivatives by torch.autograd.grad, as most people write it
  taylor     derivatives carried along by hand through each layer: one stacked product a layer, no graph of a graph
  compiled   the same under torch.compile

usage: pytorch_worker.py PROBLEM [--how autograd|taylor|compiled] [--threads N] [--until ERROR] ...
"""
import os
import time

import problem

ASKED = problem.arguments(("compiled", "taylor", "autograd"))
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(ASKED.threads)

import numpy as np  # noqa: E402
import torch  # noqa: E402  reads the variables above

torch.set_num_threads(ASKED.threads)
torch.set_default_dtype(torch.float64)


def net(w, h):
    for i in range(0, len(w) - 2, 2):
        h = torch.tanh(torch.nn.functional.linear(h, w[i], w[i + 1]))
    return torch.nn.functional.linear(h, w[-2], w[-1])[:, 0]


def by_autograd(w, x):
    x = x.detach().requires_grad_(True)
    u = net(w, x)
    slopes, = torch.autograd.grad(u.sum(), x, create_graph=True)
    second, = torch.autograd.grad(slopes[:, 0].sum(), x, create_graph=True)
    return slopes[:, 1] + u * slopes[:, 0] - problem.NU * second[:, 0]


def by_taylor(w, x):
    """Streams of u, u_x and u_t - nu u_xx."""
    n = x.shape[0]
    h = torch.tanh(torch.nn.functional.linear(x, w[0], w[1]))
    s, zx, zt = 1 - h * h, w[0][:, 0], w[0][:, 1]
    hx, hl = s * zx, s * (zt + 2 * problem.NU * h * zx * zx)
    for i in range(2, len(w) - 2, 2):
        z = torch.cat([h, hx, hl]) @ w[i].T
        h, zx, zl = torch.tanh(z[:n] + w[i + 1]), z[n:2 * n], z[2 * n:]
        s = 1 - h * h
        hx, hl = s * zx, s * (zl + 2 * problem.NU * h * zx * zx)
    z = (torch.cat([h, hx, hl]) @ w[-2].T)[:, 0]
    return z[2 * n:] + (z[:n] + w[-1]) * z[n:2 * n]


def main() -> None:
    given = problem.Problem(ASKED.problem)
    w = [torch.tensor(part, requires_grad=True) for part in given.weights()]
    residual = by_autograd if ASKED.how == "autograd" else by_taylor
    walls, start, target, grid = (torch.tensor(part) for part in (given.walls, given.start, given.target, given.grid))

    def loss(inside):
        values = net(w, torch.cat([walls, start]))
        return (residual(w, inside)**2).mean() + (values[:len(walls)]**2).mean() + ((values[len(walls):] - target)**2).mean()

    if ASKED.how == "compiled":
        loss = torch.compile(loss)
    inside = torch.tensor(given.inside)
    begin = time.perf_counter()
    loss(inside).backward()
    compile_seconds = time.perf_counter() - begin

    @torch.no_grad()
    def error_now():
        return given.error(net(w, grid))

    course = problem.Course(ASKED, error_now)
    generator = np.random.default_rng(1)
    try:
        adam = torch.optim.Adam(w, lr=1e-3)
        for _ in range(ASKED.adam):
            adam.zero_grad()
            loss(inside).backward()
            adam.step()
            course.count()
        for number in range(ASKED.rounds):
            if number > 0:
                candidates = generator.uniform((-1, 0), (1, 1), (10 * len(given.inside), 2))
                squares = residual(w, torch.tensor(candidates)).detach().numpy()**2
                inside = torch.tensor(problem.refined(candidates, squares, len(given.inside), generator))
            rule = torch.optim.LBFGS(w, lr=1, max_iter=ASKED.evaluations, max_eval=ASKED.evaluations, history_size=problem.HISTORY,
                                     tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe")

            def closure():
                rule.zero_grad()
                value = loss(inside)
                value.backward()
                course.count()
                return value

            rule.step(closure)
        course.look()
    except problem.Done:
        pass
    course.report(compile_seconds)


main()
