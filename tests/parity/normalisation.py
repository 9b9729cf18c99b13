# SPDX-License-Identifier: MIT
"""Normalisations have PyTorch's numbers in training, running statistics included, and in eval mode; so have clipping of each parameter and max-norm."""
import copy

import torch
from torch import nn

from support.exchange import Comparison, run

FEATURES, CLASSES = 11, 5
SAMPLES = 43
STEPS = 6
TOLERANCE = 1e-10


def clip_each(net):
    for parameter in net.parameters():
        nn.utils.clip_grad_norm_([parameter], 0.05)


@torch.no_grad()
def limit_norms(net):
    for layer in net:
        if isinstance(layer, nn.Linear):
            layer.weight.copy_(torch.renorm(layer.weight, p=2, dim=0, maxnorm=0.5))


def main():
    torch.manual_seed(4)
    torch.set_default_dtype(torch.float64)
    net = nn.Sequential(nn.Linear(FEATURES, 13), nn.BatchNorm1d(13), nn.Tanh(), nn.Linear(13, 17), nn.LayerNorm(17), nn.SiLU(),
                        nn.Linear(17, 9), nn.RMSNorm(9, eps=1e-6), nn.Linear(9, CLASSES))
    state = {name: tensor for name, tensor in net.state_dict().items() if not name.endswith("num_batches_tracked")}
    with torch.no_grad():
        for name, tensor in state.items():  # gains, shifts and statistics that are not those of the start
            if tensor.dim() == 1:
                tensor += torch.rand_like(tensor) / 2
    inputs, labels = torch.randn(SAMPLES, FEATURES), torch.randint(CLASSES, (SAMPLES,))
    ours = run("normalisation", {**state, "inputs": inputs, "labels": labels})
    comparison = Comparison()

    seen = [net.state_dict()["3.weight"].tolist()]
    nothing = lambda net: None
    ways = {"plain": (nothing, nothing), "clipped": (clip_each, nothing), "limited": (nothing, limit_norms)}
    for way, (before_step, after_step) in ways.items():
        # renorm divides by a norm that is larger by 1e-7.
        tolerance = 1e-6 if way == "limited" else TOLERANCE
        model = copy.deepcopy(net).train()
        optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.8)
        losses = []
        for _ in range(STEPS):
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs), labels)
            loss.backward()
            before_step(model)
            optimiser.step()
            after_step(model)
            losses.append(loss.detach())
        comparison.check(f"{way}.losses", ours[f"{way}.losses"], torch.stack(losses), tolerance)
        trained = model.state_dict()
        for name in state:
            scale = float(trained[name].abs().max())
            comparison.check(f"{way}.{name}", ours[f"{way}.{name}"], trained[name], tolerance, scale)
        comparison.report(f"{way} matters", "another weight than any other way", trained["3.weight"].tolist() not in seen)
        seen.append(trained["3.weight"].tolist())
        comparison.check(f"{way}.outputs", ours[f"{way}.outputs"], model.eval()(inputs), tolerance)

    comparison.check("rrelu", ours["rrelu"], nn.RReLU(0.1, 0.3).eval()(inputs), TOLERANCE)
    comparison.close()


main()
