#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A training step, and inference of one sample, of each net in PyTorch: prints microseconds as JSON.

usage: pytorch_worker.py --threads N --seconds S --how eager|channels_last|compile
       pytorch_worker.py --check FOLDER --how ...   prints the losses of three steps from the weights in the folder, then the outputs of one sample
"""
import functools
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "remedies"))
import steps  # noqa: E402  before torch: it sets the number of threads
import nets  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402


class Add(nn.Module):
    """The sum of branches, of which no layer at all hands on what comes in."""

    def __init__(self, *branches: nn.Module):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return self.branches[0](x) + (self.branches[1](x) if len(self.branches) > 1 else x)


def convolved(into: int, out: int, stride: int) -> list[nn.Module]:
    return [nn.Conv2d(into, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)]


def body(into: int, out: int, stride: int) -> nn.Module:
    return nn.Sequential(*convolved(into, out, stride), nn.ReLU(), *convolved(out, out, 1))


def shrinking(into: int, out: int) -> list[nn.Module]:
    return [Add(body(into, out, 2), nn.Conv2d(into, out, 1, 2, bias=False)), nn.ReLU()]


def separable() -> list[nn.Module]:
    return [nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
            nn.Conv2d(64, 64, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]


def pooled(channels: int, classes: int) -> list[nn.Module]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]


def keras() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(1600, 10))


def lenet() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def pair() -> nn.Module:
    return nn.Sequential(nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), *pooled(32, 10))


def resnet8() -> nn.Module:
    return nn.Sequential(*convolved(3, 16, 1), nn.ReLU(), Add(body(16, 16, 1)), nn.ReLU(), *shrinking(16, 32), *shrinking(32, 64), *pooled(64, 10))


def ds_cnn() -> nn.Module:
    return nn.Sequential(nn.ZeroPad2d((1, 1, 4, 5)), nn.Conv2d(1, 64, (10, 4), 2, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
                         *(layer for _ in range(4) for layer in separable()), *pooled(64, 12))


MAKERS = {"keras": keras, "keras128": keras, "lenet": lenet, "pair": pair, "resnet8": resnet8, "ds_cnn": ds_cnn}


def problem(image, batch: int, classes: int):
    """Channels first."""
    inputs, labels = nets.problem(image, batch, classes)
    return torch.from_numpy(inputs).permute(0, 3, 1, 2).contiguous(), torch.from_numpy(labels)


def classes_of(model: nn.Module) -> int:
    return model[-1].out_features


def stepper(run, model: nn.Module, inputs, labels):
    rule, criterion = torch.optim.SGD(model.parameters(), lr=0.01), nn.CrossEntropyLoss()

    def repeat(count: int) -> float:
        model.train()
        for _ in range(count):
            rule.zero_grad()
            loss = criterion(run(inputs), labels)
            loss.backward()
            rule.step()
        return loss.item()

    return repeat


def inferring(how: str, run, model: nn.Module, inputs):
    model.eval()
    one = inputs[:1].contiguous(memory_format=torch.channels_last if how == "channels_last" else torch.contiguous_format)

    def infer(count: int):
        with torch.inference_mode():
            for _ in range(count):
                out = run(one)
        return out

    return infer


def cases(how: str, folder: Path | None = None):
    """The name of each net, its steps, and what makes its inference ready once it has been trained."""
    for name, (_, image, batch) in nets.NETS.items():
        model = MAKERS[name]()
        if folder:
            load(model, folder / f"{name}.safetensors")
        inputs, labels = problem(image, batch, classes_of(model))
        if how == "channels_last":
            model, inputs = model.to(memory_format=torch.channels_last), inputs.to(memory_format=torch.channels_last)
        run = torch.compile(model) if how == "compile" else model
        yield name, stepper(run, model, inputs, labels), functools.partial(inferring, how, run, model, inputs)


def timed(how: str):
    for name, train, inference in cases(how):
        yield name, train
        if steps.threads() == 1 and name not in nets.NOT_INFERRED:
            yield nets.one_sample(name), inference()


def load(model: nn.Module, path: Path) -> None:
    """Parameters come in the same order in both; a dense layer behind a flattened image reads channels last there."""
    given = [torch.from_numpy(tensor) for tensor in nets.in_order(path)[0]]
    wanted = list(model.named_parameters())
    assert len(given) == len(wanted), (path, len(given), len(wanted))
    flattens = any(isinstance(m, nn.Flatten) for m in model) and not any(isinstance(m, nn.AdaptiveAvgPool2d) for m in model)
    first_dense = next(i for i, m in enumerate(model) if isinstance(m, nn.Linear))
    channels = [m.out_channels for m in model if isinstance(m, nn.Conv2d)][-1]
    with torch.no_grad():
        for (name, parameter), tensor in zip(wanted, given):
            if flattens and name == f"{first_dense}.weight":
                side = int((tensor.shape[1] // channels) ** 0.5)
                tensor = tensor.reshape(-1, side, side, channels).permute(0, 3, 1, 2).reshape(tensor.shape)
            assert parameter.shape == tensor.shape, (name, parameter.shape, tensor.shape)
            parameter.copy_(tensor)


def check(folder: Path, how: str) -> None:
    for name, train, inference in cases(how, folder):
        nets.print_check(name, (train(1) for _ in range(3)))
        if name not in nets.NOT_INFERRED:
            nets.print_check(nets.one_sample(name), inference()(1)[0].tolist())


if __name__ == "__main__":
    torch.set_num_threads(steps.threads())
    torch.set_flush_denormal(True)
    asked_how = sys.argv[sys.argv.index("--how") + 1]
    if "--check" in sys.argv:
        check(Path(sys.argv[sys.argv.index("--check") + 1]), asked_how)
    else:
        steps.report(timed(asked_how))
