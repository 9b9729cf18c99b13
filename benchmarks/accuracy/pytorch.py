#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains the same model on the same split by the same recipe with PyTorch and with fusegrad, and prints both accuracies."""
import argparse
import gzip
import subprocess
import tempfile
from pathlib import Path

import numpy
import torch

RECIPES = {"digits": ((64, 128, 10), 32, 40), "mnist": ((784, 128, 10), 64, 10)}


def read_csv(file: Path):
    numbers = numpy.loadtxt(file, delimiter=",", dtype=numpy.float32)
    return torch.from_numpy(numbers[:, :-1].copy()), torch.from_numpy(numbers[:, -1].astype(numpy.int64))


def read_mnist(folder: Path):
    images = numpy.frombuffer(gzip.open(folder / "t10k-images-idx3-ubyte.gz").read(), numpy.uint8, offset=16)
    labels = numpy.frombuffer(gzip.open(folder / "t10k-labels-idx1-ubyte.gz").read(), numpy.uint8, offset=8)
    inputs = torch.from_numpy(images.reshape(-1, 784).astype(numpy.float32) / 255)
    targets = torch.from_numpy(labels.astype(numpy.int64))
    return (inputs[:8000], targets[:8000]), (inputs[-2000:], targets[-2000:])


def accuracy_of_pytorch(data: str, seed: int, train, test) -> float:
    (features, hidden, classes), batch, epochs = RECIPES[data]
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(features, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, classes))
    rule = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(epochs):
        for indices in torch.randperm(len(train[0])).split(batch):
            rule.zero_grad()
            torch.nn.functional.cross_entropy(model(train[0][indices]), train[1][indices]).backward()
            rule.step()
    with torch.no_grad():
        return (model(test[0]).argmax(1) == test[1]).double().mean().item()


def compare(data: str, seed: int, program: str, mnist: Path | None) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = mnist if data == "mnist" else Path(scratch)
        ours = float(subprocess.run([program, data, str(seed), str(folder)], check=True, capture_output=True, text=True).stdout)
        split = read_mnist(folder) if data == "mnist" else (read_csv(folder / "train.csv"), read_csv(folder / "test.csv"))
    return ours, accuracy_of_pytorch(data, seed, *split)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", help="benchmark_accuracy_fusegrad")
    arguments.add_argument("--mnist", type=Path, help="folder with the t10k files of MNIST; without it only the digits are compared")
    arguments.add_argument("--seeds", type=int, default=5)
    asked = arguments.parse_args()
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}, {asked.seeds} seeds; percent of held-out samples read correctly")
    for data in ["digits", "mnist"] if asked.mnist else ["digits"]:
        pairs = [compare(data, seed, asked.program, asked.mnist) for seed in range(1, asked.seeds + 1)]
        for name, column in zip(("fusegrad", "PyTorch"), zip(*pairs)):
            column = 100 * numpy.array(column)
            print(f"{data:7} {name:9} mean {column.mean():.2f}  lowest {column.min():.2f}  highest {column.max():.2f}", flush=True)


if __name__ == "__main__":
    main()
