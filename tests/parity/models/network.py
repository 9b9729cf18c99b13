# SPDX-License-Identifier: MIT
"""Random models in PyTorch: their layers, interpreted, with functions of torch.nn.functional wherever there is one.

Images are [sample][height][width][channel] here too, so that `flatten` has our order. In PyTorch channels are second.
"""

import torch
from torch.nn import functional

from models import catalogue, windows
from models.grammar import Layer, Model, size


class Surrogate(torch.autograd.Function):
    """The value of one function, the derivative of another."""

    @staticmethod
    def forward(ctx, x, value, derivative_of):
        ctx.save_for_backward(x)
        ctx.derivative_of = derivative_of
        return value(x)

    @staticmethod
    def backward(ctx, above):
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            (slope,) = torch.autograd.grad(ctx.derivative_of(x).sum(), x)
        return above * slope, None, None


def relu_with_slope_at_zero(x):
    return x.clamp(min=0)  # clamp has slope 1 at its bound


# Function of x and of the learned parameters, and where its slope jumps.
ACTIVATIONS = {
    "tanh": (torch.tanh, ()),
    "sigmoid": (torch.sigmoid, ()),
    "silu": (functional.silu, ()),
    "gelu": (functional.gelu, ()),
    "gelu_tanh": (lambda x: functional.gelu(x, approximate="tanh"), ()),
    "mish": (functional.mish, ()),
    "softplus": (functional.softplus, ()),
    "softplus_with<3.0>": (lambda x: functional.softplus(x, beta=3), ()),
    "swish_with<1.5>": (lambda x: x * torch.sigmoid(1.5 * x), ()),
    "log_sigmoid": (functional.logsigmoid, ()),
    "softsign": (functional.softsign, ()),
    "elu<1.0>": (functional.elu, ()),
    "celu<2.0>": (lambda x: functional.celu(x, alpha=2), ()),
    "sine": (torch.sin, ()),
    "gaussian": (lambda x: torch.exp(-x * x), ()),
    "square": (torch.square, ()),
    "identity": (lambda x: x, ()),
    "own_silu": (lambda x: x / (1 + torch.exp(-x)), ()),
    "own_surrogate": (lambda x: Surrogate.apply(x, torch.tanh, functional.softsign), ()),
    "relu": (torch.relu, (0,)),
    "relu_with_slope_at_zero<1>": (relu_with_slope_at_zero, (0,)),
    "relu6": (functional.relu6, (0, 6)),
    "leaky_relu<0.1>": (lambda x: functional.leaky_relu(x, 0.1), (0,)),
    "elu<0.7>": (lambda x: functional.elu(x, alpha=0.7), (0,)),
    "selu": (functional.selu, (0,)),
    "threshold<0.25, 0.1>": (lambda x: functional.threshold(x, 0.25, 0.1), (0.25,)),
    "necro_relu<0.1>": (lambda x: Surrogate.apply(x, torch.relu, lambda z: functional.leaky_relu(z, 0.1)), (0,)),
    "hard_swish": (functional.hardswish, (-3, 3)),
    # Not functional.hardsigmoid: the slope of that is a sixth in float, in double too.
    "hard_sigmoid": (lambda x: functional.relu6(x + 3) / 6, (-3, 3)),
    "hard_tanh": (functional.hardtanh, (-1, 1)),
    "abs": (torch.abs, (0,)),
    # PyTorch's function has channels in the second place.
    "prelu": (lambda x, slope: torch.where(x > 0, x, slope * x), (0,)),
    "learned_swish": (lambda x, beta: x * torch.sigmoid(beta * x), ()),
    "own_snake": (lambda x, frequency: x + torch.sin(frequency * x) ** 2 / frequency, ()),
}
PENALTIES = {
    "half_square": (lambda y: y * y / 2, ()),
    "smooth_absolute": (lambda y: torch.sqrt(y * y + 0.01), ()),
    "absolute": (torch.abs, (0,)),
}


class Numbers:
    """Parameters and states by the library's names. A first pass makes those that are not there, exact in float."""

    def __init__(self, generator: torch.Generator = None):
        self.generator = generator
        self.parameters, self.states, self.matrices = {}, {}, set()

    def to(self, dtype) -> "Numbers":
        """A copy in another number type, to be trained."""
        copy = Numbers()
        copy.parameters = {
            name: p.detach().to(dtype, copy=True).requires_grad_() for name, p in self.parameters.items()
        }
        copy.states = {name: s.to(dtype, copy=True) for name, s in self.states.items()}
        copy.matrices = self.matrices
        return copy

    def get(self, name: str, shape, mean: float, deviation: float) -> torch.Tensor:
        if name not in self.parameters:
            self.parameters[name] = self.draw(shape, mean, deviation)
            if len(shape) > 1:
                self.matrices.add(name)
        return self.parameters[name]

    def state(self, name: str, width: int, mean: float, deviation: float) -> torch.Tensor:
        if name not in self.states:
            self.states[name] = self.draw((width,), mean, deviation).abs()
        return self.states[name]

    def draw(self, shape, mean: float, deviation: float) -> torch.Tensor:
        return (mean + deviation * torch.randn(shape, generator=self.generator)).float().double()


class Pass:
    """One pass through a model: what it computes, what its layers add to the loss, and how near it comes to a kink."""

    def __init__(self, numbers: Numbers, training: bool):
        self.numbers, self.training = numbers, training
        self.added = 0.0
        self.margin = float("inf")

    def watch(self, x: torch.Tensor, kinks):
        """What lies exactly on a kink is there by construction, as behind a relu, and so it is with us."""
        for kink in kinks:
            distance = (x.detach() - kink).abs()
            distance = distance[distance > 0]
            if distance.numel():
                self.margin = min(self.margin, float(distance.min()))

    def run(self, m: Model, rows: torch.Tensor) -> torch.Tensor:
        rows = rows.split([size(shape) for shape in m.inputs], 1)
        values = [value.reshape(len(value), *shape) for value, shape in zip(rows, m.inputs)]
        for place, x in enumerate(m.layers):
            values = self.layer(x, values, self.place(x, "", place))
        return torch.cat([value.flatten(1) for value in values], 1)

    @staticmethod
    def place(x: Layer, path: str, place) -> str:
        return f"{path}{x.settings[0] if x.kind == 'named' else place}."

    def layer(self, x: Layer, values: list, path: str) -> list:
        """What a layer makes of some values; `path` is what its parameters' names begin with."""
        several = getattr(self, f"run_{x.kind}", None)
        return several(x, values, path) if several else [getattr(self, f"of_{x.kind}")(x, values[0], path)]

    # Combinators, of several values.
    def run_chain(self, x, values, path):
        for place, part in enumerate(x.inside):
            values = self.layer(part, values, self.place(part, path, place))
        return values

    def run_repeat(self, x, values, path):
        return self.run_chain(Layer("chain", (), x.inside * x.settings[0]), values, path)

    def run_branch(self, x, values, path):
        return [
            made
            for place, part in enumerate(x.inside)
            for made in self.layer(part, values, self.place(part, path, place))
        ]

    def run_each(self, x, values, path):
        return [
            made
            for place, (part, value) in enumerate(zip(x.inside, values))
            for made in self.layer(part, [value], self.place(part, path, place))
        ]

    def run_named(self, x, values, path):
        return self.layer(x.inside[0], values, path)

    def run_shared(self, x, values, path):
        return self.layer(x.inside[0], values, f"{x.settings[0]}.")

    def run_concat(self, x, values, path):
        return [torch.cat(values, -1)]

    def run_add(self, x, values, path):
        return [torch.stack(values).sum(0)]

    def run_multiply(self, x, values, path):
        return [torch.stack(values).prod(0)]

    # Layers, of one value.
    def of_residual(self, x, value, path):
        return value + self.layer(x.inside[0], [value], f"{path}body.")[0]

    def of_groups(self, x, value, path):
        parts = value.split(list(x.settings), -1)
        return torch.cat(self.run_each(x, parts, path), -1)

    def of_dense(self, x, value, path):
        units, has_bias = x.settings
        fan_in = value.shape[-1]
        weight = self.numbers.get(f"{path}weight", (units, fan_in), 0, 1.2 / fan_in**0.5)
        return functional.linear(value, weight, self.numbers.get(f"{path}bias", (units,), 0, 0.3) if has_bias else None)

    def activate(self, name, value, path):
        per_unit, learned = catalogue.LEARNED.get(name, (False, {}))
        function, kinks = ACTIVATIONS[name.removesuffix(".per_unit()")]
        self.watch(value, kinks)
        width = value.shape[-1] if per_unit else 1
        return function(value, *(self.numbers.get(f"{path}{p}", (width,), start, 0.1) for p, start in learned.items()))

    def of_activation(self, x, value, path):
        return self.activate(x.settings[0], value, path)

    def of_gated(self, x, value, path):
        first, second = value.chunk(2, -1)
        return first * self.activate(catalogue.GATES[x.settings[0]], second, path)

    def of_maxout(self, x, value, path):
        pieces = torch.stack(value.chunk(x.settings[0], -1))
        largest = pieces.detach().topk(2, 0).values
        self.watch(largest[0] - largest[1], (0,))
        return pieces.amax(0)

    def of_norm(self, x, value, path):
        kind, affine, epsilon, momentum = x.settings
        width = value.shape[-1]
        gain = self.numbers.get(f"{path}weight", (width,), 1, 0.3) if affine else None
        shift = self.numbers.get(f"{path}bias", (width,), 0, 0.3) if affine and kind != "rms_norm" else None
        if kind == "rms_norm":
            return functional.rms_norm(value, (width,), gain, epsilon or 1e-6)
        if kind == "layer_norm":
            return functional.layer_norm(value, (width,), gain, shift, epsilon or 1e-5)
        mean = self.numbers.state(f"{path}running_mean", width, 0, 0.3)
        variance = self.numbers.state(f"{path}running_var", width, 1, 0.2)
        made = functional.batch_norm(
            value.movedim(-1, 1), mean, variance, gain, shift, self.training, momentum or 0.1, epsilon or 1e-5
        )
        return made.movedim(1, -1)

    def of_softmax(self, x, value, path):
        return functional.softmax(value, -1)

    def of_log_softmax(self, x, value, path):
        return functional.log_softmax(value, -1)

    def of_activation_penalty(self, x, value, path):
        name, strength = x.settings
        function, kinks = PENALTIES[name]
        self.watch(value, kinks)
        self.added = self.added + strength * function(value).sum() / len(value)
        return value

    def of_kl_sparsity(self, x, value, path):
        target, strength = x.settings
        if self.training:
            mean = value.mean(0).clamp(1e-6, 1 - 1e-6)
            target = torch.tensor(target, dtype=value.dtype)
            divergence = target * (target.log() - mean.log()) + (1 - target) * ((1 - target).log() - (1 - mean).log())
            self.added = self.added + strength * divergence.sum()
        return value

    def of_conv(self, x, value, path):
        out, window, _, groups = x.settings
        channels = value.shape[-1] // groups if out else 1  # each by itself, so many times
        shape = (out or groups * value.shape[-1], channels, *window.size)
        fan_in = channels * size(window.size)
        weight = self.numbers.get(f"{path}weight", shape, 0, 1.2 / fan_in**0.5)
        bias = self.numbers.get(f"{path}bias", shape[:1], 0, 0.3) if x.settings[2] else None
        return windows.convolution(value, weight, bias, window)

    def of_pool(self, x, value, path):
        kind, window = x.settings
        if kind == "average":
            return windows.average(value, window)
        made, gaps = windows.largest(value, window)
        self.watch(gaps, (0,))
        return made

    def of_global_average_pool(self, x, value, path):
        return value.flatten(1, -2).mean(1)

    def of_global_max_pool(self, x, value, path):
        flat = value.flatten(1, -2)
        if flat.shape[1] > 1:
            largest = flat.detach().topk(2, 1).values
            self.watch(largest[:, 0] - largest[:, 1], (0,))
        return flat.max(1).values  # not amax, which shares a gradient among equal ones

    def of_squeeze_excite(self, x, value, path):
        reduction, activation, gate = x.settings
        channels = value.shape[-1]
        squeezed = value.flatten(1, -2).mean(1)
        squeezed = self.of_dense(Layer("dense", (channels // reduction, True)), squeezed, f"{path}fc1.")
        squeezed = self.activate(activation, squeezed, f"{path}activation.")
        weights = self.of_dense(Layer("dense", (channels, True)), squeezed, f"{path}fc2.")
        weights = self.activate(gate, weights, f"{path}gate.")
        return value * weights.reshape(len(value), *(1,) * (value.dim() - 2), channels)

    def of_transposed_conv(self, x, value, path):
        out, window, has_bias, groups, behind = x.settings
        fan_in = value.shape[-1] // groups * size(window.size)
        weight = self.numbers.get(
            f"{path}weight", (value.shape[-1], out // groups, *window.size), 0, 1.2 / fan_in**0.5
        )
        bias = self.numbers.get(f"{path}bias", (out,), 0, 0.3) if has_bias else None
        return windows.transposed(value, weight, bias, window, groups, behind)

    def of_upsample(self, x, value, path):
        return windows.upsampled(value, *x.settings)

    def of_zero_pad2d(self, x, value, path):
        return windows.padded(value, x.settings)

    def of_crop2d(self, x, value, path):
        return windows.padded(value, [-edge for edge in x.settings])

    def of_flatten(self, x, value, path):
        return value.flatten(1)

    def of_reshape(self, x, value, path):
        return value.reshape(len(value), *x.settings)

    def of_dropout_of_nothing(self, x, value, path):
        return value


def hinge(p, t):
    return torch.relu(1 - t * p).mean()


LOSSES = {
    "mean_squared_error": functional.mse_loss,
    "mean_absolute_error": functional.l1_loss,
    "huber": functional.huber_loss,
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    "hinge": hinge,
    "own_cubic": lambda p, t: ((p - t).abs() ** 3).mean(),
    "own_log_cosh": lambda p, t: torch.log(torch.cosh(p - t)).mean(),
}


def encoded(m: Model, labels: torch.Tensor, dtype) -> torch.Tensor:
    """Labels as the targets of a loss that is no cross-entropy."""
    targets = labels[:, None] if m.outputs == 1 else functional.one_hot(labels, m.outputs)
    return (2 * targets - 1 if m.loss == "hinge" else targets).to(dtype)


def loss_of(m: Model, it: Pass, rows: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The loss of a batch with what layers add to it; penalties on weights are no part of it."""
    outputs = it.run(m, rows)
    if m.loss == "softmax_cross_entropy":
        weights = torch.tensor(m.class_weights, dtype=rows.dtype) if m.class_weights else None
        labels = targets if m.targets == "labels" else targets.to(rows.dtype)
        return functional.cross_entropy(outputs, labels, weights, label_smoothing=m.smoothing) + it.added
    wanted = encoded(m, targets, rows.dtype) if m.targets == "labels" else targets.to(rows.dtype)
    if m.loss == "hinge":
        it.watch(1 - wanted * outputs, (0,))
    elif m.loss == "mean_absolute_error":
        it.watch(outputs - wanted, (0,))
    return LOSSES[m.loss](outputs, wanted) + it.added
