# SPDX-License-Identifier: MIT
"""Operators that keep all numbers: shapes and orders, which become no step of ours."""
import numpy as np

from ..translation import Misfit
from ..values import count


def kept(t, n):
    t.same(n, t.value(n.inputs[0]))


def dropout(t, n):
    if any(n.outputs[1:]):
        raise Misfit("its mask is read")
    if len(n.inputs) > 2 and n.inputs[2] and np.any(t.constant(n.inputs[2])):
        raise Misfit("it drops numbers in training; export the model for inference")
    kept(t, n)


def transpose(t, n):
    v = t.value(n.inputs[0])
    order = list(n.get("perm", range(len(v.shape), -1, -1)))
    if order[0] != 0:
        raise Misfit("it moves the batch to another place")
    t.reordered(n, v, np.arange(v.size).reshape(v.shape).transpose([a - 1 for a in order[1:]]).ravel())


def expand(t, n):
    if t.source.shapes[n.outputs[0]] != t.value(n.inputs[0]).shape:
        raise Misfit("it makes a sample larger")
    kept(t, n)


def depth_to_space(t, n):
    v, b = t.value(n.inputs[0]), n.get("blocksize")
    c, h, w = v.shape
    numbers = np.arange(count(v.shape))
    if n.get("mode", "DCR") == "CRD":
        order = numbers.reshape(c // b ** 2, b, b, h, w).transpose(0, 3, 1, 4, 2)
    else:
        order = numbers.reshape(b, b, c // b ** 2, h, w).transpose(2, 3, 0, 4, 1)
    t.reordered(n, v, order.ravel())


OPERATORS = {
    **dict.fromkeys(("Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze"), kept),
    "Dropout": dropout, "Transpose": transpose, "Expand": expand, "DepthToSpace": depth_to_space,
}
