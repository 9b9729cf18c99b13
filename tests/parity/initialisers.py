# SPDX-License-Identifier: MIT
"""Initial weights are distributed as PyTorch's: mean, variance, extent, and the whole distribution."""
import math

import torch
from torch.nn import init

from support.exchange import Comparison, run

SHAPE = (200, 600)
NUMBERS = SHAPE[0] * SHAPE[1]

# The settings are those of initialisers.cpp. LeCun's are PyTorch's Kaiming with a gain of 1.
THEIRS = {
    "constant": lambda w: init.constant_(w, 0.5),
    "uniform": lambda w: init.uniform_(w, -0.5, 1.5),
    "normal": lambda w: init.normal_(w, 1, 0.2),
    "truncated_normal": lambda w: init.trunc_normal_(w, 1, 0.2, 0.6, 1.4),
    "glorot_normal": lambda w: init.xavier_normal_(w, 1.5),
    "glorot_uniform": lambda w: init.xavier_uniform_(w, 1.5),
    "he_normal": lambda w: init.kaiming_normal_(w, nonlinearity="relu"),
    "he_normal_out": lambda w: init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"),
    "he_uniform": lambda w: init.kaiming_uniform_(w, nonlinearity="relu"),
    "he_uniform_out": lambda w: init.kaiming_uniform_(w, mode="fan_out", nonlinearity="linear"),
    "lecun_normal": lambda w: init.kaiming_normal_(w, nonlinearity="linear"),
    "lecun_uniform": lambda w: init.kaiming_uniform_(w, nonlinearity="linear"),
    "torch_linear": lambda w: w.copy_(torch.nn.Linear(SHAPE[1], SHAPE[0]).weight),
    "before_relu": lambda w: init.kaiming_normal_(w, nonlinearity="relu"),
    "before_nothing": lambda w: init.kaiming_normal_(w, nonlinearity="linear"),
}
NORMAL = {name for name in THEIRS if name.endswith(("normal", "normal_out", "relu", "nothing")) and name[0] != "t"}


def largest_distance(a: torch.Tensor, b: torch.Tensor) -> float:
    """Of the two empirical distribution functions (Kolmogorov and Smirnov)."""
    a, b = a.sort().values, b.sort().values
    points = torch.cat([a, b])
    return float((torch.searchsorted(a, points, right=True) - torch.searchsorted(b, points, right=True)).abs().max()) / NUMBERS


def main():
    torch.manual_seed(6)
    ours = run("initialisers", {})
    comparison = Comparison()
    for name, draw in THEIRS.items():
        w = ours[name]
        with torch.no_grad():
            theirs = draw(torch.empty(SHAPE)).reshape(-1).to(torch.float64)
        deviation = float(theirs.std())
        # Six standard errors of a difference of two samples: one run in 500 million would fail by chance, and seeds are fixed.
        error = 6 * math.sqrt(2 / NUMBERS)
        comparison.check(f"{name}.mean", w.mean()[None], theirs.mean(), error * deviation + 1e-12)
        comparison.check(f"{name}.variance", w.var()[None], theirs.var(), error * math.sqrt(2), 1e-12)
        if name not in NORMAL:  # bounded: the ends are nearly reached, and not passed
            width = float(theirs.max() - theirs.min())
            ends, their_ends = (torch.stack([x.min(), x.max()]) for x in (w, theirs))
            comparison.check(f"{name}.ends", ends, their_ends, 2e-3 * width + 1e-12)
        if deviation > 0:
            distance = largest_distance(w, theirs)
            # Two samples of one distribution are further apart once in 100 million times.
            limit = math.sqrt(-math.log(1e-8 / 2) / NUMBERS)
            comparison.report(f"{name}.distribution", f"{distance:.1e} of {limit:.1e} allowed", distance <= limit)
    comparison.close()


main()
