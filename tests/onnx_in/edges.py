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


def graph_of(op, name):
    return helper.make_graph([node(op, ["x"], [name])], name, [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)])


def refused():
    """Names, models, and words of the refusal."""
    image, scales = (2, 4, 5), {"scales": numbers(1, 1, 2.1, 2)}
    yield "resize by 2.1", model([node("Resize", ["x", "", "scales"], ["y"], mode="nearest")], image, scales), "node of y (Resize): an image becomes 1, 1, 2.1, 2 times as large"
    yield "upsample by 2.1", model([node("Upsample", ["x", "scales"], ["y"])], image, scales, opset=9), "2.1, 2 times as large"
    yield "resize of opset 10", model([node("Resize", ["x", "scales"], ["y"], mode="linear")], image, {"scales": numbers(1, 1, 2, 2)}, opset=10), "linear, asymmetric"
    size = [node("Shape", ["x"], ["s"]), node("Gather", ["s", "first"], ["n"]), node("Cast", ["n"], ["f"], to=TensorProto.FLOAT), node("Div", ["x", "f"], ["y"])]
    yield "a share of the batch", model(size, (4,), {"first": np.int64(0)}, batch="n"), "output y: what it is for a sample depends on how many samples"
    yield "a share of a fixed batch", model(size, (4,), {"first": np.int64(0)}), "output y: what it is for a sample depends on how many samples"
    endless_edge = {"edges": places(0, 0, 1, 1, 0, 0, 1, 1), "value": np.float64(1e39)}
    yield "a padding beyond 32 bits", model([node("Pad", ["x", "edges", "value"], ["y"])], image, endless_edge, kind=TensorProto.DOUBLE), "1e+39, is beyond the numbers of 32 bits"
    yield "numbers of chance", model([node("RandomNormal", [], ["r"], shape=[1, 4]), node("Add", ["x", "r"], ["y"])], (4,)), "node of r (RandomNormal): there is nothing here"
    chosen = node("If", ["c"], ["i"], then_branch=graph_of("Relu", "t"), else_branch=graph_of("Neg", "e"))
    yield "a graph that reads from outside", model([chosen, node("Add", ["i", "x"], ["y"])], (4,), {"c": np.array(True)}), "node of i (If): there is nothing here"
    yield "a constant output", model([node("Relu", ["x"], ["z"]), node("Add", ["k", "k"], ["y"])], (4,), {"k": np.ones((3, 4), np.float32)}, outputs=("z", "y")), "output y: it is constant"
    yield "an output of nothing", model([node("Relu", ["x"], ["z"])], (4,), outputs=("z", "y")), "output y: nothing makes it"
    yield "nodes out of order", model([node("Exp", ["a"], ["y"]), node("Relu", ["x"], ["a"])], (4,)), "node of y (Exp): it reads a, which nothing before it makes"
    yield "a circle", model([node("Add", ["x", "b"], ["a"]), node("Relu", ["a"], ["b"]), node("Neg", ["b"], ["y"])], (4,)), "node of a (Add): it reads b"
    yield "a name made twice", model([node("Relu", ["x"], ["a"]), node("Neg", ["x"], ["a"]), node("Exp", ["a"], ["y"])], (4,)), "node of a (Neg): it makes a, which is there already"
    endless = np.ones((4, 2), np.float32)
    endless[1, 1] = np.inf
    yield "an infinite weight", model([node("Gemm", ["x", "w"], ["a"]), node("Sigmoid", ["a"], ["y"])], (4,), {"w": endless}), "node of a (Gemm): w has numbers that are not finite"
    large = {"w": np.full(4, 1e200), "v": np.full(4, 1e-200)}
    yield "a number beyond 32 bits", model([node("Mul", ["x", "w"], ["a"]), node("Mul", ["a", "v"], ["y"])], (4,), large, kind=TensorProto.DOUBLE), "1e+200, is beyond the numbers of 32 bits"
    each = {name: np.ones(image, np.float32) for name in "sbmv"}
    yield "statistics of each position", model([node("BatchNormalization", ["x", *"sbmv"], ["y"], spatial=0)], image, each, opset=7), "each number of an image by itself"
    plain = {name: np.ones(2, np.float32) for name in "sbmv"}
    yield "an epsilon of 0", model([node("BatchNormalization", ["x", *"sbmv"], ["y"], epsilon=0.0)], image, plain), "its epsilon is 0"
    short = model([node("Add", ["x", "k"], ["y"])], (4,), {"k": np.ones(3, np.float32)})
    short.graph.initializer[0].dims[0] = 4
    yield "fewer numbers than the shape", short, "initialiser k of the shape [4]: "
    sparse = model([node("Add", ["x", "k"], ["y"])], (4,))
    sparse.graph.sparse_initializer.append(helper.make_sparse_tensor(numpy_helper.from_array(numbers(1, 2), "k"), numpy_helper.from_array(places(0, 3)), [4]))
    yield "a sparse constant", sparse, "initialiser k is sparse"


def rounded(kind):
    """Whose numbers are of another type on the way."""
    return model([node("Cast", ["x"], ["a"], to=kind), node("Relu", ["a"], ["b"]), node("Cast", ["b"], ["y"], to=TensorProto.FLOAT)], (4,))


def that_names_its_batch():
    """Which runs with three samples and no other number of them."""
    return model([node("Reshape", ["x", "s"], ["a"]), node("Relu", ["a"], ["y"])], (4,), {"s": places(3, 4)})


def with_a_bad_name():
    """Whose input would end the comment that names it."""
    return model([node("Relu", ["x\nint evil;"], ["y"])], (4,), input_name="x\nint evil;")
