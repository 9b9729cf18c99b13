# SPDX-License-Identifier: MIT
"""Operators on the columns of a value: products, normalisation, softmax, sums, joining and cutting."""
import numpy as np

from ..expressions import Expression, make, text_of_number
from ..translation import Misfit, coordinates
from ..values import LayerStep, MapStep, Value, WordsStep, count


def sample_axes(axes, v, what="it works") -> list[int]:
    """Axes of ONNX without the batch."""
    found = sorted({int(a) % (len(v.shape) + 1) for a in axes})
    if 0 in found:
        raise Misfit(f"{what} along the batch")
    return [a - 1 for a in found]


def others(v, axes) -> list[int]:
    return [a for a in range(len(v.shape)) if a not in axes]


def is_columns(v, axes) -> bool:
    """Whether some axes of ONNX lie as columns already."""
    width = count([v.shape[a] for a in axes])
    columns, positions = coordinates(v, axes).reshape(-1, width), coordinates(v, others(v, axes)).reshape(-1, width)
    return bool((columns == columns[0]).all() and (positions == positions[:, :1]).all())


def dense(t, n, v, weight, bias):
    """`weight` is [out][in] of the last axis."""
    if not v.shape:
        raise Misfit("a sample of it is a single number")
    v, columns = t.as_columns(v, [len(v.shape) - 1])
    weight, out = weight[:, columns], len(weight)
    text = f"fg::dense<{out}>" + ("" if bias is not None else ".without_bias()")
    shape, name = t.source.shapes[n.outputs[0]], n.outputs[0]
    if v.positions == 1:
        order = t.choices.get(name, (np.arange(out),))[0]
        extents, index, origin = (*v.extents[:-1], out), order, (name, np.arange(out))
        weight, bias = weight[order], bias if bias is None else bias[order]
    else:
        positions = coordinates(v, range(len(v.shape) - 1)).reshape(-1, v.columns)[:, 0]
        extents, index, origin = (*v.extents[:-1], out), (positions[:, None] * out + np.arange(out)).ravel(), None
    tensors = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    if count(shape) != index.size:
        raise Misfit("its result has another size than a product of rows")
    t.layer(n, v, text, tensors, extents, index, origin, takes_bias=bias is None)


def gemm(t, n):
    if n.get("transA", 0):
        raise Misfit("it turns its samples around")
    v, b = t.value(n.inputs[0]), t.weights(n.inputs[1])
    weight = n.get("alpha", 1.0) * (b if n.get("transB", 0) else b.T)
    c = t.optional_weights(n, 2)
    if c is not None:
        rows = np.broadcast_to(n.get("beta", 1.0) * c, (t.source.batch, len(weight)))
        if not (rows == rows[0]).all():
            raise Misfit("what it adds differs from sample to sample")
        c = rows[0].copy()
    dense(t, n, v, weight, c)


def matmul(t, n):
    left, right = n.inputs
    if t.is_constant(left):
        raise Misfit("its first factor is constant: it mixes positions")
    if not t.is_constant(right):
        return value_product(t, n, t.value(left), t.value(right))
    factor = t.weights(right)
    while factor.ndim > 2 and factor.shape[0] == 1:
        factor = factor[0]
    if factor.ndim > 2:
        raise Misfit("each of several matrices has a constant factor of its own")
    return dense(t, n, t.value(left), factor.reshape(len(factor), -1).T, None)


def factors(v, rows, columns, matrices):
    """The ways in which a value can lie as matrices: extents, and whether each is turned around."""
    natural = np.arange(v.size).reshape(matrices, rows, columns)
    for turned, m in ((False, natural), (True, natural.transpose(0, 2, 1))):
        beside = m.transpose(1, 0, 2)
        if np.array_equal(v.index, beside.ravel()):
            yield (beside.shape[0], beside.shape[1] * beside.shape[2]), turned
        if np.array_equal(v.index, m.ravel()):
            yield m.shape, turned


def value_product(t, n, x, y):
    """A product of two values, of as many matrices as their first axes count."""
    if len(x.shape) < 2 or x.shape[:-2] != y.shape[:-2] or x is y:
        raise Misfit("its factors are not the same number of matrices each")
    matrices = count(x.shape[:-2])
    (rows, depth), columns = x.shape[-2:], y.shape[-1]
    ways = [(a, b) for a in factors(x, rows, depth, matrices) for b in factors(y, depth, columns, matrices) if not (a[1] and b[1])]
    if not ways:
        raise Misfit("its factors lie in an order that no product here reads")
    (of_x, x_turned), (of_y, y_turned) = min(ways, key=lambda way: (len(way[0][0]) + len(way[1][0]), way[0][1]))
    turned = "left_one" if x_turned else "right_one" if y_turned else "none"
    # As an emitter lays it out.
    natural = np.arange(matrices * rows * columns).reshape(matrices, rows, columns)
    is_stacked = matrices > 1 and turned == "right_one"
    extents = (matrices, rows, columns) if is_stacked else (rows, matrices * columns)
    index = natural if is_stacked else natural.transpose(1, 0, 2)
    text = f"e.value_product({{0}}, {{1}}, fg::tensor::transposed_factor::{turned}, {matrices})"
    t.words(n, [t.with_extents(x, of_x), t.with_extents(y, of_y)], text, extents, index.ravel())


def epsilon(n, usual) -> str:
    found = n.get("epsilon", 1e-5)
    if found <= 0:
        raise Misfit(f"its epsilon is {found:g}; it is above 0 here")
    return "" if np.float32(found) == np.float32(usual) else f".with_epsilon<{text_of_number(found)}>()"


def batch_norm(t, n):
    if n.get("training_mode", 0) or any(n.outputs[1:]):
        raise Misfit("it takes the statistics of a batch, as in training; export the model for inference")
    v, columns = t.as_columns(t.value(n.inputs[0]), [0])
    names = ("weight", "bias", "running_mean", "running_var")
    if n.get("spatial", 1) == 0:
        raise Misfit("it normalises each number of an image by itself")
    tensors = {name: t.weights(x)[columns] for name, x in zip(names, n.inputs[1:])}
    kept = n.get("momentum", 0.9)
    momentum = "" if np.float32(kept) == np.float32(0.9) else f".with_momentum<{text_of_number(1 - kept)}>()"
    t.layer(n, v, f"fg::batch_norm{epsilon(n, 1e-5)}{momentum}", tensors)


def normalise_rows(layer, usual_epsilon, parameters):
    def take(t, n):
        if any(n.outputs[1:]):
            raise Misfit("its mean or deviation is read, too")
        v = t.value(n.inputs[0])
        first = sample_axes([n.get("axis", -1)], v)[0]
        axes = range(first, len(v.shape))
        widths = [v.shape[a] for a in axes]
        v, columns = t.as_columns(v, axes)
        tensors = {}
        for which, (name, start) in enumerate(parameters, 1):
            given = t.optional_weights(n, which)
            given = np.full(widths, start, dtype=np.float32) if given is None else np.broadcast_to(given, widths)
            tensors[name] = given.ravel()[columns]
        t.layer(n, v, f"fg::{layer}{epsilon(n, usual_epsilon)}", tensors)

    return take


def softmax(layer):
    def take(t, n):
        v = t.value(n.inputs[0])
        axes = sample_axes([n.get("axis", -1 if t.source.opset >= 13 else 1)], v)
        if t.source.opset < 13:
            axes = range(axes[0], len(v.shape))
        t.layer(n, t.as_columns(v, axes)[0], f"fg::{layer}")

    return take


def concat(t, n):
    parts = [t.value(x) for x in n.inputs if t.source.constants.get(x, np.ones(1)).size]
    axis = sample_axes([n.get("axis")], parts[0], "it joins")[0]
    first, columns = t.as_columns(parts[0], [axis])
    rest = others(first, [axis])
    positions = coordinates(first, rest).reshape(-1, first.columns)[:, 0]
    placed, order, start = [first], [columns], first.columns
    for v in parts[1:]:
        v, columns = t.as_columns(v, [axis])
        lies = coordinates(v, rest).reshape(-1, v.columns)[:, 0]
        if not np.array_equal(lies, positions):
            natural = np.moveaxis(np.arange(v.size).reshape(v.shape), axis, -1).reshape(-1, v.columns)
            v, columns = t.require(v, natural[positions].ravel(), v.extents), np.arange(v.columns)
        placed.append(t.with_extents(v, (*first.extents[:-1], v.columns)))
        order.append(columns + start)
        start += v.columns
    index = along(t.source.shapes[n.outputs[0]], axis, positions, np.concatenate(order))
    if len(placed) == 1:
        return t.same(n, first)
    return t.concat(n, placed, (*first.extents[:-1], start), index)


def along(shape, axis, positions, columns):
    """The order of a value of a shape whose columns are an axis."""
    natural = np.moveaxis(np.arange(count(shape)).reshape(shape), axis, -1).reshape(-1, shape[axis])
    return natural[positions][:, columns].ravel()


def cut(t, v, axis, widths):
    """Consecutive parts of the columns that an axis is: values without a name, and where along the axis the columns of each are."""
    v, columns = t.as_columns(v, [axis])
    ends = np.cumsum(widths)
    if any(set(columns[end - width:end]) != set(range(end - width, end)) for end, width in zip(ends, widths)):
        order = np.moveaxis(np.arange(v.size).reshape(v.shape), axis, -1)
        v, columns = t.require(v, order.ravel(), v.extents), np.arange(v.columns)
    positions = coordinates(v, others(v, [axis])).reshape(-1, v.columns)[:, 0]
    step, parts = WordsStep([v], [], f"parts_of(e, {{0}}, {{{{{', '.join(map(str, widths))}}}}})"), []
    for end, width in zip(ends, widths):
        shape = tuple(width if a == axis else size for a, size in enumerate(v.shape))
        index = along(shape, axis, positions, columns[end - width:end] - (end - width))
        parts.append(Value("", shape, (*v.extents[:-1], int(width)), index))
    step.outputs = parts
    t.steps.append(step)
    return parts


def split(t, n):
    v = t.value(n.inputs[0])
    axis = sample_axes([n.get("axis", 0)], v, "it cuts")[0]
    given = n.get("split", t.optional(n, 1))
    width = v.shape[axis]
    share = -(-width // n.get("num_outputs", len(n.outputs)))
    widths = [int(w) for w in given] if given is not None else [min(share, width - i * share) for i in range(len(n.outputs))]
    named = [name for name, size in zip(n.outputs, widths) if size]
    for name, part in zip(named, cut(t, v, axis, [w for w in widths if w])):
        if name:
            part.name, t.values[name] = name, part


def pick(t, n, v, axis, start, stop):
    """The columns from start to stop of an axis, as a node's result."""
    widths = [w for w in (start, stop - start, v.shape[axis] - stop) if w]
    part = cut(t, v, axis, widths)[1 if start else 0]
    part.name, part.shape = n.outputs[0], t.source.shapes[n.outputs[0]]
    t.values[n.outputs[0]] = part


def reduction(v, t, n):
    axes = n.get("axes", t.optional(n, 1))
    if axes is None or not len(np.ravel(axes)):
        if n.get("noop_with_empty_axes", 0):
            return []
        raise Misfit("it sums over the batch")
    return sample_axes(np.ravel(axes), v, "it sums")


def reduce(of_rows, of_positions, before=None, after=None):
    """Sums of rows, or of positions: words of an emitter, or the name of a layer, and expressions around them."""
    def take(t, n):
        v = t.value(n.inputs[0])
        axes = reduction(v, t, n)
        if before:
            v = mapped(t, v, before)
        rest = others(v, axes)
        by_rows = is_columns(v, axes) or (not is_columns(v, rest) and (not rest or rest[0] != 0))
        if by_rows and of_rows is None:
            if not rest or count([v.shape[a] for a in rest]) == 1:
                # One column that all are positions of.
                v, by_rows = t.with_extents(v, (v.size, 1)), False
            else:
                raise Misfit("it looks for the largest or smallest along columns")
        if by_rows:
            v, _ = t.as_columns(v, axes)
            index = coordinates(v, rest).reshape(-1, v.columns)[:, 0]
            extents, words = (*v.extents[:-1], 1), of_rows
        else:
            if rest and v.extents != (v.size, 1):
                v, index = t.as_columns(v, rest)
            else:
                index = np.arange(1)
            extents, words = (v.columns,), of_positions
        name, shape = n.outputs[0], t.source.shapes[n.outputs[0]]
        if after is None and words.startswith("fg::"):
            return t.layer(n, v, words, None, extents, index)
        made = t.words(n, [v], words if not words.startswith("fg::") else f"{words}.emit(e, {{0}})", extents, index)
        if after is None:
            return made
        made.name = ""
        result = mapped(t, made, after)
        result.name, result.shape = name, shape
        t.values[name] = result
        return result

    return take


def mapped(t, v, function):
    out = Value("", v.shape, v.extents, v.index, v.origin)
    t.steps.append(MapStep([v], [out], function(Expression("value", leaf=v))))
    return out


def op(name):
    return lambda x: make(name, x)


OPERATORS = {
    "Gemm": gemm, "MatMul": matmul, "BatchNormalization": batch_norm, "Softmax": softmax("softmax"), "LogSoftmax": softmax("log_softmax"),
    "LayerNormalization": normalise_rows("layer_norm", 1e-5, [("weight", 1), ("bias", 0)]),
    "RMSNormalization": normalise_rows("rms_norm", 1e-6, [("weight", 1)]),
    "Concat": concat, "Split": split,
    "ReduceMean": reduce("e.row_mean({0})", "fg::global_average_pool"), "ReduceSum": reduce("e.row_sum({0})", "e.position_sum({0})"),
    "ReduceMax": reduce(None, "fg::global_max_pool"), "ReduceMin": reduce(None, "fg::global_max_pool", op("negate"), op("negate")),
    "ReduceL1": reduce("e.row_sum({0})", "e.position_sum({0})", op("abs")),
    "ReduceL2": reduce("e.row_sum({0})", "e.position_sum({0})", op("square"), op("sqrt")),
    "ReduceSumSquare": reduce("e.row_sum({0})", "e.position_sum({0})", op("square")),
    "ReduceLogSum": reduce("e.row_sum({0})", "e.position_sum({0})", None, op("log")),
}
