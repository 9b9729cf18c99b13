#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Value and gradient of each case in PyTorch, in float64 and on one thread: prints microseconds and the value as JSON. Recurrences of many
steps take it seconds, and are left out above 10,000 steps.

usage: pytorch_worker.py [--seconds S] [--only KIND,...]
"""
import problems
import torch

torch.set_num_threads(1)


def lse(x):
    return torch.logsumexp(x, 0)


def llsq(c, t, s):
    return 0.5 * ((s - torch.linalg.vander(t, N=c.shape[0]) @ c) ** 2).sum()


def kmeans(c, x):
    distances = (x * x).sum(1)[:, None] - 2 * x @ c.T + (c * c).sum(1)[None, :]
    return distances.min(1).values.sum()


def regression(p, x, y):
    w, b, sigma = p[:10], p[10], p[11]
    rest = y - x @ w - b
    return -0.5 * (rest**2).sum() / sigma**2 - x.shape[0] * torch.log(sigma) - 0.5 * (b * b + w @ w) - 0.5 * sigma**2


def gmm(alpha, mu, q, l, x):
    k, d = mu.shape
    rows, columns = torch.tril_indices(d, d, -1)
    factor = torch.diag_embed(torch.exp(q)).index_put((torch.arange(k)[:, None], rows[None, :], columns[None, :]), l, accumulate=True)
    centred = torch.einsum("kij,nkj->nki", factor, x[:, None, :] - mu)
    fit = torch.logsumexp(alpha + q.sum(1) - 0.5 * (centred**2).sum(2), 1).sum()
    return fit - x.shape[0] * torch.logsumexp(alpha, 0) - 0.5 * (torch.exp(2 * q).sum() + (l**2).sum())


def volatility(p, noise, y):
    phi, sigma, mu = p
    level, levels = mu, []
    for e in noise:
        level = mu + phi * (level - mu) + sigma * e
        levels.append(level)
    h = torch.stack(levels)
    return -0.5 * (h + y * y * torch.exp(-h)).sum() - 0.5 * (noise**2).sum()


def ode(steps):
    def value(x):
        h, y, one = 2.0 / steps, torch.zeros(4, dtype=torch.float64), torch.ones(1, dtype=torch.float64)

        def slope(at):
            return x * torch.cat([one, at[:-1]])

        for _ in range(steps):
            k1 = slope(y)
            k2 = slope(y + h / 2 * k1)
            k3 = slope(y + h / 2 * k2)
            k4 = slope(y + h * k3)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return y[3]

    return value


def main() -> None:
    asked, found = problems.asked(), {}
    for name, kind, data in problems.cases():
        if (asked.only and kind not in asked.only.split(",")) or data.get("steps", 0) > 10_000:
            continue
        function = ode(data.pop("steps")) if kind == "ode" else globals()[kind]
        data = {key: torch.tensor(array, requires_grad=key in problems.WANTED[kind]) for key, array in data.items()}
        wanted = [data[key] for key in problems.WANTED[kind]]

        def value():
            with torch.no_grad():
                return function(*data.values())

        found[name] = {"result": float(value()), "value": problems.best_time(value, asked.seconds),
                       "gradient": problems.best_time(lambda: torch.autograd.grad(function(*data.values()), wanted), asked.seconds)}
    problems.report(found)


if __name__ == "__main__":
    main()
