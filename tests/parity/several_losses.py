# SPDX-License-Identifier: MIT
"""A net of three heads has PyTorch's losses, together and by output, and its weights after ten steps on their sum, in double."""
import torch
from torch import nn
from torch.nn import functional

from support.exchange import Comparison, run

FEATURES = 11
TOLERANCE = 1e-10
SAMPLES = 43


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(FEATURES, 13), nn.Tanh())
        self.heads = nn.ModuleList([nn.Linear(13, 5), nn.Sequential(nn.Linear(13, 7), nn.SiLU(), nn.Linear(7, 2)), nn.Linear(13, 1)])

    def forward(self, x):
        x = self.body(x)
        return [head(x) for head in self.heads]


# Our names: layers 0 and 1, and the branches in 2.
NAMES = {"0.": "body.0.", "2.0.": "heads.0.", "2.1.0.": "heads.1.0.", "2.1.2.": "heads.1.2.", "2.2.": "heads.2."}


def main():
    torch.manual_seed(6)
    torch.set_default_dtype(torch.float64)
    net = Heads()
    inputs, labels = torch.randn(SAMPLES, FEATURES), torch.randint(5, (SAMPLES,))
    numbers, answers = 2 * torch.randn(SAMPLES, 2), torch.randint(2, (SAMPLES, 1)).double()
    parameters = dict(net.named_parameters())
    named = {ours + kind: parameters[theirs + kind] for ours, theirs in NAMES.items() for kind in ("weight", "bias")}
    ours = run("several_losses", {**named, "inputs": inputs, "labels": labels, "numbers": numbers, "answers": answers})
    comparison = Comparison()

    def losses():
        kind, value, answer = net(inputs)
        return [functional.cross_entropy(kind, labels, label_smoothing=0.1),
                0.3 * functional.huber_loss(value, numbers) + 0.1 * functional.l1_loss(value, numbers),
                2.5 * functional.binary_cross_entropy_with_logits(answer, answers)]

    by_output = losses()
    comparison.check("losses", ours["losses"], torch.stack([sum(by_output), *by_output]), TOLERANCE)
    rule = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(10):
        rule.zero_grad()
        sum(losses()).backward()
        rule.step()
    for name, parameter in named.items():
        comparison.check(f"trained.{name}", ours[f"trained.{name}"], parameter, TOLERANCE, float(parameter.detach().abs().max()))
    comparison.check("trained.outputs", ours["trained.outputs"], torch.cat(net(inputs), 1), TOLERANCE)
    comparison.close()


main()
