# SPDX-License-Identifier: MIT
"""Self-attention of several heads, causal and not, has the value, gradients and step of PyTorch's nn.MultiheadAttention, with the same weights under the same names."""
import torch
from torch import nn

from support.exchange import Comparison, run

POSITIONS, COLUMNS, CLASSES = 7, 15, 5
SAMPLES = 23
TOLERANCE = 1e-12


class SelfAttention(nn.MultiheadAttention):
    def __init__(self, heads, causal=False):
        super().__init__(COLUMNS, heads, batch_first=True)
        self.mask = torch.triu(torch.full((POSITIONS, POSITIONS), -torch.inf), 1) if causal else None

    def forward(self, x):
        return super().forward(x, x, x, need_weights=False, attn_mask=self.mask)[0]


def main():
    torch.manual_seed(9)
    torch.set_default_dtype(torch.float64)
    net = nn.Sequential(SelfAttention(3), nn.Tanh(), SelfAttention(5, causal=True), nn.Flatten(), nn.Linear(POSITIONS * COLUMNS, CLASSES))
    with torch.no_grad():
        for parameter in net.parameters():  # biases that are not zero
            parameter += torch.randn_like(parameter) / 5
    names = [name for name, _ in net.named_parameters()]
    inputs, labels = torch.randn(SAMPLES, POSITIONS, COLUMNS), torch.randint(CLASSES, (SAMPLES,))
    ours = run("attention", {**net.state_dict(), "inputs": inputs, "labels": labels})

    comparison = Comparison()
    comparison.check("before", ours["before"], net(inputs), TOLERANCE)
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.8)
    loss = nn.functional.cross_entropy(net(inputs), labels)
    loss.backward()
    comparison.check("loss", ours["loss"], loss, TOLERANCE)
    for name, parameter in net.named_parameters():
        comparison.check(f"gradient.{name}", ours[f"gradient.{name}"], parameter.grad, TOLERANCE, float(parameter.grad.abs().max()))
    optimiser.step()
    for name in names:
        comparison.check(f"after.{name}", ours[f"after.{name}"], net.state_dict()[name], TOLERANCE)
    comparison.check("after.outputs", ours["after.outputs"], net(inputs), TOLERANCE)
    comparison.close()


main()
