# SPDX-License-Identifier: MIT
"""An ONNX model as nodes between an input and an output, with the numbers of one run: constants are folded, all shapes are known."""
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

BATCH = 3
FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16)
# What reads how large a tensor is, and none of its numbers.
OF_SHAPES = ("Shape", "Size")
# What reads only the type of its second input.
OF_TYPES = ("CastLike",)
# What makes other numbers in each run, whatever it reads.
OF_CHANCE = ("RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial")


class Refused(Exception):
    """All that is in the way, a line each."""

    def __init__(self, lines):
        super().__init__("\n".join(lines))
        self.lines = list(lines)


@dataclass
class Node:
    op: str
    name: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict = field(default_factory=dict)

    def get(self, name, otherwise=None):
        return self.attributes.get(name, otherwise)

    def complaint(self, reason) -> str:
        return f"{self.name} ({self.op}): {reason}"


@dataclass
class Source:
    nodes: list[Node]
    constants: dict[str, np.ndarray]
    shapes: dict[str, tuple]  # without the batch
    shapeless: dict[str, tuple]  # of what does not begin with the batch
    batch: int
    inputs: list[str]
    outputs: list[str]
    runs: dict[str, np.ndarray]  # inputs and outputs of one run
    opset: int
    is_coarse: bool  # whether that run rounded to 16 bits somewhere


def read(path_or_model, operators) -> Source:
    """`operators` are those that can be translated. Throws Refused."""
    model = path_or_model if isinstance(path_or_model, onnx.ModelProto) else onnx.load(Path(path_or_model))
    if model.functions:
        model = onnx.inliner.inline_local_functions(model)
    check_names(model.graph)
    batch, is_open = fix_inputs(model)
    initial = {tensor.name: array_of(tensor) for tensor in model.graph.initializer}
    inputs = [put.name for put in model.graph.input if put.name not in initial]
    outputs = [put.name for put in model.graph.output]
    nodes = needed(nodes_of(model.graph), outputs)
    foreign = list(foreign_nodes(nodes, inputs, operators))
    values = run_all(model, inputs, outputs, [n.complaint(reason) for n, reason in foreign])
    if batch > 1 and not foreign:
        check_fewer(model, inputs, outputs, values, batch, is_open)
    values.update(initial)
    constants, moving = dict(initial), []
    for n in nodes:
        if is_constant(n, constants.__contains__):
            constants.update({name: np.asarray(values[name]) for name in n.outputs if name})
        else:
            moving.append(n)
    shapes = {name: np.shape(values[name]) for name in [*inputs, *(name for n in moving for name in n.outputs if name)]}
    shapeless = {name: shape for name, shape in shapes.items() if shape[:1] != (batch,)}
    shapes = {name: tuple(shape[1:]) for name, shape in shapes.items() if name not in shapeless}
    opset = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 17)
    runs = {name: values[name] for name in [*inputs, *outputs]}
    is_coarse = any(has_16_bits(values[name]) for n in moving for name in [*n.inputs, *n.outputs] if name in values)
    return Source(moving, constants, shapes, shapeless, batch, inputs, outputs, runs, opset, is_coarse)


def has_16_bits(array) -> bool:
    """Whether it has numbers with a point of 16 bits, of either kind."""
    kind = np.asarray(array).dtype
    return kind.itemsize == 2 and kind.kind not in "iu"


def printable(text) -> str:
    """A name of a file's as one can show it, and put it into a comment."""
    return "".join(c if c.isprintable() else "?" for c in text)


def given_names(graph) -> set[str]:
    """Of what is there before the first node."""
    return {put.name for put in graph.input} | {tensor.name for tensor in graph.initializer} | {tensor.values.name for tensor in graph.sparse_initializer}


def check_names(graph) -> None:
    """Each tensor is made once, before it is read; a runtime may take another order, and which of two tensors of one name is read is nobody's promise."""
    faults = [f"initialiser {tensor.values.name} is sparse; export it with all its numbers" for tensor in graph.sparse_initializer]
    known = given_names(graph)
    for n in nodes_of(graph):
        faults += [n.complaint(f"it reads {name}, which nothing before it makes") for name in dict.fromkeys(n.inputs) if name and name not in known]
        made = [name for name in n.outputs if name]
        faults += [n.complaint(f"it makes {name}, which is there already") for name in made if name in known]
        known.update(made)
    faults += [f"output {put.name}: nothing makes it" for put in graph.output if put.name not in known]
    if faults:
        raise Refused(faults)


def array_of(tensor) -> np.ndarray:
    try:
        return numpy_helper.to_array(tensor)
    except Exception as error:  # fewer numbers than its shape says, a type that is not known
        raise Refused([f"initialiser {tensor.name} of the shape {list(tensor.dims)}: {error}"]) from error


def fix_inputs(model) -> tuple[int, bool]:
    """Gives all inputs a batch of one size; whether any size would do. Throws Refused where anything else has no size, or is no number."""
    initial = {tensor.name for tensor in model.graph.initializer}
    puts = [put for put in model.graph.input if put.name not in initial]
    faults, sizes = [], set()
    for put in puts:
        kind = put.type.tensor_type
        if kind.elem_type not in FLOATS:
            faults.append(f"input {put.name}: expected numbers with a point, found {onnx.TensorProto.DataType.Name(kind.elem_type)}")
        if not kind.shape.dim:
            faults.append(f"input {put.name}: expected a batch of samples, found a single number")
            continue
        open_ones = [d.dim_param or str(i) for i, d in enumerate(kind.shape.dim) if i > 0 and d.dim_value <= 0]
        if open_ones:
            faults.append(f"input {put.name}: expected sizes that are numbers, but of the batch, found {', '.join(open_ones)} open; export it with fixed sizes")
        if kind.shape.dim[0].dim_value > 0:
            sizes.add(kind.shape.dim[0].dim_value)
    if len(sizes) > 1:
        faults.append(f"inputs: expected one batch, found batches of {', '.join(map(str, sorted(sizes)))}")
    if not puts:
        faults.append("expected an input, found none: all is constant")
    if faults:
        raise Refused(faults)
    is_open = not sizes
    batch = sizes.pop() if sizes else BATCH
    for put in puts:
        put.type.tensor_type.shape.dim[0].dim_value = batch
    for put in model.graph.output:
        put.type.tensor_type.ClearField("shape")
    del model.graph.value_info[:]
    return batch, is_open


def nodes_of(graph) -> list[Node]:
    nodes = []
    for proto in graph.node:
        op = proto.op_type if proto.domain in ("", "ai.onnx") else f"{proto.domain}.{proto.op_type}"
        attributes = {a.name: helper.get_attribute_value(a) for a in proto.attribute}
        attributes = {k: v.decode() if isinstance(v, bytes) else v for k, v in attributes.items()}
        name = proto.name or f"node of {next((o for o in proto.output if o), '')}"
        inputs = [*proto.input, *(x for a in proto.attribute for inner in [a.g, *a.graphs] for x in read_from_outside(inner))]
        nodes.append(Node(op, name, inputs, list(proto.output), attributes))
    return nodes


def read_from_outside(graph) -> list[str]:
    """What a graph within a node reads of the graph around it."""
    own = given_names(graph)
    found = {}
    for n in nodes_of(graph):
        found.update(dict.fromkeys(name for name in n.inputs if name and name not in own))
        own.update(n.outputs)
    found.update(dict.fromkeys(put.name for put in graph.output if put.name not in own))
    return list(found)


def needed(nodes, outputs) -> list[Node]:
    """Those that an output depends on."""
    wanted, kept = set(outputs), []
    for n in reversed(nodes):
        if any(name in wanted for name in n.outputs):
            kept.append(n)
            wanted.update(n.inputs)
            n.outputs = [name if name in wanted else "" for name in n.outputs]
    return kept[::-1]


def foreign_nodes(nodes, inputs, operators):
    """Nodes that read samples and cannot be translated."""
    moving = set(inputs)
    for n in nodes:
        if is_constant(n, lambda name: name not in moving):
            continue
        moving.update(name for name in n.outputs if name)
        if n.op not in operators:
            yield n, "there is nothing here that it could become"


def is_constant(n, knows) -> bool:
    """Whether all that a node reads the numbers of is known before a sample is."""
    return n.op in OF_SHAPES or n.op not in OF_CHANCE and all(not name or knows(name) for name in n.inputs[:1 if n.op in OF_TYPES else None])


def run_all(model, inputs, outputs, foreign) -> dict[str, np.ndarray]:
    """All tensors of a run, on inputs for which the outputs are finite."""
    sizes = {put.name: [d.dim_value for d in put.type.tensor_type.shape.dim] for put in model.graph.input}
    types = {put.name: helper.tensor_dtype_to_np_dtype(put.type.tensor_type.elem_type) for put in model.graph.input}
    random = np.random.default_rng(1)
    values = {}
    for low, high in ((-1, 1), (0.1, 0.9), (1.1, 2)):
        # Few bits, so that they are written short.
        given = {name: (np.round(random.uniform(low, high, sizes[name]) * 1024) / 1024).astype(types[name]) for name in inputs}
        try:
            values = evaluate(model, given)
        except Exception as error:  # whatever the runtime says
            raise Refused([*foreign, f"the model does not run: {str(error).strip().splitlines()[0]}"]) from error
        values.update(given)
        if all(np.isfinite(values[name]).all() for name in outputs):
            return values
    raise Refused([*foreign, "the outputs are not finite, neither for inputs from -1 to 1 nor from 0.1 to 0.9 nor from 1.1 to 2"])


def check_fewer(model, inputs, outputs, values, batch, is_open) -> None:
    """Throws Refused where a sample's outputs change with the size of the batch, as where a model divides by it: a model of ours sees one sample."""
    fewer = onnx.ModelProto()
    fewer.CopyFrom(model)
    for put in fewer.graph.input:
        if put.name in inputs:
            put.type.tensor_type.shape.dim[0].dim_value = batch - 1
    try:
        again = evaluate(fewer, {name: values[name][:batch - 1] for name in inputs})
    except MemoryError:
        raise
    except Exception as error:  # whatever the runtime says
        if is_open:
            raise Refused([f"the model runs with {batch} samples, but not with {batch - 1}: {str(error).strip().splitlines()[0]}"]) from error
        # It names its size somewhere within.
        print(f"the model runs with {batch} samples alone: whether what it makes of a sample depends on how many there are is left open", file=sys.stderr)
        return
    again.update({name: values[name][:batch - 1] for name in inputs})
    for name in outputs:
        whole, part = np.asarray(values[name], dtype=float), np.asarray(again.get(name, values[name]), dtype=float)
        if whole.shape[:1] == (batch,) and part.shape == (batch - 1, *whole.shape[1:]) and not np.allclose(whole[:batch - 1], part, rtol=1e-3, atol=1e-3 * np.abs(whole).max(initial=0)):
            raise Refused([f"output {name}: what it is for a sample depends on how many samples the batch has"])


def evaluate(model, given) -> dict[str, np.ndarray]:
    """By onnxruntime where it is installed and knows all operators, else by ONNX's own evaluator."""
    names = [name for n in model.graph.node for name in n.output if name]
    try:
        import onnxruntime
        onnxruntime.set_default_logger_severity(4)
        observed = onnx.ModelProto()
        observed.CopyFrom(model)
        del observed.graph.output[:]
        observed.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(observed.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return dict(zip(names, session.run(names, given)))
    except Exception:  # not installed, or an operator or type that it does not know
        from onnx.reference import ReferenceEvaluator
        with np.errstate(all="ignore"):
            return dict(ReferenceEvaluator(model).run(None, given, intermediate=True))
