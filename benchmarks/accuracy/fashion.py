#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains the net of examples/convolution on Fashion-MNIST (or MNIST) by its recipe with PyTorch, and prints minutes and accuracy.

AdamW 3e-3 with weight decay 0.05, warm-up over 100 steps and a cosine, label smoothing 0.1, batches of 64; images shifted by up to two pixels and, of
clothes, every second one mirrored; channels last. The test images are evaluated after each epoch, as the example does: the minutes have that in them.
With --limit an epoch ends after so many steps: for a look at how long a whole one would take.

usage: fashion.py --data DIR [--epochs N] [--limit STEPS] [--threads N] [--seed N] [--digits]
"""
import argparse
import gzip
import math
import time
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

BATCH, RATE, DECAY, WARM_UP, SMOOTHING, SHIFT = 64, 3e-3, 0.05, 100, 0.1, 2


def block(into: int, out: int) -> list[nn.Module]:
    return [nn.Conv2d(into, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU()]


def net() -> nn.Module:
    """Weights start as ours do: normal, of the size that keeps the variance."""
    model = nn.Sequential(*block(1, 32), nn.MaxPool2d(2), *block(32, 64), *block(64, 64), nn.MaxPool2d(2), nn.Dropout(0.3), nn.Flatten(), nn.Linear(3136, 10))
    for layer in model:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        if isinstance(layer, nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="linear")
            nn.init.zeros_(layer.bias)
    return model.to(memory_format=torch.channels_last)


def read(folder: Path, name: str, skipped: int):
    for file, opened in ((folder / f"{name}.gz", gzip.open), (folder / name, open)):
        if file.exists():
            with opened(file, "rb") as raw:
                return torch.from_numpy(numpy.frombuffer(raw.read(), numpy.uint8, offset=skipped).copy())
    raise SystemExit(f"there is no {name} and no {name}.gz in {folder}")


def samples(folder: Path, part: str):
    images, labels = read(folder, f"{part}-images-idx3-ubyte", 16), read(folder, f"{part}-labels-idx1-ubyte", 8)
    return images.reshape(-1, 28, 28).float() / 255, labels.long()


def changed(images, mirrored: bool):
    """Each seen through a window that is put somewhere, with zeros around the image, and by chance mirrored."""
    count = len(images)
    places = torch.arange(28).expand(count, 28)
    rows = places + torch.randint(0, 2 * SHIFT + 1, (count, 1))
    columns = places + torch.randint(0, 2 * SHIFT + 1, (count, 1))
    if mirrored:
        columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    padded = functional.pad(images, (SHIFT,) * 4)
    return padded[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]


def shown(images):
    return images[:, None].contiguous(memory_format=torch.channels_last)


def rate_at(step: int, steps: int) -> float:
    """A factor: warm-up, then half a cosine over what remains."""
    if step < WARM_UP:
        return 0.01 + 0.99 * step / WARM_UP
    return (1 + math.cos(math.pi * (step - WARM_UP) / max(steps - WARM_UP, 1))) / 2


def accuracy(model: nn.Module, images, labels) -> float:
    model.eval()
    with torch.inference_mode():
        right = sum((model(shown(x)).argmax(1) == y).sum().item() for x, y in zip(images.split(256), labels.split(256)))
    return right / len(labels)


def train(asked, train_set, test_set) -> None:
    images, labels = train_set
    whole = -(-len(images) // BATCH)
    per_epoch = min(whole, asked.limit or whole)
    model = net()
    rule = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(rule, lambda step: rate_at(step, per_epoch * asked.epochs))
    criterion = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    trained = 0.0
    start = time.perf_counter()
    for epoch in range(asked.epochs):
        model.train()
        began, losses = time.perf_counter(), 0.0
        for chosen in torch.randperm(len(images)).split(BATCH)[:per_epoch]:
            rule.zero_grad()
            loss = criterion(model(shown(changed(images[chosen], not asked.digits))), labels[chosen])
            loss.backward()
            rule.step()
            schedule.step()
            losses += loss.item()
        took = time.perf_counter() - began
        trained += took
        found = accuracy(model, *test_set)
        print(f"epoch {epoch + 1} of {asked.epochs}: loss {losses / per_epoch:.4f}, {1000 * took / per_epoch:.1f} ms a step, test accuracy {found:.4f}", flush=True)
    spent = time.perf_counter() - start
    print(f"{spent / 60:.2f} minutes, test accuracy {found:.4f}")
    if per_epoch < whole:
        # Evaluation takes as long in a part of an epoch as in a whole one.
        all_of_it = trained * whole / per_epoch + spent - trained
        print(f"{per_epoch} of {whole} steps an epoch: whole ones would take {all_of_it / 60:.2f} minutes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the four IDX files, plain or .gz")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--limit", type=int, default=0, help="steps an epoch (default: all)")
    parser.add_argument("--threads", type=int, default=0, help="0: as many as PyTorch takes by itself")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--digits", action="store_true", help="MNIST: nothing is mirrored")
    asked = parser.parse_args()
    if asked.epochs < 1 or asked.limit < 0:
        parser.error("at least one epoch, and no negative limit")
    if asked.threads > 0:
        torch.set_num_threads(asked.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(asked.seed)
    model = sum(p.numel() for p in net().parameters())
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {model:,} parameters, seed {asked.seed}")
    train(asked, samples(asked.data, "train"), samples(asked.data, "t10k"))


if __name__ == "__main__":
    main()
