# SPDX-License-Identifier: MIT
"""What is known while nodes become steps: each operator's home is a function in operators/, this is what they have in common.

A tensor of ONNX has its numbers in an order, and here another one: images have their channels last. Each value carries its order along as an index, so that
weights behind a flatten, gains and biases are put into it, whatever lies between. Where an order is needed that a value does not have, the dense layer or the
input that it comes from is asked for it, and the translation begins anew."""
import numpy as np

from .expressions import Expression, is_truth, leaves, number, values_of
from .values import ConcatStep, LayerStep, MapStep, Step, Value, WordsStep, count, natural_extents


class Misfit(Exception):
    """Why a node cannot be taken."""


class NeedsOrder(Exception):
    """Something upstream has to make its numbers in another order."""

    def __init__(self, key, order, extents):
        super().__init__()
        self.key, self.order, self.extents = key, order, extents


class Translation:
    def __init__(self, source, choices):
        self.source, self.choices = source, choices
        self.values: dict[str, Value] = {}
        self.scattered = {}  # tensors whose first axis is not the batch, see scattered.py
        self.steps: list[Step] = []
        self.complaints: list[str] = []
        for name in source.inputs:
            shape = source.shapes[name]
            order, extents = choices.get(name, (np.arange(count(shape)), natural_extents(shape)))
            self.values[name] = Value(name, shape, extents, order, (name, np.arange(count(shape))))

    # What a node reads.

    def is_constant(self, name) -> bool:
        return name in self.source.constants

    def value(self, name) -> Value:
        if self.is_constant(name):
            raise Misfit(f"{name} is constant where samples are expected")
        return self.values[name]

    def constant(self, name) -> np.ndarray:
        if not self.is_constant(name):
            raise Misfit(f"{name} is computed where a constant is expected")
        return self.source.constants[name]

    def optional(self, node, which):
        """A constant that may be left out."""
        name = node.inputs[which] if which < len(node.inputs) else ""
        return self.constant(name) if name else None

    def weights(self, name) -> np.ndarray:
        """A constant that becomes parameters."""
        array = self.constant(name)
        if not np.isfinite(as_floats(array)).all():
            raise Misfit(f"{name} has numbers that are not finite")
        return array

    def optional_weights(self, node, which):
        return None if self.optional(node, which) is None else self.weights(node.inputs[which])

    # Orders.

    def require(self, v: Value, order, extents) -> Value:
        """The same value in an order and with these extents."""
        if not np.array_equal(v.index, order):
            if v.origin is None:
                raise Misfit("it needs the numbers of its input in another order than they are made in")
            key, of_origin = v.origin
            if key in self.choices:
                raise Misfit("it needs the numbers of its input in another order than something before it does")
            raise NeedsOrder(key, of_origin[order], extents)
        return self.with_extents(v, extents)

    def with_extents(self, v: Value, extents) -> Value:
        extents = tuple(int(n) for n in extents)
        if v.extents == extents:
            return v
        out = Value(v.name, v.shape, extents, v.index, v.origin, v.is_truth)
        text = "fg::flatten" if len(extents) == 1 else f"fg::reshape<{', '.join(map(str, extents))}>"
        self.steps.append(LayerStep([v], [out], text))
        return out

    def as_columns(self, v: Value, axes) -> tuple[Value, np.ndarray]:
        """The value with some axes of ONNX as its columns, and which of theirs each column is."""
        axes = sorted(axes)
        others = [a for a in range(len(v.shape)) if a not in axes]
        columns, positions = coordinates(v, axes), coordinates(v, others)
        width = count([v.shape[a] for a in axes])
        columns, positions = columns.reshape(-1, width), positions.reshape(-1, width)
        if (columns == columns[0]).all() and (positions == positions[:, :1]).all():
            if v.columns != width:
                v = self.with_extents(v, (width,) if len(positions) == 1 else (len(positions), width))
            return v, columns[0]
        order = np.arange(v.size).reshape(v.shape).transpose([*others, *axes]).ravel()
        return self.require(v, order, natural_extents([*(v.shape[a] for a in others), width])), np.arange(width)

    def as_image(self, v: Value) -> Value:
        """Channels last: [height][width][channels], or [positions][channels]."""
        if len(v.shape) not in (2, 3):
            raise Misfit(f"it works on {len(v.shape) - 1} directions; images have two, sequences one" if len(v.shape) > 3 else "it needs an image or a sequence")
        order = np.moveaxis(np.arange(v.size).reshape(v.shape), 0, -1)
        return self.require(v, order.ravel(), order.shape)

    # What a node makes.

    def image(self, name, extents, inputs, step) -> Value:
        """What has channels first in ONNX and last here."""
        shape = self.source.shapes[name]
        return self.made(name, extents, np.moveaxis(np.arange(count(shape)).reshape(shape), 0, -1).ravel(), inputs, step)

    def made(self, name, extents, index, inputs, step, origin=None) -> Value:
        out = Value(name, self.source.shapes[name], tuple(int(n) for n in extents), index, origin)
        self.values[name] = out
        step.inputs, step.outputs = inputs, [out]
        self.steps.append(step)
        return out

    def layer(self, node, v, text, tensors=None, extents=None, index=None, origin=None, takes_bias=False) -> Value:
        """A layer that reads one value; without extents it keeps them, and the order."""
        if extents is None:
            extents, index, origin = v.extents, v.index, v.origin
        return self.made(node.outputs[0], extents, index, [v], LayerStep([], [], text, tensors or {}, takes_bias), origin)

    def words(self, node, inputs, text, extents, index) -> Value:
        return self.made(node.outputs[0], extents, index, inputs, WordsStep([], [], text))

    def concat(self, node, parts, extents, index) -> Value:
        return self.made(node.outputs[0], extents, index, parts, ConcatStep([], []))

    def same(self, node, v: Value) -> None:
        """The same numbers under another name, maybe in another shape of ONNX."""
        self.reordered(node, v, np.arange(v.size))

    def reordered(self, node, v: Value, order) -> None:
        """The same numbers of which ONNX's number i was order[i]; here nothing is done."""
        back = np.empty_like(order)
        back[order] = np.arange(order.size)
        origin = None if v.origin is None else (v.origin[0], v.origin[1][order])
        self.values[node.outputs[0]] = Value(node.outputs[0], self.source.shapes[node.outputs[0]], v.extents, back[v.index], origin, v.is_truth, v)

    # Expressions.

    def map(self, node, function) -> Value:
        """An expression of a node's inputs, number by number, stretched as ONNX does."""
        name = node.outputs[0]
        shape = self.source.shapes[name]
        given = [x for x in node.inputs if x]
        values = [self.value(x) for x in given if not self.is_constant(x)]
        widest = [v for v in values if v.shape == shape]
        if not widest:
            raise Misfit(f"none of its inputs has the shape of what it makes, {list(shape)}")
        # Another order is asked for where it can be had.
        main = next((v for v in widest if v.origin is None), widest[0])
        for v in values:
            main = self.columns_for(v, main)
        operands, is_flat = [], False
        for x in given:
            if self.is_constant(x):
                operand = self.constant_operand(self.source.constants[x], main)
                is_flat = is_flat or any(p.leaf.size != main.columns for p in leaves(operand, "parameter"))
            else:
                operand = Expression("value", leaf=self.beside(self.values[x], main))
            operands.append(operand)
        expression = function(*operands)
        if is_flat:
            return self.flat_map(node, expression, main)
        made = self.made(name, main.extents, main.index, values_of(expression), MapStep([], [], expression), main.origin)
        made.is_truth = is_truth(expression)
        return made

    def flat_map(self, node, expression, main) -> Value:
        inputs = values_of(expression)
        if any(v.size != main.size for v in inputs):
            raise Misfit("a constant of it differs from position to position, and another input is stretched over them")
        for p in leaves(expression, "parameter"):
            p.leaf = np.broadcast_to(p.leaf, (main.positions, main.columns)).ravel() if p.leaf.size == main.columns else p.leaf
        flat = {id(v): self.with_extents(v, (v.size,)) for v in inputs}
        for e in leaves(expression, "value"):
            e.leaf = flat[id(e.leaf)]
        made = Value(node.outputs[0], self.source.shapes[node.outputs[0]], (main.size,), main.index, main.origin)
        self.steps.append(MapStep(values_of(expression), [made], expression, True))
        self.values[node.outputs[0]] = self.with_extents(made, main.extents)
        return self.values[node.outputs[0]]

    def constant_operand(self, array, main) -> Expression:
        """A constant as a number, a number for each column, or for each number of a value."""
        array = as_floats(array)
        if array.ndim > len(main.shape):
            rows = array.reshape(-1, *array.shape[array.ndim - len(main.shape):])
            if not (rows == rows[0]).all():
                raise Misfit("a constant of it differs from sample to sample")
            array = rows[0]
        if np.isnan(array).any():
            raise Misfit("a constant of it is not a number")
        # A mask of attention hides by minus infinity; what is as far down hides as well.
        array = np.clip(array, np.finfo(np.float32).min, np.finfo(np.float32).max)
        if array.size == 1:
            return number(array.ravel()[0])
        try:
            numbers = np.broadcast_to(array, main.shape).ravel()[main.index]
        except ValueError:
            raise Misfit(f"its constant of the shape {list(array.shape)} cannot be stretched over {list(main.shape)}") from None
        rows = numbers.reshape(-1, main.columns)
        if (numbers == numbers[0]).all():
            return number(numbers[0])
        return Expression("parameter", leaf=rows[0].copy() if (rows == rows[0]).all() else numbers.copy())

    def columns_for(self, v: Value, main: Value) -> Value:
        """The result's shape so that a value can be stretched over it: over all axes that it does not have, as columns."""
        padded = (*(1 for _ in range(len(main.shape) - len(v.shape))), *v.shape)
        missing = [a for a, size in enumerate(padded) if size == 1 and main.shape[a] > 1]
        if v.size in (1, main.size, main.columns, main.positions) or not missing:
            return main
        return self.as_columns(main, missing)[0]

    def beside(self, v: Value, main: Value) -> Value:
        """A value as an operand of the expression whose result is as `main`: in its order, or stretched over its positions or columns."""
        if v.size == 1 and main.size > 1:
            return self.with_extents(v, (1,))
        if v.shape == main.shape or v.size == main.size:
            return self.require(v, main.index, main.extents)
        wanted = np.broadcast_to(np.arange(v.size).reshape(v.shape or (1,)), main.shape).ravel()[main.index].reshape(-1, main.columns)
        if v.size == main.columns and (wanted == wanted[0]).all():
            return self.require(v, wanted[0], v.extents if v.positions == 1 else (v.size,))
        if v.size == main.positions and (wanted == wanted[:, :1]).all():
            return self.require(v, wanted[:, 0], (*main.extents[:-1], 1))
        raise Misfit(f"it stretches {list(v.shape)} over {list(main.shape)} neither by columns nor by positions")

    def bias_into_layer(self, v: Value, numbers) -> bool:
        """Whether a number for each column could become the bias of the layer that makes the value."""
        step = next((s for s in self.steps if any(v.made is o for o in s.outputs)), None)
        if not isinstance(step, LayerStep) or not step.takes_bias:
            return False
        while v is not None:
            if sum(name == v.name for n in self.source.nodes for name in n.inputs) != 1 or v.name in self.source.outputs:
                return False
            v = v.same_as
        step.takes_bias = False
        step.text = step.text.replace(".without_bias()", "")
        step.tensors["bias"] = numbers
        return True


def as_floats(array) -> np.ndarray:
    """As numbers of 32 bits; infinite ones may be meant, a finite one that becomes infinite is not."""
    with np.errstate(over="ignore"):
        floats = np.asarray(array, dtype=np.float32)
    beyond = np.isinf(floats) & np.isfinite(array)
    if beyond.any():
        raise Misfit(f"a constant of it, {np.asarray(array)[beyond][0]:g}, is beyond the numbers of 32 bits")
    return floats


def coordinates(v: Value, axes) -> np.ndarray:
    """Where along some axes of ONNX each number of ours is."""
    if not axes:
        return np.zeros(v.size, dtype=np.int64)
    each = np.unravel_index(v.index, v.shape)
    return np.ravel_multi_index([each[a] for a in axes], [v.shape[a] for a in axes])


def places_in_batch(v: Value, batch) -> np.ndarray:
    """For each number of a batch in ONNX which of ours it is."""
    places = np.empty(v.size, dtype=np.int64)
    places[v.index] = np.arange(v.size)
    return (np.arange(batch)[:, None] * v.size + places).reshape(batch, *v.shape)
