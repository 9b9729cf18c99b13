# SPDX-License-Identifier: MIT
"""The weights of a Sequential of every layer load as they are, compute the same, and go back with strict=True."""
import os
import subprocess
import tempfile
from pathlib import Path

import torch
from torch import nn

from support import tensors
from support.exchange import Comparison


def main():
    torch.manual_seed(5)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.PReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, groups=2), nn.PReLU(8),
        nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.ReLU(), nn.ConvTranspose2d(8, 6, 3), nn.Tanh(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(6, 7), nn.LayerNorm(7), nn.Sigmoid(), nn.Linear(7, 6), nn.RMSNorm(6, eps=1e-6), nn.Dropout(0.2), nn.Linear(6, 3, bias=False))
    net.train()(torch.randn(16, 3, 9, 8))  # running statistics and a count of batches
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.dim() == 1:
                parameter += torch.rand_like(parameter) / 2
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tensors.write(folder / "sequential.safetensors", net.state_dict())
        subprocess.run([Path(os.environ.get("FUSEGRAD_PARITY_PROGRAMS", ""), "travel"), folder], check=True)
        results, back = tensors.read(folder / "results.safetensors"), tensors.read(folder / "back.safetensors")
    inputs = results["sequential.inputs"].reshape(-1, 9, 8, 3).permute(0, 3, 1, 2)
    outputs = net.eval()(inputs)
    comparison.check("outputs", results["sequential.outputs"].reshape(-1), outputs, 1e-5)
    with torch.no_grad():
        for tensor in net.state_dict().values():
            tensor.zero_()
    net.load_state_dict(back, strict=True)
    comparison.report("what came back", "bits and names of what was sent", bool((net(inputs) == outputs).all()))
    comparison.close()


main()
