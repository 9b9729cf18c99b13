# SPDX-License-Identifier: MIT
"""Random models as C++: each a namespace of its own, several in a program."""

from models import catalogue, windows
from models.grammar import Layer, Model

HEAD = """// SPDX-License-Identifier: MIT
// Written by tests/parity/random_models.py.
#include <array>
#include <fusegrad/training.hpp>

#include "support/random_model.hpp"

namespace {
namespace fg = fusegrad;
"""


def layer(x: Layer) -> str:
    """A layer as one writes it."""
    inside = [layer(y) for y in x.inside]
    listed = ", ".join(inside)
    match x.kind:
        case "chain":
            # A chain within a chain stays a block of its own.
            return " | ".join(f"({text})" if part.kind == "chain" else text for part, text in zip(x.inside, inside))
        case "dense":
            return f"fg::dense<{x.settings[0]}>" + ("" if x.settings[1] else ".without_bias()")
        case "activation":
            return catalogue.full_name(x.settings[0])
        case "norm":
            kind, affine, epsilon, momentum = x.settings
            plain = "" if affine else ".without_gain()" if kind == "rms_norm" else ".without_gain_and_shift()"
            return (
                f"fg::{kind}{plain}"
                + (f".with_epsilon<{epsilon}>()" if epsilon else "")
                + (f".with_momentum<{momentum}>()" if momentum else "")
            )
        case "conv":
            return windows.conv_in_cpp(*x.settings)
        case "pool":
            return windows.pool_in_cpp(*x.settings)
        case "transposed_conv":
            return windows.transposed_conv_in_cpp(*x.settings)
        case "upsample":
            return windows.upsample_in_cpp(*x.settings)
        case "zero_pad2d" | "crop2d":
            return f"fg::{x.kind}<{', '.join(map(str, x.settings))}>"
        case "squeeze_excite":
            reduction, activation, gate = x.settings
            return f"fg::squeeze_excite<{reduction}>.with_activation(fg::{activation}).with_gate(fg::{gate})"
        case "gated":
            return f"fg::{x.settings[0]}"
        case "maxout":
            return f"fg::maxout<{x.settings[0]}>"
        case "reshape":
            return f"fg::reshape<{', '.join(map(str, x.settings))}>"
        case "groups":
            return f"fg::groups({', '.join(f'fg::on<{width}>({text})' for width, text in zip(x.settings, inside))})"
        case "repeat":
            return f"fg::repeat<{x.settings[0]}>({listed})"
        case "named" | "shared":
            return f'fg::{x.kind}<"{x.settings[0]}">({listed})'
        case "residual" | "branch" | "each":
            return f"fg::{x.kind}({listed})"
        case "kl_sparsity":
            return f"fg::kl_sparsity<{x.settings[0]}, {x.settings[1]}>"
        case "activation_penalty":
            return f"fg::activation_penalty(parity::{x.settings[0]}<{x.settings[1]}>{{}})"
        case "dropout_of_nothing":
            return "fg::dropout<0.0>"
        case _:
            return f"fg::{x.kind}"


def architecture(m: Model) -> str:
    if len(m.inputs) == 1:
        start = f"fg::input<{', '.join(map(str, m.inputs[0]))}>"
    else:
        start = f"fg::inputs<{', '.join(f'fg::shape<{size}>' for size, in m.inputs)}>"
    return " | ".join([start, *(f"({layer(x)})" if x.kind == "chain" else layer(x) for x in m.layers)])


def loss(m: Model) -> str:
    text = catalogue.full_name(m.loss)
    if m.smoothing:
        text += f".label_smoothing({m.smoothing})"
    if m.class_weights:
        text += f".class_weights(std::array{{{', '.join(map(repr, m.class_weights))}}})"
    return text + (f" + fg::{m.penalty[0]}<{m.penalty[1]}>" if m.penalty else "")


def assigned(settings: dict) -> str:
    def number(value):
        return str(value).lower() if isinstance(value, bool) else repr(value)

    return "{" + ", ".join(f".{name} = {number(value)}" for name, value in settings.items()) + "}"


def schedule(m: Model) -> str:
    name, *numbers = m.schedule
    match name:
        case "warm_up":
            return f"fg::schedule::warm_up({numbers[0]}, fg::schedule::cosine({numbers[1]}))"
        case "then":
            return (
                f"fg::schedule::then(fg::schedule::exponential({numbers[1]}), {numbers[0]}, fg::schedule::cosine(0.1))"
            )
        case _:
            return f"fg::schedule::{name}({', '.join(map(repr, numbers))})"


def namespace(m: Model, types) -> str:
    """One model, and a function that runs it in some number types."""
    target_width = 0 if m.targets == "labels" else m.outputs
    sizes = f"{m.features}, {target_width}, {m.batch_size}, {m.epochs}"
    runs = "\n".join(f"  run.template operator()<{t}>();" for t in types)
    return f"""
namespace {m.name} {{
constexpr auto model = {architecture(m)};
void run_all(parity::exchange& io) {{
  const parity::course how{{{sizes}, {schedule(m)}, {assigned(m.options)}}};
  const auto run = [&]<class T>() {{
    parity::random_model<T> on_trial{{io, "{m.name}", how}};
    const auto loss = {loss(m)};
    const fg::{m.rule} rule{assigned(m.settings)};
    on_trial.differentiate(model, loss, rule);
    on_trial.{m.way}(model, loss, rule);
  }};
{runs}
}}
}} // namespace {m.name}
"""


def program(models, types_of) -> str:
    """A program of several models; `types_of(model)` are the number types that it runs each in."""
    bodies = "".join(namespace(m, types_of(m)) for m in models)
    calls = "\n".join(f"  {m.name}::run_all(io);" for m in models)
    return f"""{HEAD}{bodies}
}} // namespace

int main(int count, char** arguments) {{
  parity::exchange io(count, arguments);
{calls}
}}
"""
