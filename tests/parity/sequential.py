# SPDX-License-Identifier: MIT
"""The weights of a Sequential of every layer, and of one with flattened images, load, compute the same, and go back with strict=True."""
import os
import subprocess
import tempfile
from pathlib import Path

import torch
from torch import nn

from support import tensors
from support.exchange import Comparison


def prepare(net, height, width, channels):
    net.train()(torch.randn(16, channels, height, width))  # running statistics and a count of batches
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.dim() == 1:
                parameter += torch.rand_like(parameter) / 2


def compare(comparison, name, net, results, back, channels):
    inputs = results[f"{name}.inputs"].reshape(-1, 9, 8, channels).permute(0, 3, 1, 2)
    outputs = net.eval()(inputs)
    comparison.check(f"{name}: outputs", results[f"{name}.outputs"].reshape(-1), outputs, 1e-5)
    with torch.no_grad():
        for tensor in net.state_dict().values():
            tensor.zero_()
    net.load_state_dict(back, strict=True)
    comparison.report(f"{name}: what came back", "bits and names of what was sent", bool((net(inputs) == outputs).all()))


def main():
    torch.manual_seed(5)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.PReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, groups=2), nn.PReLU(8),
        nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.ReLU(), nn.ConvTranspose2d(8, 6, 3), nn.Tanh(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(6, 7), nn.LayerNorm(7), nn.Sigmoid(), nn.Linear(7, 6), nn.RMSNorm(6, eps=1e-6), nn.Dropout(0.2), nn.Linear(6, 3, bias=False))
    flattened = nn.Sequential(
        nn.Conv2d(2, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 5, 3), nn.ReLU(), nn.Flatten(), nn.BatchNorm1d(20), nn.Linear(20, 8),
        nn.ReLU(), nn.Linear(8, 12), nn.BatchNorm1d(12), nn.Unflatten(1, (3, 2, 2)), nn.ConvTranspose2d(3, 3, 2), nn.Flatten(), nn.Linear(27, 3))
    prepare(net, 9, 8, 3)
    prepare(flattened, 9, 8, 2)
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tensors.write(folder / "sequential.safetensors", net.state_dict())
        tensors.write(folder / "flattened.safetensors", flattened.state_dict())
        subprocess.run([Path(os.environ.get("FUSEGRAD_PARITY_PROGRAMS", ""), "travel"), folder], check=True)
        results = tensors.read(folder / "results.safetensors")
        back, flattened_back = tensors.read(folder / "back.safetensors"), tensors.read(folder / "flattened_back.safetensors")
    compare(comparison, "sequential", net, results, back, 3)
    compare(comparison, "flattened", flattened, results, flattened_back, 2)
    comparison.close()


main()
