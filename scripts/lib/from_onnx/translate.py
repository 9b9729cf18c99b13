# SPDX-License-Identifier: MIT
"""From nodes of ONNX to steps, node by node."""
from . import scattered
from .source import Refused
from .translation import Misfit, NeedsOrder, Translation


def translate(source, operators) -> Translation:
    """The steps of a model. Throws Refused naming all nodes that cannot be taken."""
    choices = {}
    while True:
        t = Translation(source, choices)
        try:
            for node in source.nodes:
                take(t, node, operators)
        except NeedsOrder as needed:
            choices[needed.key] = (needed.order, needed.extents)
            continue
        for name in source.outputs:
            if name in t.scattered:
                t.complaints.append(f"output {name}: its shape {list(source.shapeless[name])} does not begin with the batch of {source.batch}")
            elif name in source.constants:
                t.complaints.append(f"output {name}: it is constant, whatever the input is")
        if t.complaints:
            raise Refused(t.complaints)
        return t


def take(t, node, operators):
    if node.op not in operators:
        t.complaints.append(node.complaint("there is nothing here that it could become"))
        return
    known = (t.values, t.scattered, t.source.constants)
    if any(name and not any(name in some for some in known) for name in node.inputs):
        return  # what another node would have made that was refused
    if any(0 in t.source.shapes.get(name, ()) for name in node.outputs):
        t.complaints.append(node.complaint("it makes no numbers"))
        return
    try:
        if scattered.is_scattered(t, node):
            scattered.take(t, node, operators)
        else:
            operators[node.op](t, node)
    except Misfit as reason:
        t.complaints.append(node.complaint(str(reason)))
