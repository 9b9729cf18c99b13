# SPDX-License-Identifier: MIT
"""Steps as a model in our words: layers one behind the other, residual blocks, branches; what is none of these becomes a layer of its own."""
from dataclasses import dataclass, field

import numpy as np

from .expressions import lambda_of, leaves, recognised
from .fusing import is_join
from .values import ConcatStep, LayerStep, MapStep, WordsStep


@dataclass
class Layer:
    """As one writes it, and its parameters by their path."""
    text: str
    tensors: dict[str, np.ndarray] = field(default_factory=dict)


class Composer:
    def __init__(self):
        self.structs: list[str] = []
        self.helpers: set[str] = set()

    def model(self, inputs, outputs, steps) -> list[Layer]:
        """All layers behind the input, or the inputs."""
        layers = []
        start = inputs
        if len(inputs) > 1:
            head, steps, first = split_at_first_cut(inputs, outputs, steps)
            if steps is None:
                return [self.struct(inputs, outputs, head)]
            layers, start = self.joined_inputs(inputs, head, first), [first]
        if len(outputs) == 1:
            return layers + self.chain(start[0], outputs[0], steps)
        chain, rest, last = cut_last(start[0], outputs, steps)
        return layers + self.chain(start[0], last, chain) + [self.ends(last, outputs, rest)]

    def ends(self, source, outputs, steps) -> Layer:
        arms = arms_of(outputs, steps)
        if arms is None:
            return self.struct([source], outputs, steps)
        return self.beside("branch", [self.chain(source, v, arm) for v, arm in zip(outputs, arms)])

    def joined_inputs(self, inputs, steps, sink) -> list[Layer]:
        """Several inputs up to the first value that all go through."""
        word, parts = joining_word(steps[-1]), steps[-1].inputs
        arms = arms_of(parts, steps[:-1]) if word and len(parts) == len(inputs) else None
        if arms is None or any(reads(arm, v) - {id(x)} for x, v, arm in zip(inputs, parts, arms)):
            return [self.struct(inputs, [sink], steps)]
        chains = [self.chain(x, v, arm) for x, v, arm in zip(inputs, parts, arms)]
        return ([self.beside("each", chains)] if any(chains) else []) + [Layer(f"fg::{word}")]

    def chain(self, source, sink, steps) -> list[Layer]:
        """From one value to another, through steps that read nothing else."""
        layers = []
        for ends in segments(source, sink, steps):
            layers.extend(self.segment(*ends))
        return [layer for layer in layers if layer.text != "fg::identity"]

    def segment(self, source, steps, sink) -> list[Layer]:
        last = steps[-1]
        if len(steps) == 1 and len(last.inputs) == len(last.outputs) == 1 and not isinstance(last, ConcatStep):
            return [self.single(last)]
        word = joining_word(last)
        inputs = last.inputs
        arms = arms_of(inputs, steps[:-1]) if word else None
        if arms is None:
            return [self.struct([source], [sink], steps)]
        chains = [self.chain(source, v, arm) for v, arm in zip(inputs, arms)]
        if word == "add" and len(chains) == 2 and [] in chains and chains != [[], []]:
            body = chains[0] or chains[1]
            return [Layer(f"fg::residual({text_of(body)})", named(body, "body."))]
        return [self.beside("branch", chains), Layer(f"fg::{word}")]

    def beside(self, word, chains) -> Layer:
        tensors = {}
        for i, chain in enumerate(chains):
            tensors.update(named(chain, f"{i}."))
        return Layer(f"fg::{word}({', '.join(text_of(chain) for chain in chains)})", tensors)

    def single(self, step) -> Layer:
        if isinstance(step, LayerStep):
            return Layer(step.text, step.tensors)
        if isinstance(step, MapStep) and not leaves(step.expression, "parameter") and not step.is_flat:
            known = recognised(step.expression)
            return Layer(f"fg::{known}" if known else f"fg::activation({lambda_of(step.expression, step.inputs)[0]})")
        return self.struct(step.inputs, step.outputs, [step])

    def struct(self, sources, sinks, steps) -> Layer:
        """A layer whose operations are written down one after the other."""
        is_simple = len(sources) == len(sinks) == 1
        body = Body(self, sources, steps, is_simple)
        name = f"part_{len(self.structs)}"
        results = [body.names[id(v)] for v in sinks]
        lines = [f"struct {name} : fg::layer {{", f'  static constexpr std::string_view name = "{name}";']
        if is_simple:
            lines += [f"  static constexpr fg::tensor::extents output_shape(fg::tensor::extents) {{ return {shape_of(sinks[0])}; }}",
                      "  static constexpr fg::row emit(fg::emitter& e, const fg::row& in) {"]
            lines += [f"    {line}" for line in body.lines] + [f"    return {results[0]};"]
        else:
            shapes = ", ".join(shape_of(v) for v in sinks)
            lines += [f"  template <class, class> static constexpr auto check() {{ return fg::layers::wire_shapes<{shapes}>{{}}; }}",
                      "  static constexpr fg::wire emit(fg::emitter& e, const fg::wire& in) {"]
            lines += [f"    {line}" for line in body.lines] + ["    fg::wire out;"]
            lines += [f"    out.push_back({result});" for result in results] + ["    return out;"]
        self.structs.append("\n".join([*lines, "  }", "};"]))
        return Layer(f"{name}{{}}", body.tensors)


class Body:
    """The lines of a layer's `emit`."""

    def __init__(self, composer, sources, steps, is_simple):
        self.composer, self.lines, self.tensors, self.names = composer, [], {}, {}
        for i, v in enumerate(sources):
            self.names[id(v)] = "in" if len(sources) == 1 and is_simple else f"in[{i}]"
        for place, step in enumerate(steps):
            self.write(place, step)

    def write(self, place, step):
        read = [self.names[id(v)] for v in step.inputs]
        if isinstance(step, WordsStep) and len(step.outputs) > 1 or "parts_of" in getattr(step, "text", ""):
            self.composer.helpers.add("parts_of")
            self.lines.append(f"const fg::wire v{place} = {step.text.format(*read)};")
            for i, v in enumerate(step.outputs):
                self.names[id(v)] = f"v{place}[{i}]"
            return
        self.lines.append(f"const fg::row v{place} = {self.line(place, step, read)};")
        self.names[id(step.outputs[0])] = f"v{place}"

    def line(self, place, step, read) -> str:
        shape = shape_of(step.outputs[0])
        if isinstance(step, LayerStep):
            self.tensors.update({f"{place}.{name}": tensor for name, tensor in step.tensors.items()})
            return self.inside(place, step.text, read[0])
        if isinstance(step, WordsStep):
            return f"e.reshape({step.text.format(*read)}, {shape})"
        if isinstance(step, ConcatStep):
            self.composer.helpers.add("joined")
            return f"joined(e, {', '.join(read)})"
        known = recognised(step.expression) if len(read) == 1 else None
        if known:
            return self.inside(place, f"fg::{known}", read[0])
        made = self.mapped(place, step, read)
        return made if keeps_shape(step) else f"e.reshape({made}, {shape})"

    def inside(self, place, layer, read) -> str:
        self.composer.helpers.add("inside")
        return f"inside(e, {place}, {layer}, {read})"

    def mapped(self, place, step, read) -> str:
        text, parameters = lambda_of(step.expression, step.inputs)
        operands = list(read)
        for i, p in enumerate(parameters):
            name = f"p{place}" + (f"_{i}" if len(parameters) > 1 else "")
            self.tensors[name] = np.ravel(p.leaf)
            self.lines.append(f'const auto {name} = e.parameter("{name}", fg::tensor::vector_of({np.size(p.leaf)}), fg::init::zeros);')
            operands.append(name)
        return f"e.map({text}, {', '.join(operands)})"


def keeps_shape(step) -> bool:
    """Whether an emitter takes the shape of the result from an operand by itself."""
    extents = step.outputs[0].extents
    return any(v.extents == extents for v in step.inputs) and all(len(v.extents) <= len(extents) for v in step.inputs)


def shape_of(v) -> str:
    return f"fg::shape<{', '.join(map(str, v.extents))}>"


def text_of(chain) -> str:
    return " | ".join(layer.text for layer in chain) or "fg::identity"


def named(chain, path) -> dict:
    """Parameters of a chain that is a part of something."""
    if len(chain) == 1:
        return {path + name: tensor for name, tensor in chain[0].tensors.items()}
    return {f"{path}{i}.{name}": tensor for i, layer in enumerate(chain) for name, tensor in layer.tensors.items()}


def joining_word(step) -> str | None:
    if isinstance(step, ConcatStep):
        return "concat"
    return is_join(step.expression, step.inputs) if isinstance(step, MapStep) and not step.is_flat else None


def reads(arm, sink) -> set:
    """What the steps to a value read that none of them makes."""
    made = {id(v) for s in arm for v in s.outputs}
    return {id(v) for s in arm for v in s.inputs if id(v) not in made} or {id(sink)}


def arms_of(sinks, steps):
    """The steps that each of some values needs, where no two need the same; None otherwise."""
    arms, taken = [], set()
    for sink in sinks:
        wanted, arm = {id(sink)}, []
        for step in reversed(steps):
            if any(id(v) in wanted for v in step.outputs):
                arm.append(step)
                wanted.update(id(v) for v in step.inputs)
        if any(id(s) in taken for s in arm):
            return None
        taken.update(id(s) for s in arm)
        arms.append(arm[::-1])
    return arms if len(taken) == len(steps) else None


def live_after(sources, sinks, steps):
    """Behind each step the values that are still read, or are results."""
    left = {}
    for step in steps:
        for v in step.inputs:
            left[id(v)] = left.get(id(v), 0) + 1
    results = {id(v) for v in sinks}
    live = {id(v): v for v in sources}
    for step in steps:
        for v in step.inputs:
            left[id(v)] -= 1
            if left[id(v)] == 0 and id(v) not in results:
                live.pop(id(v), None)
        live.update({id(v): v for v in step.outputs if left.get(id(v)) or id(v) in results})
        yield step, live


def cuts(sources, sinks, steps):
    """Places behind which a single value is read, and that value."""
    for i, (step, live) in enumerate(live_after(sources, sinks, steps), 1):
        if len(live) == 1:
            value = next(iter(live.values()))
            if any(value is v for v in step.outputs):
                yield i, value


def segments(source, sink, steps):
    """Stretches between values that everything goes through, each with the values at its ends."""
    start = 0
    for end, value in cuts([source], [sink], steps):
        yield source, steps[start:end], value
        source, start = value, end
    if start != len(steps):
        raise AssertionError("steps that end nowhere")


def split_at_first_cut(sources, sinks, steps):
    """Steps up to the first value that everything goes through, those behind, and the value; None and None where there is none."""
    for end, value in cuts(sources, sinks, steps):
        return steps[:end], steps[end:], value
    return steps, None, None


def cut_last(source, sinks, steps):
    """Steps up to the last value that everything goes through, those behind, and that value."""
    place, last = 0, source
    for place, last in cuts([source], sinks, steps):
        pass
    return steps[:place], steps[place:], last
