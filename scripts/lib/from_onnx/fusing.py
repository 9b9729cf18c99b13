# SPDX-License-Identifier: MIT
"""Expressions one behind the other become one, where nobody else reads what is in between."""
from .expressions import Expression, leaves, replaced, values_of
from .values import LayerStep, MapStep

# What an operation of ours reads at most, its parameters counted.
MOST_OPERANDS = 8


def readers_of(steps):
    readers = {}
    for step in steps:
        for v in step.inputs:
            readers.setdefault(id(v), []).append(step)
    return readers


def without_dead(steps, outputs):
    """Steps that an output depends on, and no reshape that only another one reads."""
    wanted, kept = {id(v) for v in outputs}, []
    for step in reversed(steps):
        if any(id(v) in wanted for v in step.outputs):
            kept.append(step)
            wanted.update(id(v) for v in step.inputs)
    return kept[::-1]


def is_reshape(step) -> bool:
    return isinstance(step, LayerStep) and step.text.startswith(("fg::flatten", "fg::reshape"))


def join_reshapes(steps):
    """A reshape of a reshape reads what that one reads."""
    made_by = {id(s.outputs[0]): s for s in steps if is_reshape(s)}
    for step in steps:
        while is_reshape(step) and id(step.inputs[0]) in made_by:
            step.inputs = [made_by[id(step.inputs[0])].inputs[0]]
    unchanged = {id(s.outputs[0]): s.inputs[0] for s in steps if is_reshape(s) and s.outputs[0].extents == s.inputs[0].extents}
    if unchanged:
        put_in_place(steps, unchanged)
    return [s for s in steps if not is_reshape(s) or id(s.outputs[0]) not in unchanged]


def put_in_place(steps, others):
    for step in steps:
        for v in step.inputs:
            if id(v) in others and isinstance(step, MapStep):
                step.expression = replaced(step.expression, v, Expression("value", leaf=others[id(v)]))
        step.inputs = [others.get(id(v), v) for v in step.inputs]


def fuse(steps, outputs):
    """Steps of the same meaning."""
    put_in_place(steps, {id(v): v.made for s in steps for v in s.inputs if v.same_as is not None})
    steps = without_dead(join_reshapes(without_dead(steps, outputs)), outputs)
    kept = {id(v) for v in outputs}
    changed = True
    while changed:
        changed = False
        readers = readers_of(steps)
        for step in reversed(steps):
            if not isinstance(step, MapStep) or id(step.outputs[0]) in kept:
                continue
            all_readers = readers.get(id(step.outputs[0]), [])
            if len({id(r) for r in all_readers}) == 1 and can_join(step, all_readers[0]):
                join(step, all_readers[0])
                steps.remove(step)
                changed = True
                break
    return steps


def can_join(step, reader) -> bool:
    if not isinstance(reader, MapStep) or step.is_flat != reader.is_flat or step.outputs[0].extents != reader.outputs[0].extents:
        return False
    both = joined(step, reader)
    # A sum or a product of branches stays one, to be written as such.
    if is_join(step.expression, step.inputs) and not is_join(both, values_of(both)):
        return False
    return operands(both) <= MOST_OPERANDS


def is_join(e, inputs) -> str | None:
    """Whether an expression adds up several values of one shape, each once, or multiplies them."""
    if len({v.extents for v in inputs}) != 1 or len(inputs) < 2:
        return None
    for word in ("add", "multiply"):
        found = terms(e, word)
        if len(found) == len(inputs) and all(part.op == "value" and not part.leaf.is_truth for part in found):
            return word
    return None


def terms(e, word) -> list:
    return [part for a in e.args for part in terms(a, word)] if e.op == word else [e]


def operands(expression) -> int:
    return len(values_of(expression)) + len(leaves(expression, "parameter"))


def joined(step, reader):
    return replaced(reader.expression, step.outputs[0], step.expression)


def join(step, reader):
    reader.expression = joined(step, reader)
    reader.inputs = values_of(reader.expression)
