#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""PyTorch through torch.compile: a training step is one compiled function. README.md has the settings that were tried."""
import common
import torch
import torch._inductor.config
import torch._inductor.cpu_vec_isa
import torch.nn.functional as F
from pytorch_worker import kernels

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}


def own_code(function):
    """A copy with a code object of its own: the compiler keeps what it compiled by code object, and guards it by what differs."""
    return type(function)(
        function.__code__.replace(), function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )


def functions_of(problem: common.Problem):
    activation = ACTIVATIONS[problem.case.activation]
    criterion = F.cross_entropy if problem.case.loss == "ce" else F.mse_loss

    def forward(parameters, inputs):
        values = inputs
        for i in range(0, len(parameters) - 2, 2):
            values = activation(F.linear(values, parameters[i], parameters[i + 1]))
        return F.linear(values, parameters[-2], parameters[-1])

    def loss(parameters, inputs, targets):
        return criterion(forward(parameters, inputs), targets)

    def loss_and_gradients(parameters, inputs, targets):
        gradients, value = torch.func.grad_and_value(loss)(parameters, inputs, targets)
        return value, gradients

    def step(parameters, inputs, targets):
        value, gradients = loss_and_gradients(parameters, inputs, targets)
        for parameter, gradient in zip(parameters, gradients):
            parameter.add_(gradient, alpha=-common.LEARNING_RATE)
        return value

    return forward, loss_and_gradients, step


def compiled(function, **options):
    return torch.compile(own_code(function), dynamic=False, fullgraph=True, options=options or None)


class Compiled(common.Session):
    """A call a step of what torch.compile makes of it."""

    def __init__(self, problem: common.Problem, phase: str, way: str = "compiled", steps: int = 1, **options):
        self.way, self.steps = way, steps
        self.parameters = [torch.from_numpy(p.copy()) for p in problem.parameters]
        self.inputs = torch.from_numpy(problem.inputs)
        self.targets = torch.from_numpy(problem.targets)
        self.forward, self.loss_and_gradients, self.step = functions_of(problem)

        def several(parameters, inputs, targets):
            for _ in range(steps):
                value = self.step(parameters, inputs, targets)
            return value

        if phase == "train":
            self.compiled = compiled(several if steps > 1 else self.step, **options)
            self.arguments = (self.parameters, self.inputs, self.targets)
        else:
            self.compiled, self.arguments = compiled(self.forward, **options), (self.parameters, self.inputs)

    def repeat(self, count: int) -> None:
        run, arguments = self.compiled, self.arguments
        with torch.no_grad():
            for _ in range(-(-count // self.steps)):
                self.result = run(*arguments)

    def gradient(self):
        with torch.no_grad():
            value, gradients = compiled(self.loss_and_gradients)(self.parameters, self.inputs, self.targets)
        return [t.numpy() for t in (value, *gradients)]

    def output(self):
        with torch.no_grad():
            return [compiled(self.forward)(self.parameters, self.inputs).numpy()]


class Frozen(common.Session):
    """Inference with weights that are constants: the compiler packs them and chooses kernels by measuring."""

    way = "constant weights, kernels chosen by measuring"

    def __init__(self, problem: common.Problem):
        self.inputs = torch.from_numpy(problem.inputs)
        forward, _, _ = functions_of(problem)

        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.all = torch.nn.ParameterList(torch.nn.Parameter(torch.from_numpy(p.copy())) for p in problem.parameters)

            forward = own_code(lambda self, inputs: forward(list(self.all), inputs))

        options = {"freezing": True, "max_autotune": True, "cpp_wrapper": True}
        self.compiled = torch.compile(Model().eval(), dynamic=False, fullgraph=True, options=options)

    def repeat(self, count: int) -> None:
        run, inputs = self.compiled, self.inputs
        with torch.no_grad():
            for _ in range(count):
                self.result = run(inputs)


class AheadOfTime(common.Session):
    """Inference compiled to a library and loaded: no guards are checked at a call."""

    way = "ahead of time"

    def __init__(self, problem: common.Problem):
        self.inputs = torch.from_numpy(problem.inputs)
        forward, _, _ = functions_of(problem)

        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.all = torch.nn.ParameterList(torch.nn.Parameter(torch.from_numpy(p.copy())) for p in problem.parameters)

            def forward(self, inputs):
                return forward(list(self.all), inputs)

        with torch.no_grad():
            exported = torch.export.export(Model().eval(), (self.inputs,))
            self.compiled = torch._inductor.aoti_load_package(torch._inductor.aoti_compile_and_package(exported))

    def repeat(self, count: int) -> None:
        run, inputs = self.compiled, self.inputs
        with torch.inference_mode():
            for _ in range(count):
                self.result = run(inputs)


def open_session(problem: common.Problem, phase: str, timed: bool) -> common.Session:
    if not timed:
        return Compiled(problem, phase)
    if phase == "infer":
        return common.faster([Compiled(problem, phase), AheadOfTime(problem), Frozen(problem)])
    ways = [Compiled(problem, phase), Compiled(problem, phase, "calls from C++", cpp_wrapper=True)]
    if problem.case.layers <= 10 and problem.batch <= 256:
        ways.append(Compiled(problem, phase, "eight steps a call, calls from C++", 8, cpp_wrapper=True))
    return common.faster(ways)


if __name__ == "__main__":
    torch.set_num_threads(common.threads())
    torch.set_flush_denormal(True)
    common.serve(
        "pytorch_compile", torch.__version__, open_session, lambda: f"compiled for {torch._inductor.cpu_vec_isa.pick_vec_isa()}; {kernels()}"
    )
