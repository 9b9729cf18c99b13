#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PyTorch, eager. README.md has the settings that were tried."""
import re

import common
import torch
import torch.nn.functional as F

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}


class Eager(common.Session):
    def __init__(self, problem: common.Problem, phase: str, kind=torch.float32):
        train = phase == "train"
        self.parameters = [torch.from_numpy(p).to(kind, copy=True).requires_grad_(train) for p in problem.parameters]
        self.layers = list(zip(self.parameters[::2], self.parameters[1::2]))
        self.inputs = torch.from_numpy(problem.inputs).to(kind)
        targets = torch.from_numpy(problem.targets)
        self.targets = targets if problem.case.loss == "ce" else targets.to(kind)
        self.activation = ACTIVATIONS[problem.case.activation]
        self.criterion = F.cross_entropy if problem.case.loss == "ce" else F.mse_loss
        self.repeat = self.train if train else self.infer

    def forward(self):
        values = self.inputs
        for weights, bias in self.layers[:-1]:
            values = self.activation(F.linear(values, weights, bias))
        return F.linear(values, *self.layers[-1])

    def train(self, count: int) -> None:
        parameters = self.parameters
        for _ in range(count):
            gradients = torch.autograd.grad(self.criterion(self.forward(), self.targets), parameters)
            with torch.no_grad():
                torch._foreach_add_(parameters, gradients, alpha=-common.LEARNING_RATE)

    def infer(self, count: int) -> None:
        with torch.inference_mode():
            for _ in range(count):
                self.outputs = self.forward()

    def gradient(self):
        loss = self.criterion(self.forward(), self.targets)
        return [t.detach().numpy() for t in (loss, *torch.autograd.grad(loss, self.parameters))]

    def output(self):
        with torch.inference_mode():
            return [self.forward().numpy()]


def kernels() -> str:
    """As PyTorch tells it: its own, then the libraries that multiply; those choose by themselves."""
    told = torch.__config__.show()
    mkl = re.search(r"Math Kernel Library Version (\S+?)-Product", told)
    onednn = re.search(r"MKL-DNN v(\S+)", told)
    blas = re.search(r"BLAS_INFO=(\w+)", told)
    libraries = [f"MKL {mkl[1]}" if mkl else f"BLAS {blas[1] if blas else 'not told'}", f"oneDNN {onednn[1]}" if onednn else "no oneDNN"]
    return f"ATen {torch.backends.cpu.get_cpu_capability()}; {', '.join(libraries)}, which do not tell theirs"


if __name__ == "__main__":
    torch.set_num_threads(common.threads())
    torch.set_flush_denormal(True)
    common.serve("pytorch", torch.__version__, lambda problem, phase, timed: Eager(problem, phase), kernels)
