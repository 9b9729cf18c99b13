# SPDX-License-Identifier: MIT
"""Each loss of a batch, and its gradient with respect to the predictions, is PyTorch's."""
import torch
from torch.nn import functional

from support.exchange import TYPES, Comparison, run

COUNT, WIDTH = 37, 5
TOLERANCE = {"float": 1e-6, "double": 1e-14}
WEIGHTS = [0.5, 2.0, 1.0, 0.0, 3.25]
cross_entropy = functional.cross_entropy


def hinge(prediction, target):
    return torch.relu(1 - target * prediction).mean()


def draw():
    """Predictions and every kind of target, exact in float."""
    generator = torch.Generator().manual_seed(3)
    predictions = 3 * torch.randn(COUNT, WIDTH, generator=generator)
    predictions[0] = torch.tensor([60.0, -60.0, 0.0, 1.0, -1.0])  # saturated, and on the kinks
    predictions[1] = 2.5  # all alike
    targets = torch.randn(COUNT, WIDTH, generator=generator)
    targets[0] = predictions[0]
    targets[2] = predictions[2] + 1
    rows = {
        "targets": targets,
        "shares": torch.rand(COUNT, WIDTH, generator=generator),
        "signs": torch.sign(torch.randn(COUNT, WIDTH, generator=generator)),
        "soft_labels": torch.softmax(torch.randn(COUNT, WIDTH, generator=generator), 1),
        "labels": torch.randint(WIDTH, (COUNT,), generator=generator),
    }
    rows["labels"][:WIDTH] = torch.arange(WIDTH)  # each class is there
    return predictions, rows


def losses(rows, dtype):
    """PyTorch's losses, by our names and targets (see losses.cpp)."""
    targets, shares, signs, soft = (rows[r].to(dtype) for r in ("targets", "shares", "signs", "soft_labels"))
    labels = rows["labels"]
    one_hot = functional.one_hot(labels, WIDTH).to(dtype)
    weights = torch.tensor(WEIGHTS, dtype=dtype)
    logistic = functional.binary_cross_entropy_with_logits
    return {
        "mean_squared_error": lambda p: functional.mse_loss(p, targets),
        "mean_absolute_error": lambda p: functional.l1_loss(p, targets),
        "huber": lambda p: functional.huber_loss(p, targets),
        "binary_cross_entropy": lambda p: logistic(p, shares),
        "weighted_binary_cross_entropy": lambda p: logistic(p, shares, pos_weight=torch.tensor(3.5, dtype=p.dtype)),
        "binary_cross_entropy_labels": lambda p: logistic(p, one_hot),
        "hinge": lambda p: hinge(p, signs),
        "hinge_labels": lambda p: hinge(p, 2 * one_hot - 1),
        "cross_entropy": lambda p: cross_entropy(p, labels),
        "cross_entropy_soft": lambda p: cross_entropy(p, soft),
        "cross_entropy_soft_smoothed": lambda p: cross_entropy(p, soft, label_smoothing=0.1),
        "cross_entropy_soft_weighted": lambda p: cross_entropy(p, soft, weights),
        "cross_entropy_smoothed": lambda p: cross_entropy(p, labels, label_smoothing=0.1),
        "cross_entropy_weighted": lambda p: cross_entropy(p, labels, weights),
        "cross_entropy_weighted_smoothed": lambda p: cross_entropy(p, labels, weights, label_smoothing=0.1),
    }


def main():
    predictions, rows = draw()
    ours = run("losses", {"predictions": predictions.T, **rows})
    comparison = Comparison()
    for number, dtype in TYPES.items():
        for name, loss in losses(rows, dtype).items():
            p = predictions.to(dtype, copy=True).requires_grad_()
            value = loss(p)
            value.backward()
            key = f"{number}.{name}"
            comparison.check(f"{key}.value", ours[f"{key}.value"], value, TOLERANCE[number])
            # Gradients are compared in units of the largest: it is their differences that can be small.
            scale = float(p.grad.abs().max())
            comparison.check(f"{key}.gradient", ours[f"{key}.gradient"], p.grad.T, TOLERANCE[number], scale)
    comparison.close()


main()
