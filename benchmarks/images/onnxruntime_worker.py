#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Inference of one sample of each net in ONNX Runtime: prints microseconds as JSON. Training is not in the package.

Image and outputs are bound to memory once, all graph optimisations are on (so that a batch norm goes into the convolution before it), sequential
execution, denormals as zero.

usage: onnxruntime_worker.py --threads N --seconds S
       onnxruntime_worker.py --check FOLDER     prints the outputs of one sample, with the trained weights in the folder
"""
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "remedies"))
import steps  # noqa: E402  before ONNX Runtime: it sets the number of threads
import nets  # noqa: E402
import numpy  # noqa: E402
import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402


class Graph:
    """Nodes and constants of a net whose images are channels first."""

    def __init__(self, layers, weights):
        self.nodes, self.constants, self.count = [], [], 0
        self.weights, self.flattened = iter(weights), 0  # channels of the image that a flatten has made a vector of
        self.outputs = self.chain(layers, "image")

    def node(self, kind: str, *inputs: str, **attributes) -> str:
        self.count += 1
        output = f"{kind}{self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, tensor) -> str:
        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(tensor), f"constant{len(self.constants)}"))
        return self.constants[-1].name

    def chain(self, layers, x: str) -> str:
        channels = 0
        for layer in layers:
            if isinstance(layer, nets.Conv):
                channels = layer.out
            if layer == nets.flatten:
                self.flattened = channels
            x = self.layer(layer, x)
        return x

    def layer(self, layer, x: str) -> str:
        if isinstance(layer, nets.Add):
            return self.node("Add", *[self.chain(branch, x) for branch in layer.branches])
        if isinstance(layer, nets.Plain):
            return self.plain(layer.kind, x)
        own = next(self.weights)
        if isinstance(layer, nets.BatchNorm):
            return self.node("BatchNormalization", x, *[self.constant(own[n]) for n in ("weight", "bias", "mean", "variance")], epsilon=nets.EPSILON)
        if isinstance(layer, nets.Dense):
            return self.node("Gemm", x, self.constant(self.channels_first(own["weight"])), self.constant(own["bias"]), transB=1)
        above, below, left, right = layer.padding
        return self.node("Conv", x, self.constant(own["weight"]), *[self.constant(own["bias"]) for _ in range(layer.bias)], group=layer.groups,
                         kernel_shape=layer.size, strides=[layer.stride] * 2, pads=[above, left, below, right])

    def plain(self, kind: str, x: str) -> str:
        if kind == "pool":
            return self.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        if kind == "mean":
            return self.node("Flatten", self.node("GlobalAveragePool", x))
        return self.node({"relu": "Relu", "flatten": "Flatten"}[kind], x)

    def channels_first(self, weight):
        """The columns of the first dense layer behind an image are channels last in the file."""
        if not self.flattened:
            return weight
        channels, self.flattened = self.flattened, 0
        side = int((weight.shape[1] // channels) ** 0.5)
        return weight.reshape(-1, side, side, channels).transpose(0, 3, 1, 2).reshape(weight.shape)


def model_of(layers, image, weights) -> bytes:
    graph = Graph(layers, weights)
    height, width, channels = image
    shapes = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)]
              for name, shape in (("image", [1, channels, height, width]), (graph.outputs, [1, nets.classes_of(layers)]))]
    whole = helper.make_graph(graph.nodes, "net", *shapes, initializer=graph.constants)
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=10).SerializeToString()


class Bound:
    def __init__(self, layers, image, weights):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = steps.threads(), 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        self.session = onnxruntime.InferenceSession(model_of(layers, image, weights), options, providers=["CPUExecutionProvider"])
        inputs, _ = nets.problem(image, 1, nets.classes_of(layers))
        self.image = onnxruntime.OrtValue.ortvalue_from_numpy(numpy.ascontiguousarray(inputs.transpose(0, 3, 1, 2)))
        self.outputs = onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros((1, nets.classes_of(layers)), numpy.float32))
        self.binding = self.session.io_binding()
        self.binding.bind_ortvalue_input("image", self.image)
        self.binding.bind_ortvalue_output(self.session.get_outputs()[0].name, self.outputs)

    def repeat(self, count: int) -> None:
        # The wrapper around these two does nothing but pass them on.
        run, binding = self.session._sess.run_with_iobinding, self.binding._iobinding
        for _ in range(count):
            run(binding, None)


def sessions(weights):
    for name, (layers, image, _) in nets.NETS.items():
        if name not in nets.NOT_INFERRED:
            yield nets.one_sample(name), Bound(layers, image, weights(name, layers))


if __name__ == "__main__":
    if "--check" in sys.argv:
        folder = Path(sys.argv[sys.argv.index("--check") + 1])
        for case, session in sessions(lambda name, layers: nets.weights_of(layers, folder / f"{name}.trained.safetensors")):
            session.repeat(1)
            nets.print_check(case, session.outputs.numpy()[0].tolist())
    else:
        # As of the others, one thread's alone.
        steps.report((case, session.repeat) for case, session in (sessions(lambda name, layers: nets.drawn(layers)) if steps.threads() == 1 else ()))
