# SPDX-License-Identifier: MIT
"""The node tests of the onnx package, with the parameters of each node as constants, as files have them."""
import importlib
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

# Which inputs of an operator are samples; all others are parameters.
FIRST_ONLY = ("Conv", "ConvTranspose", "BatchNormalization", "Gemm", "PRelu", "LayerNormalization", "RMSNormalization", "Clip", "Pad", "Slice", "Resize",
              "Upsample", "Reshape", "Squeeze", "Unsqueeze", "Split", "Gather", "Dropout", "Expand", "Flatten")
FLOAT = onnx.TensorProto.FLOAT


@dataclass
class Case:
    name: str
    model: onnx.ModelProto
    operators: set
    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)


def collected(modules):
    """The node tests of some of the package's modules, or of all: those take 5 s to be made."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        from onnx.backend.test.case import node
        if modules:
            node.import_recursive = lambda package: [importlib.import_module(f"{package.__name__}.{module}") for module in modules]
        return node.collect_testcases(None)


def is_sample(op, which, array, first) -> bool:
    if op in FIRST_ONLY or op.startswith("Reduce"):
        return which == 0
    if op == "Where":
        return which > 0
    if op == "MatMul":
        return which == 0 or np.ndim(first) > 2 and np.ndim(array) > 2
    return which == 0 or np.shape(array) == np.shape(first)


def cases(operators, modules=()):
    """Those whose nodes are all among the operators and whose samples and results are 32-bit floats."""
    for test in collected(modules):
        graph = test.model.graph
        found = {n.op_type for n in graph.node if n.domain == ""}
        of_one = graph.node[0].op_type if len(graph.node) == 1 else origin_of(test.name, operators)
        if of_one not in operators or any(n.domain not in ("", "ai.onnx") for n in graph.node) or not test.data_sets:
            continue
        inputs, outputs = test.data_sets[0]
        case = as_case(test, of_one, inputs, outputs)
        if case is not None:
            case.operators = found
            yield case


def origin_of(name, operators) -> str:
    """Of a test that has a function's nodes in the place of the function: the function."""
    stem = name.removeprefix("test_").partition("_expanded")[0].replace("_", "")
    fitting = [op for op in operators if stem.startswith(op.lower())]
    return max(fitting, key=len, default="")


def as_case(test, op, inputs, outputs):
    model = onnx.ModelProto()
    model.CopyFrom(test.model)
    graph = model.graph
    names = [put.name for put in graph.input]
    arrays = [numpy_helper.to_array(x) if isinstance(x, onnx.TensorProto) else x for x in inputs]
    if len(names) != len(arrays) or any(not isinstance(a, np.ndarray) and not np.isscalar(a) for a in arrays):
        return None
    samples = [i for i, a in enumerate(arrays) if is_sample(op, i, a, arrays[0])]
    kinds = [graph.input[i].type.tensor_type.elem_type for i in samples]
    results = [put for put in graph.output]
    if set(kinds) != {FLOAT} or results[0].type.tensor_type.elem_type != FLOAT or any(np.ndim(arrays[i]) == 0 for i in samples):
        return None
    for i, a in enumerate(arrays):
        if i not in samples:
            graph.initializer.append(numpy_helper.from_array(np.asarray(a), names[i]))
    kept = [put for i, put in enumerate(graph.input) if i in samples]
    del graph.input[:]
    graph.input.extend(kept)
    # Of a network the first result is what counts, but where all are of one kind.
    if op != "Split" and len(results) > 1:
        del graph.output[1:]
    made = [np.asarray(numpy_helper.to_array(y) if isinstance(y, onnx.TensorProto) else y) for y in outputs]
    return Case(test.name, model, set(), [arrays[i] for i in samples], made[:len(graph.output)])


def tolerance(name) -> float:
    """The numbers of some tests are written with five digits."""
    return 1e-4 if name == "test_averagepool_2d_ceil_last_window_starts_on_pad" else 1e-5


def converted(operators):
    """Nets and layers of PyTorch that lie in the package as files, and what it made of an input."""
    data = Path(onnx.__file__).parent / "backend" / "test" / "data"
    for file in sorted(data.glob("pytorch-*/*/model.onnx")):
        model = onnx.load(file)
        sets = [[onnx.load_tensor(f) for f in sorted(file.parent.glob(f"test_data_set_0/{kind}_*.pb"))] for kind in ("input", "output")]
        inputs, outputs = ([numpy_helper.to_array(x) for x in part] for part in sets)
        if all(a.dtype == np.float32 for a in [*inputs, *outputs]):
            yield Case(file.parent.name.replace("test_", "test_pytorch_"), model, {n.op_type for n in model.graph.node}, inputs, outputs)
