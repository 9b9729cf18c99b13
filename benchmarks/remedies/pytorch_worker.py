#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A training step of each net in PyTorch, eager: prints microseconds as JSON.

usage: pytorch_worker.py --threads N --seconds S
"""
import steps
import torch
from torch import nn

BETWEEN = {
    "plain": lambda: [nn.ReLU()],
    "batch_norm": lambda: [nn.BatchNorm1d(64), nn.ReLU()],
    "layer_norm": lambda: [nn.LayerNorm(64), nn.ReLU()],
    "rms_norm": lambda: [nn.RMSNorm(64), nn.ReLU()],
    "dropout": lambda: [nn.ReLU(), nn.Dropout(0.2)],
}


def stepper(model: nn.Module, features: int, batch: int):
    inputs, labels = torch.rand(batch, features) * 2 - 1, torch.randint(10, (batch,))
    # The fastest of the ways that PyTorch offers to apply Adam on a processor.
    rule = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    criterion = nn.CrossEntropyLoss()

    def repeat(count: int) -> None:
        for _ in range(count):
            rule.zero_grad()
            criterion(model(inputs), labels).backward()
            rule.step()

    return repeat


def nets():
    for name, between in BETWEEN.items():
        hidden = [layer for _ in range(3) for layer in [nn.Linear(64, 64), *between()]]
        yield name, stepper(nn.Sequential(*hidden, nn.Linear(64, 10)), 64, 256)
    large = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    yield "784-512-512-10", stepper(large, 784, 128)


if __name__ == "__main__":
    torch.set_num_threads(steps.threads())
    torch.set_flush_denormal(True)
    steps.report(nets())
