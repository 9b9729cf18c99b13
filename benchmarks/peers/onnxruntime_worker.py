#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ONNX Runtime: inference only, inputs and outputs bound to memory once. README.md has the settings that were tried."""
import common
import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPERATORS = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid"}


def model_of(problem: common.Problem) -> bytes:
    case, nodes, constants, values = problem.case, [], [], "inputs"
    for layer in range(case.layers):
        names = [f"W{layer}", f"b{layer}"]
        constants += [numpy_helper.from_array(p, n) for p, n in zip(problem.parameters[2 * layer :], names)]
        last = layer + 1 == case.layers
        sums = "outputs" if last else f"sums{layer}"
        nodes.append(helper.make_node("Gemm", [values, *names], [sums], transB=1))
        if not last:
            values = f"values{layer}"
            nodes.append(helper.make_node(OPERATORS[case.activation], [sums], [values]))
    shapes = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [problem.batch, width])]
        for name, width in (("inputs", case.widths[0]), ("outputs", case.widths[-1]))
    ]
    graph = helper.make_graph(nodes, case.name, *shapes, initializer=constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10).SerializeToString()


class Bound(common.Session):
    def __init__(self, problem: common.Problem):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = common.threads()
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self.session = onnxruntime.InferenceSession(model_of(problem), options, providers=["CPUExecutionProvider"])
        self.inputs = onnxruntime.OrtValue.ortvalue_from_numpy(problem.inputs)
        self.outputs = onnxruntime.OrtValue.ortvalue_from_numpy(
            numpy.zeros((problem.batch, problem.case.widths[-1]), numpy.float32)
        )
        self.binding = self.session.io_binding()
        self.binding.bind_ortvalue_input("inputs", self.inputs)
        self.binding.bind_ortvalue_output("outputs", self.outputs)

    def repeat(self, count: int) -> None:
        # The wrapper around these two does nothing but pass them on.
        run, binding = self.session._sess.run_with_iobinding, self.binding._iobinding
        for _ in range(count):
            run(binding, None)

    def output(self):
        self.repeat(1)
        return [self.outputs.numpy()]


def open_session(problem: common.Problem, phase: str, timed: bool) -> Bound:
    if phase == "train":
        raise common.Cannot("ONNX Runtime as it comes from PyPI has no training")
    return Bound(problem)


if __name__ == "__main__":
    common.serve("onnxruntime", onnxruntime.__version__, open_session, lambda: "MLAS, which does not tell its kernels")
