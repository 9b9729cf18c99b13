# SPDX-License-Identifier: MIT
"""Fed the same recorded gradients for 50 steps, each update rule ends with PyTorch's weights."""
import torch

from support.exchange import TYPES, Comparison, run

STEPS = 50
SHAPES = {"weight": (70, 33), "bias": (70,)}
TOLERANCE = {"float": 1e-6, "double": 1e-12}
FACTORS = [0.5 + step / STEPS for step in range(STEPS)]

optim = torch.optim


class Lion(optim.Optimizer):
    """Algorithm 2 of Chen et al. 2023, arXiv 2302.06675; PyTorch has none."""

    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                direction = (first * mean + (1 - first) * p.grad).sign()
                p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(direction, alpha=group["lr"])
                mean.mul_(second).add_(p.grad, alpha=1 - second)


ADAM = {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1}
# The settings are those of update_rules.cpp; none are given where the defaults are compared.
RULES = {
    "sgd": lambda p: optim.SGD(p, lr=0.05),
    "sgd_decay": lambda p: optim.SGD(p, lr=0.05, weight_decay=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9),
    "momentum_dampened": lambda p: optim.SGD(p, lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.1),
    "nesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.1),
    "adagrad": lambda p: optim.Adagrad(p),
    "adagrad_decay": lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.05, eps=1e-8, weight_decay=0.1),
    "rmsprop": lambda p: optim.RMSprop(p),
    "rmsprop_momentum": lambda p: optim.RMSprop(p, lr=0.005, alpha=0.9, eps=1e-6, momentum=0.8, weight_decay=0.1),
    "adam": lambda p: optim.Adam(p),
    "adam_decay": lambda p: optim.Adam(p, **ADAM),
    "adamw": lambda p: optim.AdamW(p),
    "adamw_decay": lambda p: optim.AdamW(p, **ADAM),
    "amsgrad": lambda p: optim.Adam(p, amsgrad=True),
    "amsgrad_decay": lambda p: optim.Adam(p, amsgrad=True, **ADAM),
    "nadam": lambda p: optim.NAdam(p),
    "nadam_decay": lambda p: optim.NAdam(p, momentum_decay=0.01, **ADAM),
    "lion": lambda p: Lion(p),
    "lion_decay": lambda p: Lion(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1),
    "adam_scheduled": lambda p: optim.Adam(p),
    "momentum_clip_norm": lambda p: optim.SGD(p, lr=0.01, momentum=0.9),
    "momentum_clip_value": lambda p: optim.SGD(p, lr=0.01, momentum=0.9),
}
# Of these the weight has a rate of its own, and the bias is frozen at first.
WEIGHT_RATE, STEPS_WITHOUT_BIAS = 0.3, 20
RULES |= {name.replace("momentum_", "momentum_groups_") if "clip" in name else f"{name}_groups": RULES[name]
          for name in ("sgd_decay", "nesterov", "adagrad_decay", "adam", "adamw_decay", "nadam_decay", "momentum_clip_norm",
                       "momentum_clip_value")}


def clip(name, parameters):
    if name.endswith("clip_norm"):
        torch.nn.utils.clip_grad_norm_(parameters, 2.5)
    elif name.endswith("clip_value"):
        torch.nn.utils.clip_grad_value_(parameters, 0.7)


def train(name, initial, gradients, dtype):
    """PyTorch's weights after the recorded gradients."""
    parameters = [torch.nn.Parameter(initial[p].to(dtype, copy=True)) for p in SHAPES]
    torch.set_default_dtype(dtype)  # NAdam keeps a product in it
    rule = RULES[name](parameters)
    rate = rule.param_groups[0]["lr"]
    if "groups" in name:
        weight, bias = parameters
        rule = RULES[name]([{"params": [weight]}, {"params": [bias]}])
        rule.param_groups[0]["lr"] = WEIGHT_RATE * rate
    for step in range(STEPS):
        for parameter, p in zip(parameters, SHAPES):
            is_frozen = "groups" in name and p == "bias" and step < STEPS_WITHOUT_BIAS
            parameter.grad = None if is_frozen else gradients[p][step].to(dtype, copy=True)
        clip(name, parameters)
        if name.endswith("scheduled"):
            rule.param_groups[0]["lr"] = rate * FACTORS[step]
        rule.step()
    torch.set_default_dtype(torch.float32)
    return dict(zip(SHAPES, parameters))


def mean_error(found, exact):
    """How far numbers are off, relative to the exact ones or to 1, whichever is the larger."""
    found, exact = (x.detach().reshape(-1).to(torch.float64) for x in (found, exact))
    return float(((found - exact).abs() / exact.abs().clamp(min=1)).mean())


def main():
    generator = torch.Generator().manual_seed(1)

    def draw(*shape):
        # Rounded to float, so that both number types start from the same numbers.
        return torch.randn(*shape, generator=generator).to(torch.float64)

    initial = {p: draw(*shape) for p, shape in SHAPES.items()}
    gradients = {p: draw(STEPS, *shape) for p, shape in SHAPES.items()}
    # Some gradients are 0 throughout, some tiny: what stands below a division then is epsilon.
    gradients["weight"][:, 0, :5] = 0
    gradients["weight"][:, 1] *= 1e-6
    rows = {**initial, "rate_factors": FACTORS}
    for p in SHAPES:
        rows |= {f"gradient.{p}.{step}": gradients[p][step] for step in range(STEPS)}
    ours = run("update_rules", rows)

    comparison = Comparison()
    exact = {name: train(name, initial, gradients, torch.float64) for name in RULES}
    for number, dtype in TYPES.items():
        for name in RULES:
            theirs = train(name, initial, gradients, dtype)
            # NAdam adds two quotients to each weight in a step, and rounds twice. The velocity is one multiply-add here and
            # not there; undampened, the worst weight is 1.41e-6 off the exact one here and 1.45e-6 there, in float.
            rounds_more = name.startswith("nadam") or name == "momentum"
            for p in SHAPES:
                key = f"{number}.{name}.{p}"
                comparison.check(key, ours[key], theirs[p], TOLERANCE[number] * (2 if rounds_more else 1))
                if number == "float":
                    ours_off, theirs_off = (mean_error(w, exact[name][p]) for w in (ours[key], theirs[p]))
                    comparison.report(f"{key} in the mean", f"{ours_off:.2e} off, PyTorch {theirs_off:.2e}",
                                      ours_off <= 1.1 * theirs_off)
    comparison.close()


main()
