# SPDX-License-Identifier: MIT
"""A net of three layers has PyTorch's gradients after one step and its weights after ten, in double."""
import copy

import torch
from torch import nn

from support.exchange import Comparison, run

FEATURES = 11
TOLERANCE = 1e-10
# More than two lanes of samples, the last one shorter.
SAMPLES = 43


def main():
    torch.manual_seed(4)
    torch.set_default_dtype(torch.float64)
    net = nn.Sequential(nn.Linear(FEATURES, 13), nn.Tanh(), nn.Linear(13, 17), nn.SiLU(), nn.Linear(17, 5))
    inputs, labels = torch.randn(SAMPLES, FEATURES), torch.randint(5, (SAMPLES,))
    ours = run("network", {**dict(net.named_parameters()), "inputs": inputs, "labels": labels})
    comparison = Comparison()

    def backward(model):
        model.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        return loss

    comparison.check("loss", ours["loss"], backward(net), TOLERANCE)
    for name, parameter in net.named_parameters():
        scale = float(parameter.grad.abs().max())
        comparison.check(f"gradient.{name}", ours[f"gradient.{name}"], parameter.grad, TOLERANCE, scale)

    rules = {"sgd": lambda p: torch.optim.SGD(p, lr=0.1), "adam": lambda p: torch.optim.Adam(p, lr=0.01)}
    for rule, make in rules.items():
        model = copy.deepcopy(net)
        optimiser = make(model.parameters())
        for _ in range(10):
            backward(model)
            optimiser.step()
        for name, parameter in model.named_parameters():
            scale = float(parameter.detach().abs().max())
            comparison.check(f"{rule}.{name}", ours[f"{rule}.{name}"], parameter, TOLERANCE, scale)
        comparison.check(f"{rule}.outputs", ours[f"{rule}.outputs"], model(inputs), TOLERANCE)
    comparison.close()


main()
