# SPDX-License-Identifier: MIT
"""What is written: a header with the model, its weights, and a program that compares them with a run of the original."""
import json
import struct
from dataclasses import dataclass

import numpy as np

from . import composition, fusing, source as sources
from .operators import OPERATORS
from .translate import translate
from .values import Value

HELPERS = {
    "inside": """/// A layer within a layer, its parameters under its place.
template <class Layer> constexpr fg::row inside(fg::emitter& e, std::size_t place, const Layer&, const fg::row& x) {
  const std::size_t length = e.enter(place);
  const fg::row made = e.reshape(Layer::emit(e, x), Layer::output_shape(x.shape));
  e.leave(length);
  return made;
}""",
    "joined": """/// Columns side by side.
template <class... Rows> constexpr fg::row joined(fg::emitter& e, const Rows&... rows) {
  fg::wire parts;
  (parts.push_back(rows), ...);
  return e.concat(parts);
}""",
    "parts_of": """/// Consecutive columns, of these widths.
constexpr fg::wire parts_of(fg::emitter& e, const fg::row& x, std::initializer_list<std::size_t> widths) {
  fg::growing<std::size_t> all;
  for (const std::size_t width : widths) all.push_back(width);
  return e.split(x, all);
}""",
}


@dataclass
class Imported:
    """A translated model. `inputs` and `outputs` tell for each number of ours which of ONNX's it is."""
    name: str
    text: str  # the body of its namespace
    helpers: set
    tensors: dict[str, np.ndarray]
    source: sources.Source
    inputs: list[Value]
    outputs: list[Value]

    def rows_in(self) -> np.ndarray:
        """The samples of the run as one row each, in our order."""
        return rows_of(self.source, self.source.inputs, self.inputs)

    def rows_out(self) -> np.ndarray:
        return rows_of(self.source, self.source.outputs, self.outputs)


def rows_of(source, names, values) -> np.ndarray:
    rows = [np.asarray(source.runs[name], dtype=np.float64).reshape(source.batch, -1)[:, v.index] for name, v in zip(names, values)]
    return np.concatenate(rows, axis=1)


def import_model(path_or_model, name) -> Imported:
    """Throws Refused."""
    read = sources.read(path_or_model, OPERATORS)
    t = translate(read, OPERATORS)
    inputs, outputs = [t.values[x] for x in read.inputs], [t.values[x] for x in read.outputs]
    made = [v.made for v in outputs]
    steps = fusing.fuse(t.steps, made)
    # What is an output twice, or an input as well, is made by a step of its own.
    composer = composition.Composer()
    if not all(any(v is o for s in steps for o in s.outputs) or any(v is i for i in inputs) for v in made):
        raise sources.Refused(["an output is made by nothing"])
    layers = composer.model(inputs, made, steps)
    tensors = {f"{i}.{k}": np.asarray(v, dtype=np.float32) for i, layer in enumerate(layers) for k, v in layer.tensors.items()}
    return Imported(name, namespace(composer, layers, read, inputs, outputs), composer.helpers, tensors, read, inputs, outputs)


def namespace(composer, layers, source, inputs, outputs) -> str:
    start = f"fg::input<{listed(inputs[0])}>" if len(inputs) == 1 else f"fg::inputs<{', '.join(composition.shape_of(v) for v in inputs)}>"
    words = [words_of("Input", name, v) for name, v in zip(source.inputs, inputs)]
    words += [words_of("Output", name, v) for name, v in zip(source.outputs, outputs)]
    model = wrapped("inline constexpr auto model = " + start, [layer.text for layer in layers or [composition.Layer("fg::identity")]])
    return "\n\n".join([*composer.structs, "\n".join(f"/// {line}" for line in words) + "\n" + model])


def listed(v) -> str:
    return ", ".join(map(str, v.extents))


def words_of(what, name, v) -> str:
    """How a sample lies here, and how it does in ONNX where that is another way."""
    name = sources.printable(name)
    here = "".join(f"[{n}]" for n in v.extents)
    there = "".join(f"[{n}]" for n in v.shape)
    if np.array_equal(v.index, np.arange(v.size)):
        return f"{what} `{name}`: {here}, row-major" + (f", as {there} in ONNX." if v.shape != v.extents and v.shape else ".")
    is_image = len(v.shape) > 1 and np.array_equal(v.index, np.moveaxis(np.arange(v.size).reshape(v.shape), 0, -1).ravel())
    order = "channels last" if is_image else "in another order: channels last before they were flattened"
    return f"{what} `{name}`: {here}, {order}, of {there} in ONNX."


def wrapped(line, layers) -> str:
    lines = [line]
    for text in layers:
        if len(lines[-1]) + len(text) + 3 > 116:
            lines.append("    | " + text)
        else:
            lines[-1] += " | " + text
    return "\n".join(lines) + ";"


def helper_text(names) -> str:
    return "\n\n".join(HELPERS[name] for name in sorted(names))


def header(model: Imported, origin) -> str:
    parts = [helper_text(model.helpers)] if model.helpers else []
    return f"""// Written by scripts/model_from_onnx of {sources.printable(origin)}.
#pragma once

#include <cstddef>
#include <fusegrad/layers.hpp>
#include <initializer_list>
#include <string_view>

namespace {model.name} {{

namespace fg = fusegrad;

{chr(10).join([*(p + chr(10) for p in parts), model.text])}

}} // namespace {model.name}
"""


def test_program(name, tolerance) -> str:
    return f"""// Whether {name}.hpp with {name}.safetensors computes what the original did.
#include "{name}.hpp"

#include <fusegrad/io/golden.hpp>
#include <fusegrad/io/save.hpp>

#include <cstdio>
#include <exception>

namespace fg = fusegrad;

/// usage: {name}_test [{name}.safetensors]
int main(int count, char** arguments) {{
  const char* const file = count > 1 ? arguments[1] : "{name}.safetensors";
  try {{
    fg::weights weights{{{name}::model}};
    fg::io::load(weights, file);
    fg::io::replay(weights, file, {tolerance:g});
  }} catch (const std::exception& error) {{
    std::fprintf(stderr, "%s\\n", error.what());
    return 1;
  }}
  std::puts("{name}: as the original");
}}
"""


def write_safetensors(path, tensors, metadata):
    entries, body = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items()):
        data = np.ascontiguousarray(tensor, dtype="<f4")
        entries[name] = {"dtype": "F32", "shape": list(data.shape), "data_offsets": [len(body), len(body) + data.nbytes]}
        body += data.tobytes()
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def metadata_of(model: Imported) -> dict:
    """The first sample of the run as a golden pair, and that the weights are in our order already."""
    def words(numbers):
        return " ".join(repr(float(x)) for x in numbers)

    return {"fusegrad.flattened": "channels_last", "fusegrad.golden.input": words(model.rows_in()[0]), "fusegrad.golden.output": words(model.rows_out()[0])}


def write(model: Imported, folder, origin) -> list:
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{model.name}.hpp", folder / f"{model.name}.safetensors", folder / f"{model.name}_test.cpp"]
    files[0].write_text(header(model, origin))
    write_safetensors(files[1], model.tensors, metadata_of(model))
    files[2].write_text(test_program(model.name, 1e-2 if model.source.is_coarse else 1e-4))
    return files
