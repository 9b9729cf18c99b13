# SPDX-License-Identifier: MIT
"""Small models at the edges of what is taken: those whose import could compute something else in silence, and those that are to be refused in words."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

BATCH = 3
node = helper.make_node


def numbers(*some):
    return np.array(some, dtype=np.float32)


def places(*some):
    return np.array(some, dtype=np.int64)


def model(nodes, shape, constants=None, opset=17, outputs=("y",), batch=BATCH, kind=TensorProto.FLOAT, input_name="x"):
    graph = helper.make_graph(nodes, "edge", [helper.make_tensor_value_info(input_name, kind, [batch, *shape])],
                              [helper.make_tensor_value_info(name, kind, None) for name in outputs],
                              [numpy_helper.from_array(np.asarray(array), name) for name, array in (constants or {}).items()])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 8
    return made


def taken():
    """Names, models, and how far from 0 their inputs go."""
    # What looks like a known activation where one looks: bounds far away, and steps close to 0.
    for low, high in ((-20, 20), (0, 50), (-1e9, 1e9)):
        yield f"clip_{high:.0f}", model([node("Clip", ["x", "low", "high"], ["y"])], (40,), {"low": np.float32(low), "high": np.float32(high)}), 4 * high
    yield "shrink", model([node("Shrink", ["x"], ["y"], lambd=0.05)], (40,)), 0.1
    yield "thresholded", model([node("ThresholdedRelu", ["x"], ["y"], alpha=0.01)], (40,)), 0.02
    # Padding with a number beside which those of the image vanish.
    edges = {"edges": places(0, 0, 1, 1, 0, 0, 1, -2)}
    for value in (-3.4e38, 0.5):
        yield f"pad_{'far' if value < 0 else 'near'}", model([node("Pad", ["x", "edges", "value"], ["y"])], (2, 4, 5), {**edges, "value": np.float32(value)}), 1
    yield "where_constant", model([node("Neg", ["x"], ["n"]), node("Where", ["c", "x", "n"], ["y"])], (3,), {"c": np.array([True, False, True])}), 1


def refused():
    """Names, models, and words of the refusal."""
    image, scales = (2, 4, 5), {"scales": numbers(1, 1, 2.1, 2)}
    yield "resize by 2.1", model([node("Resize", ["x", "", "scales"], ["y"], mode="nearest")], image, scales), "node of y (Resize): an image becomes 1, 1, 2.1, 2 times as large"
    yield "upsample by 2.1", model([node("Upsample", ["x", "scales"], ["y"])], image, scales, opset=9), "2.1, 2 times as large"
    yield "resize of opset 10", model([node("Resize", ["x", "scales"], ["y"], mode="linear")], image, {"scales": numbers(1, 1, 2, 2)}, opset=10), "linear, asymmetric"
