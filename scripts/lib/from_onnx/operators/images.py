# SPDX-License-Identifier: MIT
"""Operators that move a window over an image or a sequence, and what makes images larger or smaller."""
import numpy as np

from ..expressions import Expression, make
from ..translation import Misfit, as_floats
from ..values import MapStep
from . import rows


class Window:
    """A window in ONNX's words: one entry a direction."""

    def __init__(self, n, size, length):
        self.size, rank = [int(k) for k in size], len(size)
        self.length = length
        self.stride = list(n.get("strides") or [1] * rank)
        self.dilation = list(n.get("dilations") or [1] * rank)
        pads = list(n.get("pads") or [0] * 2 * rank)
        self.before, self.behind = pads[:rank], pads[rank:]
        self.reach = [d * (k - 1) + 1 for k, d in zip(self.size, self.dilation)]
        self.how = n.get("auto_pad", "NOTSET")
        if self.how == "VALID":
            self.before, self.behind = [0] * rank, [0] * rank
        if any(p < 0 for p in [*self.before, *self.behind]):
            raise Misfit("its padding is below zero")

    def pad_same(self):
        """So much that there is a position for each stride."""
        for i, n in enumerate(self.length):
            zeros = max((-(-n // self.stride[i]) - 1) * self.stride[i] + self.reach[i] - n, 0)
            self.share(i, zeros)

    def share(self, i, zeros):
        few, many = zeros // 2, zeros - zeros // 2
        self.before[i], self.behind[i] = (many, few) if self.how == "SAME_LOWER" else (few, many)

    @property
    def taps(self) -> int:
        return int(np.prod(self.size))

    @property
    def direction(self) -> str:
        return f"{len(self.size)}d"

    def edges(self) -> list[int]:
        """Above, below, left and right; of a sequence before and after."""
        return [n for pair in zip(self.before, self.behind) for n in pair]

    def sizes(self) -> str:
        return listed(self.size)

    def options(self, usual_stride) -> str:
        text = "" if self.stride == usual_stride else f".with_stride<{listed(self.stride)}>()"
        if any(self.edges()):
            text += f".with_padding<{listed(short(self.edges()))}>()"
        return text

    def as_words(self) -> str:
        """As an emitter takes it: rows and columns."""
        sides = [f"{{{', '.join(map(str, side))}}}" for side in zip(self.size, self.stride, self.dilation, self.before, self.behind)]
        return f"fg::graph::window{{{', '.join((['{}'] if len(sides) == 1 else []) + sides)}}}"


def listed(numbers) -> str:
    same = len(set(numbers)) == 1
    return ", ".join(map(str, numbers[:1] if same else numbers))


def short(edges):
    """Rows and columns where both edges of each are alike."""
    if len(edges) == 4 and edges[0] == edges[1] and edges[2] == edges[3]:
        return [edges[0], edges[2]]
    return edges


def convolution(t, n):
    v, weight, bias = t.as_image(t.value(n.inputs[0])), t.weights(n.inputs[1]), t.optional_weights(n, 2)
    w = Window(n, weight.shape[2:], v.extents[:-1])
    if w.how.startswith("SAME"):
        w.pad_same()
    groups, out = n.get("group", 1), len(weight)
    text = f"fg::conv{w.direction}<{out}, {w.sizes()}>{w.options([1] * len(w.size))}" + more_options(w, groups, bias)
    put_windowed(t, n, v, text, weight, bias, out)


def more_options(w, groups, bias) -> str:
    text = "" if set(w.dilation) == {1} else f".with_dilation<{listed(w.dilation)}>()"
    return text + ("" if groups == 1 else f".with_groups<{groups}>()") + ("" if bias is not None else ".without_bias()")


def put_windowed(t, n, v, text, weight, bias, channels):
    tensors = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    made = t.source.shapes[n.outputs[0]]
    extents = (*made[1:], channels)
    step = rows.LayerStep([], [], text, tensors, takes_bias=bias is None)
    t.image(n.outputs[0], extents, [v], step)


def transposed_convolution(t, n):
    v, weight, bias = t.as_image(t.value(n.inputs[0])), t.weights(n.inputs[1]), t.optional_weights(n, 2)
    w = Window(n, weight.shape[2:], v.extents[:-1])
    made, more = t.source.shapes[n.outputs[0]][1:], []
    for i, length in enumerate(w.length):
        zeros = w.stride[i] * (length - 1) + w.reach[i] - made[i]
        if n.get("output_shape") is not None or w.how.startswith("SAME"):
            zeros += (n.get("output_padding") or [0] * len(made))[i]
            w.before[i] = max(0, zeros - zeros // 2 if w.how != "SAME_UPPER" else zeros // 2)
            zeros -= (n.get("output_padding") or [0] * len(made))[i]
        behind = zeros - w.before[i]
        w.behind[i] = max(behind, 0)
        more.append(max(-behind, 0))
        if more[i] >= max(w.stride[i], w.dilation[i]):
            raise Misfit("its result is larger than its kernels reach")
    groups = n.get("group", 1)
    out = weight.shape[1] * groups
    text = f"fg::transposed_conv{w.direction}<{out}, {w.sizes()}>{w.options([1] * len(w.size))}"
    text += f".with_output_padding<{listed(more)}>()" if any(more) else ""
    put_windowed(t, n, v, text + more_options(w, groups, bias), weight, bias, out)


def pool_window(t, n, v):
    w = Window(n, n.get("kernel_shape"), v.extents[:-1])
    if w.how.startswith("SAME"):
        w.pad_same()
    said = list(w.behind)
    made = t.source.shapes[n.outputs[0]][1:]
    for i, length in enumerate(w.length):
        if n.get("ceil_mode", 0):
            w.behind[i] = max((made[i] - 1) * w.stride[i] + w.reach[i] - length - w.before[i], 0)
        if max(w.before[i], w.behind[i]) >= w.size[i]:
            raise Misfit("its padding is as large as the window")
        if (length + w.before[i] + w.behind[i] - w.reach[i]) // w.stride[i] + 1 != made[i]:
            raise Misfit("its windows do not stand as here")
    return w, said


def max_pool(t, n):
    if any(n.outputs[1:]):
        raise Misfit("the places of its numbers are read, too")
    v = t.as_image(t.value(n.inputs[0]))
    w, _ = pool_window(t, n, v)
    extents = (*t.source.shapes[n.outputs[0]][1:], v.columns)
    if set(w.dilation) != {1}:
        t.image(n.outputs[0], extents, [v], rows.WordsStep([], [], f"e.max_pool({{0}}, {w.as_words().replace('{', '{{').replace('}', '}}')})"))
    else:
        t.image(n.outputs[0], extents, [v], rows.LayerStep([], [], f"fg::max_pool{w.direction}<{w.sizes()}>{w.options(w.size)}"))


def average_pool(t, n):
    v = t.as_image(t.value(n.inputs[0]))
    w, said = pool_window(t, n, v)
    extents = (*t.source.shapes[n.outputs[0]][1:], v.columns)
    if set(w.dilation) != {1}:
        window = w.as_words().replace("{", "{{").replace("}", "}}")
        step = rows.WordsStep([], [], f"e.scaled(e.window_sum({{0}}, {window}), 1.0 / {w.taps})")
    else:
        step = rows.LayerStep([], [], f"fg::average_pool{w.direction}<{w.sizes()}>{w.options(w.size)}")
    made = t.image(n.outputs[0], extents, [v], step)
    counts = np.ones(1)
    for i, length in enumerate(w.length):
        first = np.arange(extents[i])[:, None] * w.stride[i] - w.before[i]
        seen = first + np.arange(w.size[i]) * w.dilation[i]
        low, high = (-w.before[i], length + said[i]) if n.get("count_include_pad", 0) else (0, length)
        counts = np.multiply.outer(counts, ((seen >= low) & (seen < high)).sum(1))
    factor = (w.taps / counts.reshape(*extents[:-1], 1)).astype(np.float32)
    if (factor == 1).all():
        return
    with_each(t, made, "multiply", np.broadcast_to(factor, extents).ravel())


def with_each(t, made, op, numbers):
    """An operation on each number of a value and a constant of its own; the result has the value's name."""
    flat = t.with_extents(made, (made.size,))
    out = rows.Value(made.name, made.shape, flat.extents, flat.index)
    expression = make(op, Expression("value", leaf=flat), Expression("parameter", leaf=numbers))
    t.steps.append(MapStep([flat], [out], expression, True))
    t.values[made.name] = t.with_extents(out, made.extents)


def global_pool(layer):
    def take(t, n):
        v = t.as_image(t.value(n.inputs[0]))
        t.layer(n, v, f"fg::{layer}", None, (v.columns,), np.arange(v.columns))

    return take


def edges(t, n, v, before, behind):
    """Zeros around an image, or, below zero, what is cut off."""
    v = t.as_image(v)
    extents = (*t.source.shapes[n.outputs[0]][1:], v.columns)
    all_edges = [x for pair in zip(before, behind) for x in pair]
    if len(before) == 2 and min(all_edges) >= 0:
        step = rows.LayerStep([], [], f"fg::zero_pad2d<{listed(short(all_edges))}>")
    elif len(before) == 2 and max(all_edges) <= 0:
        step = rows.LayerStep([], [], f"fg::crop2d<{listed(short([-x for x in all_edges]))}>")
    else:
        w = Window(rows_only(), [1] * len(before), v.extents[:-1])
        w.before, w.behind = before, behind
        step = rows.WordsStep([], [], f"e.window_sum({{0}}, {w.as_words().replace('{', '{{').replace('}', '}}')})")
    t.image(n.outputs[0], extents, [v], step)


def rows_only():
    from ..source import Node
    return Node("", "", [], [])


def resized(array, before, behind):
    """With zeros around the sample, or, below zero, without its edges; the batch comes first in both lists."""
    for axis, (low, high) in enumerate(zip(before[1:], behind[1:])):
        array = np.take(array, np.arange(max(-low, 0), array.shape[axis] - max(-high, 0)), axis)
        array = np.pad(array, [(max(low, 0), max(high, 0)) if a == axis else (0, 0) for a in range(array.ndim)])
    return array


# A number that is padded with is taken off and put back, which costs others as many digits as it is larger; beyond this it is added where it stands.
MOST_SHIFTED = 8


def pad(t, n):
    v = t.value(n.inputs[0])
    rank = len(v.shape) + 1
    given = np.asarray(n.get("pads") if n.get("pads") is not None else t.constant(n.inputs[1])).astype(int)
    value, axes = n.get("value", t.optional(n, 2)), t.optional(n, 3)
    value = 0 if value is None else float(as_floats(np.ravel(value)[0]))
    if n.get("mode", "constant") != "constant" or not np.isfinite(value):
        raise Misfit("it pads with something else than a number")
    axes = list(range(rank)) if axes is None else [int(a) % rank for a in np.ravel(axes)]
    before, behind = [0] * rank, [0] * rank
    for i, a in enumerate(axes):
        before[a], behind[a] = int(given[i]), int(given[len(axes) + i])
    if not any(before + behind):
        return t.same(n, v)
    if any(before[:2] + behind[:2]):
        raise Misfit("it pads the batch or the channels")
    if not value:
        return edges(t, n, v, before[2:], behind[2:])
    if abs(value) > MOST_SHIFTED:
        edges(t, n, v, before[2:], behind[2:])
        made = t.values[n.outputs[0]]
        inside = resized(np.ones(v.shape), before, behind)
        return with_each(t, made, "add", np.where(inside, 0, value).ravel()[made.index].astype(np.float32))
    edges(t, n, rows.mapped(t, t.as_image(v), lambda x: make("subtract", x, value)), before[2:], behind[2:])
    made = rows.mapped(t, t.values[n.outputs[0]], lambda x: make("add", x, value))
    made.name, t.values[n.outputs[0]] = n.outputs[0], made
    return None


def slices(t, n):
    v = t.value(n.inputs[0])
    if t.source.opset < 10:
        starts, ends, axes, steps = n.get("starts"), n.get("ends"), n.get("axes"), None
    else:
        starts, ends, axes, steps = (t.optional(n, i) for i in (1, 2, 3, 4))
    axes = range(len(starts)) if axes is None else [int(a) % (len(v.shape) + 1) for a in axes]
    cuts = [(0, size) for size in (t.source.batch, *v.shape)]
    for i, a in enumerate(axes):
        start, stop, step = slice(int(starts[i]), int(ends[i]), 1 if steps is None else int(steps[i])).indices((t.source.batch, *v.shape)[a])
        if step != 1:
            raise Misfit("it leaves numbers out in between")
        cuts[a] = (start, stop)
    taken(t, n, v, cuts)


def gather(t, n):
    v, places = t.value(n.inputs[0]), t.constant(n.inputs[1])
    axis = rows.sample_axes([n.get("axis", 0)], v, "it picks")[0]
    width, flat = v.shape[axis], places.ravel().astype(int) % v.shape[axis]
    cuts = [(0, size) for size in (t.source.batch, *v.shape)]
    if places.size > width and places.size % width == 0 and np.array_equal(flat, np.repeat(np.arange(width), places.size // width)):
        v, columns = t.as_columns(v, [axis])
        times = places.size // width
        positions = rows.coordinates(v, rows.others(v, [axis])).reshape(-1, v.columns)[:, 0]
        index = rows.along(t.source.shapes[n.outputs[0]], axis, positions, (columns[:, None] * times + np.arange(times)).ravel())
        return t.words(n, [v], f"e.repeated({{0}}, {times})", (*v.extents[:-1], v.columns * times), index)
    if not np.array_equal(flat, np.arange(flat[0], flat[0] + flat.size)):
        raise Misfit("it picks numbers that do not stand side by side")
    cuts[axis + 1] = (int(flat[0]), int(flat[0] + flat.size))
    return taken(t, n, v, cuts)


def taken(t, n, v, cuts):
    """What is left of a value between the ends of each axis."""
    whole = (t.source.batch, *v.shape)
    changed = [a for a, (start, stop) in enumerate(cuts) if (start, stop) != (0, whole[a])]
    if not changed:
        return t.same(n, v)
    if changed[0] == 0:
        raise Misfit("it picks samples of a batch")
    if len(changed) == 1 and (rows.is_columns(v, [changed[0] - 1]) or len(v.shape) == 1):
        return rows.pick(t, n, v, changed[0] - 1, *cuts[changed[0]])
    if changed[0] > 1 and len(v.shape) in (2, 3) and len(t.source.shapes[n.outputs[0]]) == len(v.shape):
        before = [-start for start, _ in cuts[2:]]
        behind = [stop - size for (_, stop), size in zip(cuts[2:], whole[2:])]
        return edges(t, n, v, before, behind)
    if len(v.shape) == 2 and changed == [1]:
        return positions_taken(t, n, v, *cuts[1])
    if len(changed) == 1:
        return rows.pick(t, n, v, changed[0] - 1, *cuts[changed[0]])
    raise Misfit("it cuts channels and positions at once")


def positions_taken(t, n, v, start, stop):
    """Of a sequence [positions][columns] some positions."""
    v = t.require(v, np.arange(v.size), v.shape)
    w = Window(rows_only(), [1], v.extents[:-1])
    w.before, w.behind = [-start], [stop - v.shape[0]]
    words = f"e.window_sum({{0}}, {w.as_words().replace('{', '{{').replace('}', '}}')})"
    t.words(n, [v], words, (stop - start, v.shape[1]), np.arange((stop - start) * v.shape[1]))


def resize(t, n):
    v = t.as_image(t.value(n.inputs[0]))
    made = t.source.shapes[n.outputs[0]]
    if made[0] != v.columns or any(out % size for out, size in zip(made[1:], v.extents)):
        raise Misfit("an image becomes larger, a whole number of times as large")
    times = [out // size for out, size in zip(made[1:], v.extents)]
    mode, where, nearest = n.get("mode", "nearest"), n.get("coordinate_transformation_mode", "half_pixel"), n.get("nearest_mode", "round_prefer_floor")
    is_old = t.source.opset < 11
    if is_old:
        where, nearest = "asymmetric", "floor"
    scales = n.get("scales", t.optional(n, 1 if is_old else 2))
    # Without a tolerance: of 2 / 2.0000002 a floor takes 0, which is no repetition.
    if scales is not None and (np.ravel(scales) != np.round(np.ravel(scales))).any():
        raise Misfit(f"an image becomes {', '.join(f'{s:g}' for s in np.ravel(scales))} times as large; whole numbers are taken")
    text = f"fg::upsample{len(times)}d<{listed(times)}>"
    if mode == "linear" and where in ("half_pixel", "pytorch_half_pixel"):
        text += ".bilinear()" if len(times) == 2 else ".linear()"
    elif mode != "nearest" or not is_repetition(where, nearest, max(times)):
        raise Misfit(f"it interpolates by {mode}, {where}, {nearest}; positions are repeated, or linear between half pixels")
    t.image(n.outputs[0], (*made[1:], v.columns), [v], rows.LayerStep([], [], text))


def is_repetition(where, nearest, times) -> bool:
    if where == "asymmetric":
        return nearest == "floor" or (times == 2 and nearest == "round_prefer_floor")
    return where in ("half_pixel", "pytorch_half_pixel", "half_pixel_symmetric") and nearest.startswith("round_prefer")


OPERATORS = {
    "Conv": convolution, "ConvTranspose": transposed_convolution, "MaxPool": max_pool, "AveragePool": average_pool,
    "GlobalAveragePool": global_pool("global_average_pool"), "GlobalMaxPool": global_pool("global_max_pool"),
    "Pad": pad, "Slice": slices, "Gather": gather, "Resize": resize, "Upsample": resize,
}
