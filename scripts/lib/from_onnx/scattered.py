# SPDX-License-Identifier: MIT
"""Tensors whose first axis is not the batch. PyTorch's attention, for example, has its positions first, or its heads together with the batch.

Each of their numbers is one of a sample of ours. What only reorders numbers reorders these places; what works on the last axes is done on samples, row by row, and
its result put back to where the rows were."""
import numpy as np

from .source import Node
from .translation import Misfit, places_in_batch
from .values import Value, WordsStep

REORDERING = ("Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Identity")
PICKING = ("Gather", "Slice", "Split")
ON_LAST_AXIS = ("Softmax", "LogSoftmax", "LayerNormalization", "RMSNormalization")
NOT_BY_NUMBER = ("Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Pad", "Resize", "Upsample", "BatchNormalization", "Concat",
                 "PRelu", "DepthToSpace", "Dropout", "Expand")


def is_scattered(t, node) -> bool:
    return any(name in t.scattered for name in node.inputs) or any(name in t.source.shapeless for name in node.outputs)


def take(t, node, operators):
    read = [name for name in node.inputs if name and not t.is_constant(name)]
    if node.op in REORDERING:
        base, places = places_of(t, read[0])
        if node.op == "Transpose":
            places = places.transpose(node.get("perm", range(places.ndim - 1, -1, -1)))
        return keep(t, node.outputs[0], base, places.reshape(full_shape(t, node.outputs[0])))
    if node.op in PICKING:
        return pick(t, node, *places_of(t, read[0]))
    if node.op in NOT_BY_NUMBER or node.op.startswith("Reduce") or not any(name in t.scattered for name in read):
        raise Misfit(f"{node.outputs[0]} of the shape {list(full_shape(t, node.outputs[0]))} does not begin with the batch of {t.source.batch}")
    return by_rows(t, node, read, operators)


def full_shape(t, name) -> tuple:
    return t.source.shapeless[name] if name in t.source.shapeless else (t.source.batch, *t.source.shapes[name])


def places_of(t, name):
    """The value that has the numbers of a tensor, and which of its batch each of them is."""
    if name in t.scattered:
        return t.scattered[name]
    return t.value(name), places_in_batch(t.value(name), t.source.batch)


def keep(t, name, base, places):
    """A tensor by its places; it is a value where its first axis is the batch again."""
    samples = places.reshape(t.source.batch, -1) - base.size * np.arange(t.source.batch)[:, None] if places.shape[0] == t.source.batch else None
    if samples is None or not (samples == samples[0]).all():
        t.scattered[name] = (base, places)
        return
    index = np.empty(base.size, dtype=np.int64)
    index[samples[0]] = np.arange(base.size)
    t.values[name] = Value(name, places.shape[1:], base.extents, index, None, base.is_truth, base)


def picked(t, node, places):
    if node.op == "Gather":
        return [np.take(places, t.constant(node.inputs[1]), axis=node.get("axis", 0))]
    if node.op == "Split":
        axis = node.get("axis", 0)
        ends = np.cumsum([full_shape(t, name)[axis] for name in node.outputs if name])[:-1]
        return np.split(places, ends, axis=axis)
    if t.source.opset < 10:
        raise Misfit("it cuts a tensor that does not begin with the batch")
    starts, ends, axes, steps = (t.optional(node, i) for i in (1, 2, 3, 4))
    where = [slice(None)] * places.ndim
    for i, axis in enumerate(range(len(starts)) if axes is None else axes):
        where[int(axis)] = slice(int(starts[i]), int(ends[i]), 1 if steps is None else int(steps[i]))
    return [places[tuple(where)]]


def pick(t, node, base, places):
    """Some of a value's numbers: the same columns of each position."""
    for name, part in zip((name for name in node.outputs if name), picked(t, node, places)):
        if not part.size:
            raise Misfit("it picks nothing")
        found = np.unique(part % base.size)
        columns = np.unique(found % base.columns)
        width, start = columns.size, int(columns[0])
        every = (np.arange(base.positions)[:, None] * base.columns + columns).ravel()
        if part.size != found.size * t.source.batch or not np.array_equal(found, every) or columns[-1] - start + 1 != width:
            raise Misfit("it picks numbers that do not stand side by side")
        widths = [w for w in (start, width, base.columns - start - width) if w]
        of_parts = [Value("", (), (*base.extents[:-1], w), np.arange(base.positions * w)) for w in widths]
        t.steps.append(WordsStep([base], of_parts, f"parts_of(e, {{0}}, {{{{{', '.join(map(str, widths))}}}}})"))
        positions, column = np.divmod(part % base.size, base.columns)
        mine = of_parts[1 if start else 0]
        keep(t, name, mine, part // base.size * mine.size + positions * width + column - start)


def rows_by_sample(t, base, places, trailing, order=None):
    """A value [rows][...] of the last axes of a tensor, and the order in which its rows were."""
    shape = places.shape[places.ndim - trailing:]
    if base.size % int(np.prod(shape)) != 0:
        raise Misfit("it works on numbers of several samples")
    rows = places.reshape(-1, int(np.prod(shape)))
    if order is None:
        order = np.argsort(rows[:, 0] // base.size, kind="stable")
    samples = rows[order].reshape(t.source.batch, -1) - base.size * np.arange(t.source.batch)[:, None]
    if not (samples == samples[0]).all() or samples.min() < 0 or samples.max() >= base.size:
        raise Misfit("it works on numbers of several samples, or on samples in different ways")
    index = np.empty(base.size, dtype=np.int64)
    index[samples[0]] = np.arange(base.size)
    return Value("", (base.size // int(np.prod(shape)), *shape), base.extents, index, None, base.is_truth, base), order


def by_rows(t, node, read, operators):
    """What works on the last axes, on samples."""
    is_product = node.op == "MatMul" and len(read) == 2
    constants = [t.constant(name) for name in node.inputs if name and t.is_constant(name)]
    trailing = 2 if is_product else 1
    if node.op in ON_LAST_AXIS and node.get("axis", -1) not in (-1, len(full_shape(t, read[0])) - 1):
        raise Misfit("it works on an axis that is not the last of a tensor that does not begin with the batch")
    if node.op not in ("Gemm", "MatMul", *ON_LAST_AXIS):
        trailing = max([1, *(np.squeeze(c).ndim and len(np.trim_zeros(np.array(c.shape) - 1, "f")) for c in constants)])
    stand_ins, order = [], None
    for i, name in enumerate(read):
        base, places = places_of(t, name)
        if not is_product and places.shape != full_shape(t, read[0]):
            raise Misfit("it stretches a tensor that does not begin with the batch")
        value, order = rows_by_sample(t, base, places, trailing, order)
        value.name = f"{node.name}, sample {i}"
        t.values[value.name] = value
        stand_ins.append(value.name)
    made, out = full_shape(t, node.outputs[0]), f"{node.name}, sample"
    t.source.shapes[out] = (t.values[stand_ins[0]].shape[0], *made[len(made) - trailing:])
    given = iter(stand_ins)
    attributes = {**node.attributes, **({"axis": -1} if node.op in ON_LAST_AXIS else {})}
    operators[node.op](t, Node(node.op, node.name, [next(given) if name in read else name for name in node.inputs], [out], attributes))
    value = t.values[out]
    rows = places_in_batch(value, t.source.batch).reshape(order.size, -1)
    placed = np.empty_like(rows)
    placed[order] = rows
    keep(t, node.outputs[0], value, placed.reshape(made))
