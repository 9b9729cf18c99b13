# SPDX-License-Identifier: MIT
"""How PyTorch differentiates and trains a random model."""

import torch
from torch.optim import lr_scheduler

from models.grammar import Model
from models.network import Numbers, Pass, loss_of

# Our settings, by PyTorch's names.
SETTINGS = {"learning_rate": "lr", "learning_rate_decay": "lr_decay", "epsilon": "eps", "smoothing": "alpha"}
OPTIMISERS = {
    "sgd": torch.optim.SGD,
    "momentum_sgd": torch.optim.SGD,
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}


def optimiser(m: Model, parameters) -> torch.optim.Optimizer:
    settings = {SETTINGS.get(name, name): value for name, value in m.settings.items()}
    if "beta1" in settings:
        settings["betas"] = (settings.pop("beta1"), settings.pop("beta2"))
    return OPTIMISERS[m.rule](parameters, **settings)


def scheduled(steps: int, scheduler, **settings) -> list:
    """The factors of one of PyTorch's schedulers."""
    rule = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    it = scheduler(rule, **settings)
    factors = []
    for _ in range(steps):
        factors.append(rule.param_groups[0]["lr"])
        rule.step()
        it.step()
    return factors


def factors(m: Model) -> list:
    """The factor on the learning rate before each step."""
    name, *numbers = m.schedule
    each, steps_of_all = m.batches, m.steps

    def exponential(factor, steps):
        return scheduled(steps, lr_scheduler.ExponentialLR, gamma=factor ** (1 / each))

    def cosine(floor, steps):
        return scheduled(steps, lr_scheduler.CosineAnnealingLR, T_max=steps, eta_min=floor)

    def rise(steps, start, asked):
        return scheduled(asked, lr_scheduler.LinearLR, start_factor=start, total_iters=steps)

    match name:
        case "constant":
            return [1.0] * steps_of_all
        case "step_decay":
            return scheduled(steps_of_all, lr_scheduler.StepLR, step_size=numbers[0] * each, gamma=numbers[1])
        case "exponential":
            return exponential(numbers[0], steps_of_all)
        case "cosine":
            return cosine(numbers[0], steps_of_all)
        case "linear_warm_up":
            return rise(*numbers, steps_of_all)
        case "warm_up":
            return rise(numbers[0], 0.01, numbers[0]) + cosine(numbers[1], steps_of_all - numbers[0])
        case "then":
            first = numbers[0] * each
            return exponential(numbers[1], first) + cosine(0.1, steps_of_all - first)
    raise ValueError(f"unknown schedule {name}")


def penalty(m: Model, numbers: Numbers):
    if not m.penalty:
        return 0.0
    kind, strength = m.penalty
    weights = [numbers.parameters[name] for name in sorted(numbers.matrices)]
    return sum(strength * (w.abs().sum() if kind == "l1" else (w * w).sum() / 2) for w in weights)


def clip(options: dict, parameters: list):
    if "clip_norm_of_each" in options:
        for p in parameters:
            torch.nn.utils.clip_grad_norm_([p], options["clip_norm_of_each"])
    if "clip_norm" in options:
        torch.nn.utils.clip_grad_norm_(parameters, options["clip_norm"])
    if "clip_value" in options:
        torch.nn.utils.clip_grad_value_(parameters, options["clip_value"])


@torch.no_grad()
def limit_norms(options: dict, numbers: Numbers):
    """torch.renorm divides by a norm that is larger by 1e-7; this is what it means."""
    for name in numbers.matrices if "max_norm" in options else ():
        weight = numbers.parameters[name]
        norms = weight.flatten(1).norm(dim=1).reshape(-1, *[1] * (weight.dim() - 1))
        weight.mul_(torch.where(norms > options["max_norm"], options["max_norm"] / norms, torch.ones_like(norms)))


def differentiate(m: Model, numbers: Numbers, data: dict, dtype):
    """Loss and gradients of all samples as one batch; what states would be afterwards. And the margin to a kink."""
    own = numbers.to(dtype)
    it = Pass(own, training=True)
    loss = loss_of(m, it, data["inputs"].to(dtype), data["targets"])
    (loss + penalty(m, own)).backward()
    return {
        "loss": loss.detach(),
        **{f"gradient.{name}": p.grad for name, p in own.parameters.items()},
        **{f"gradient.{name}": s for name, s in own.states.items()},
    }, it.margin


def train(m: Model, numbers: Numbers, data: dict, dtype):
    """Losses and weights of some steps over consecutive batches, and the smallest margin to a kink."""
    own = numbers.to(dtype)
    inputs, targets = data["inputs"].to(dtype), data["targets"]
    parameters = list(own.parameters.values())
    rule = optimiser(m, parameters)
    rate = rule.param_groups[0]["lr"]
    losses, counts, margin = [], [], float("inf")
    for step, factor in enumerate(factors(m)):
        first = step % m.batches * m.batch_size
        rows = slice(first, first + m.batch_size)
        it = Pass(own, training=True)
        rule.zero_grad()
        loss = loss_of(m, it, inputs[rows], targets[rows])
        (loss + penalty(m, own)).backward()
        if m.penalty and m.penalty[0] == "l1":
            for name in own.matrices:
                it.watch(own.parameters[name], (0,))
        clip(m.options, parameters)
        rule.param_groups[0]["lr"] = rate * factor
        rule.step()
        limit_norms(m.options, own)
        losses.append(loss.detach())
        counts.append(len(inputs[rows]))
        margin = min(margin, it.margin)
    results = {
        "losses": torch.stack(losses),
        **{f"trained.{name}": p.detach() for name, p in own.parameters.items()},
        **{f"trained.{name}": s for name, s in own.states.items()},
    }
    if m.way == "fit":
        # A fit tells of an epoch the mean over its samples, and what it predicts is asked for, too.
        weights = torch.tensor(counts, dtype=dtype).reshape(m.epochs, -1)
        results["losses"] = (results["losses"].reshape(m.epochs, -1) * weights).sum(1) / m.samples
        with torch.no_grad():
            it = Pass(own, training=False)
            results["outputs"] = it.run(m, inputs)
            margin = min(margin, it.margin)
    return results, margin
