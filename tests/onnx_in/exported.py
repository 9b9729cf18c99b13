# SPDX-License-Identifier: MIT
"""Nets of PyTorch as its exporter writes them."""
import io
import warnings

import onnx
import torch
from torch import nn


def flattened():
    """An image of several positions and channels meets dense layers, and comes back from one: each has its own order of channels."""
    return nn.Sequential(
        nn.Conv2d(2, 6, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(6), nn.MaxPool2d(2), nn.Conv2d(6, 5, 3), nn.ReLU(), nn.Flatten(), nn.BatchNorm1d(20),
        nn.Linear(20, 8), nn.Tanh(), nn.Linear(8, 12), nn.BatchNorm1d(12), nn.Unflatten(1, (3, 2, 2)), nn.ConvTranspose2d(3, 4, 3, 2, output_padding=1),
        nn.Flatten(), nn.Linear(144, 3), nn.Softmax(1)), (2, 9, 8)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU())
        self.body = nn.Sequential(nn.Conv2d(6, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 6, 3, padding=1), nn.BatchNorm2d(6))
        self.smaller = nn.Sequential(nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1))
        self.beside = nn.Conv2d(6, 8, 1, stride=2)
        self.end = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4))

    def forward(self, x):
        x = self.start(x)
        x = torch.relu(x + self.body(x))
        return self.end(torch.relu(self.smaller(x) + self.beside(x)))


def rows():
    return nn.Sequential(nn.Linear(7, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 8), nn.BatchNorm1d(8), nn.SiLU(), nn.Dropout(0.3), nn.Linear(8, 6), nn.PReLU(6),
                         nn.Linear(6, 4, bias=False), nn.LogSoftmax(1)), (7,)


def sequence():
    return nn.Sequential(nn.Conv1d(3, 8, 3, padding=2, dilation=2), nn.PReLU(8), nn.MaxPool1d(2), nn.Conv1d(8, 8, 3, stride=2, padding=1, groups=4), nn.ELU(),
                         nn.AvgPool1d(2, padding=1), nn.ConvTranspose1d(8, 4, 3, stride=2), nn.Flatten(), nn.Linear(28, 3)), (3, 20)


class Joined(nn.Module):
    """Parts side by side, as in DenseNet, U-Net and Inception, on a flattened image, too."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(6, 4, 3, padding=1), nn.Conv2d(10, 4, 3, padding=1)
        self.end = nn.Linear(4 * 36 + 4, 5)

    def forward(self, x):
        y = torch.cat([x, torch.relu(self.a(x))], 1)
        small = nn.functional.max_pool2d(torch.relu(self.b(y)), 2)
        y = torch.relu(self.c(torch.cat([nn.functional.interpolate(small, scale_factor=2, mode="nearest"), y], 1)))
        return self.end(torch.cat([y.flatten(1), y.mean((2, 3))], 1))


class Gated(nn.Module):
    """Squeeze and excitation over a depthwise convolution."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 1), nn.Hardswish(), nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.BatchNorm2d(8), nn.ReLU6())
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 2, 1), nn.ReLU(), nn.Conv2d(2, 8, 1), nn.Hardsigmoid())

    def forward(self, x):
        x = self.body(x)
        return (x * self.gate(x)).amax((2, 3))


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.all = nn.ModuleList([nn.ELU(0.7), nn.SELU(), nn.CELU(1.5), nn.Softplus(), nn.Softsign(), nn.Mish(), nn.LeakyReLU(0.2), nn.Hardtanh(), nn.ReLU6(),
                                  nn.GELU(), nn.GELU("tanh"), nn.LogSigmoid(), nn.Sigmoid(), nn.Hardshrink(), nn.Tanhshrink(), nn.Identity()])

    def forward(self, x):
        return torch.cat([f(3 * x) for f in self.all], 1)


class Several(nn.Module):
    """Two inputs, two outputs."""

    def __init__(self):
        super().__init__()
        self.image, self.row = nn.Conv2d(2, 3, 3), nn.Linear(5, 6)
        self.first, self.second = nn.Linear(3 * 4 + 6, 4), nn.Linear(4, 2)

    def forward(self, image, row):
        x = torch.cat([torch.relu(self.image(image)).flatten(1), torch.tanh(self.row(row))], 1)
        x = torch.relu(self.first(x))
        return x, self.second(x)


class Sequence(nn.Module):
    """An encoder of a transformer by hand: exporters write its heads as transposed products."""

    def __init__(self, columns=8, heads=2):
        super().__init__()
        self.heads, self.place = heads, nn.Parameter(torch.randn(6, columns))
        self.into, self.out, self.norm = nn.Linear(columns, 3 * columns), nn.Linear(columns, columns), nn.LayerNorm(columns)
        self.body = nn.Sequential(nn.Linear(columns, 16), nn.GELU(), nn.Linear(16, columns))
        self.end = nn.Linear(columns, 3)

    def forward(self, x):
        x = x + self.place
        n, t, c = x.shape
        q, k, v = (part.reshape(n, t, self.heads, c // self.heads).transpose(1, 2) for part in self.into(x).chunk(3, 2))
        means = torch.softmax(q @ k.transpose(2, 3) / 2, 3) @ v
        x = self.norm(x + self.out(means.transpose(1, 2).reshape(n, t, c)))
        x = x + self.body(x)
        return self.end(x.mean(1))


class Encoder(nn.Module):
    """PyTorch's own layer: it puts positions before the batch, and heads beside it."""

    def __init__(self):
        super().__init__()
        self.layer, self.end = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, dropout=0.0), nn.Linear(8, 2)

    def forward(self, x):
        hidden = torch.triu(torch.full((6, 6), float("-inf")), 1)
        return self.end(self.layer(x, src_mask=hidden)[:, -1])


def nets():
    """Names, nets and the shapes of their inputs."""
    torch.manual_seed(3)
    yield "flattened", *flattened()
    yield "residual", Residual(), (3, 8, 8)
    yield "rows", *rows()
    yield "sequence", *sequence()
    yield "joined", Joined(), (2, 6, 6)
    yield "gated", Gated(), (3, 6, 5)
    yield "activations", Activations(), (6,)
    yield "several", Several(), (2, 4, 4), (5,)
    yield "transformer", Sequence(), (6, 8)
    yield "encoder", Encoder(), (6, 8)


def export(net, shapes, opset=17):
    inputs = [torch.randn(4, *shape) for shape in shapes]
    net.train()(*inputs)  # running statistics
    for parameter in net.parameters():
        if parameter.dim() == 1:
            parameter.data += torch.rand_like(parameter) / 2
    names = [f"x{i}" for i in range(len(inputs))]
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(net.eval(), tuple(inputs), file, dynamo=False, opset_version=opset, input_names=names,
                          dynamic_axes={name: {0: "batch"} for name in names}, verbose=False)
    return onnx.load_from_string(file.getvalue())
