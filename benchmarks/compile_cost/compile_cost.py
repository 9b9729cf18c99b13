#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what models cost the compiler: processor seconds, peak memory and stripped object size of a unit that trains one.

Each unit is compiled several times; the median counts. A unit that only includes the headers is the base line: nets of images have more of them,
and a base line of their own. What users include, the whole of training or of the library, has a row each. Processor seconds, since other work on the machine stretches the clock."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

UNIT = """{more}#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
namespace fg = fusegrad;
#ifndef INCLUDE_ONLY
{parts}constexpr auto architecture = fg::input<{inputs}> | {layers};
constexpr std::size_t features = architecture.input_size();
double train(const float* x, const std::int32_t* y, std::size_t n, std::span<const std::uint32_t> order) {{
  fg::trainer trainer{{architecture, fg::{loss}, fg::sgd{{}}}};
  const auto samples = fg::labelled<float>(std::span(x, n * features), features, std::span(y, n));
{uses}}}
#endif
"""

IMAGE_HEADERS = "".join(f"#include <fusegrad/layer/{name}.hpp>\n" for name in ("batch_norm", "branch", "convolution", "depthwise", "join", "pool", "reshape"))

# The nets of benchmarks/images/main.cpp.
IMAGE_PARTS = """template <std::size_t Channels, std::size_t Stride>
constexpr auto convolved = fg::conv2d<Channels, 3>.template with_stride<Stride>().template with_padding<1>().without_bias() | fg::batch_norm;
template <std::size_t Channels, std::size_t Stride>
constexpr auto body = convolved<Channels, Stride> | fg::relu | convolved<Channels, 1>;
template <std::size_t Channels>
constexpr auto shrinking = fg::branch(body<Channels, 2>, fg::conv2d<Channels, 1>.template with_stride<2>().without_bias()) | fg::add | fg::relu;
constexpr auto separable = fg::depthwise2d<3>.padded_same().without_bias() | fg::batch_norm | fg::relu | fg::conv2d<64, 1>.without_bias() |
                           fg::batch_norm | fg::relu;
"""


STEPS = """  double loss = 0;
  for (int i = 0; i < 100; ++i) loss = trainer.step(samples, order).loss;
  return loss;
"""
# What most programs do: nets differ in their steps, and a fit costs each the same beside them.
FIT = """  trainer.fit(samples, {.epochs = order.size()});
  return trainer.evaluate(samples).loss + trainer.predict(std::span(x, n * features))[0];
"""


def text_of(inputs, layers, loss, of_images=False, uses=STEPS):
    more, parts = (IMAGE_HEADERS, IMAGE_PARTS) if of_images else ("", "")
    return UNIT.format(more=more, parts=parts, inputs=inputs, layers=layers, loss=loss, uses=uses)


def chain(widths, activation):
    return " | ".join(f"fg::dense<{w}> | fg::{activation}" for w in widths)


def cases():
    cross_entropy, squared = "softmax_cross_entropy", "mean_squared_error"
    yield "A 2-16-16-1", 2, chain([16, 16], "tanh") + " | fg::dense<1>", squared
    yield "B 64-64-64-64-1", 64, chain([64] * 3, "relu") + " | fg::dense<1>", squared
    yield "C 784-128-10", 784, chain([128], "relu") + " | fg::dense<10>", cross_entropy
    yield "D 784-512-512-10", 784, chain([512] * 2, "relu") + " | fg::dense<10>", cross_entropy
    yield "E 20 layers of 64", 64, chain([64] * 20, "sigmoid"), cross_entropy
    # Small enough for steps with all sizes known to the compiler.
    yield "16-64-32-32-5", 16, chain([64, 32, 32], "relu") + " | fg::dense<5>", cross_entropy
    yield "17-64-64-6", 17, chain([64, 64], "tanh") + " | fg::dense<6>", squared
    yield "7-5x100-2", 7, chain([100] * 5, "relu") + " | fg::dense<2>", cross_entropy
    yield "100-9x50-10", 100, chain([50] * 9, "relu") + " | fg::dense<10>", cross_entropy
    for depth in (4, 16, 64, 100, 256):
        yield f"{depth} equal layers", 64, chain([64] * depth, "relu") + " | fg::dense<10>", cross_entropy
    for count in (6, 12, 24):
        yield f"{count} widths", 64, chain([40 + 9 * i for i in range(count)], "relu") + " | fg::dense<10>", cross_entropy
    block = "fg::residual(fg::dense<64> | fg::relu | fg::dense<64>)"
    for count in (8, 16, 32):
        yield f"{count} residual blocks", 64, "fg::dense<64> | " + " | ".join([block] * count) + " | fg::dense<10>", cross_entropy


def image_cases():
    pooled = "fg::relu | fg::max_pool2d<2>"
    yield "Keras convnet", "28, 28, 1", f"fg::conv2d<32, 3> | {pooled} | fg::conv2d<64, 3> | {pooled} | fg::flatten | fg::dense<10>"
    yield "LeNet-5", "28, 28, 1", (f"fg::conv2d<6, 5>.with_padding<2>() | {pooled} | fg::conv2d<16, 5> | {pooled} | fg::flatten | "
                                   + chain([120, 84], "relu") + " | fg::dense<10>")
    yield "ResNet-8", "32, 32, 3", ("convolved<16, 1> | fg::relu | fg::residual(body<16, 1>) | fg::relu | shrinking<32> | shrinking<64> | "
                                    "fg::global_average_pool | fg::dense<10>")
    yield "DS-CNN", "49, 10, 1", ("fg::conv2d<64, 10, 4>.with_stride<2>().with_padding<4, 5, 1, 1>().without_bias() | fg::batch_norm | fg::relu | "
                                  "separable | separable | separable | separable | fg::global_average_pool | fg::dense<12>")
    # Whether the cost grows with the number of distinct layers and no faster: each net has narrow and wide ones among its own, 46 to 50 channels
    # on average, and those that do and do not fill vectors.
    for count in (2, 4, 8, 16):
        yield f"{count} distinct convolutions", "16, 16, 16", convolutions([16 + 4 * ((7 * i + 5) % 16) for i in range(count)])
    yield "8 equal convolutions", "16, 16, 16", convolutions([16] * 8)


def convolutions(channels):
    return " | ".join(f"fg::conv2d<{c}, 3>.padded_same() | fg::relu" for c in channels) + " | fg::global_average_pool | fg::dense<10>"


def compile_once(compiler, flags, source, output):
    """Processor seconds and peak memory in MB of one run of the compiler."""
    process = subprocess.Popen([compiler, *flags, "-c", str(source), "-o", str(output)], stderr=subprocess.PIPE, text=True)
    message = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{compiler} failed:\n{message[:2000]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(compiler, flags, text, folder, runs):
    source, output = folder / "unit.cpp", folder / "unit.o"
    source.write_text(text)
    results = [compile_once(compiler, flags, source, output) for _ in range(runs)]
    subprocess.run(["strip", str(output)], check=True)
    return (statistics.median(r[0] for r in results), max(r[1] for r in results), output.stat().st_size / 1024)


def record(compiler, level, case, seconds, over_include, memory, size):
    return {"kind": "compile_cost", "compiler": compiler, "optimisation": level, "case": case, "seconds": round(seconds, 3),
            "over_include": round(over_include, 3), "memory_mb": round(memory, 1), "stripped_kb": round(size, 1)}


def measure_all(compiler, options, folder):
    """A record of each case, printed as it comes, behind one of the headers alone."""
    level = f"-O{options.optimisation}"
    flags = ["-std=c++20", level, "-march=native", "-fopenmp", f"-I{ROOT / 'include'}"]
    flags.append("-fconstexpr-steps=500000000" if "clang" in compiler else "-fconstexpr-ops-limit=1000000000")
    flags += ["-DFUSEGRAD_KERNELS"] if options.with_kernels else []
    print(f"| {compiler} {level} | seconds | over include | MB | stripped KB |\n|-|-|-|-|-|")

    def told(case, text, base, more=()):
        seconds, memory, size = measure(compiler, [*flags, *more], text, folder, options.runs)
        over = "" if base is None else f"{seconds - base:.2f}"
        print(f"| {case} | {seconds:.2f} | {over} | {memory:.0f} | {size:.0f} |", flush=True)
        return record(compiler, level, case, seconds, 0 if base is None else seconds - base, memory, size)

    dense = [(case, text_of(inputs, layers, loss)) for case, inputs, layers, loss in cases()]
    dense += [(f"{case}, with a fit", text_of(inputs, layers, loss, uses=FIT)) for case, inputs, layers, loss in cases() if case[0] in "AD"]
    images = [(case, text_of(inputs, layers, "softmax_cross_entropy", True)) for case, inputs, layers in image_cases()]
    for name in ("training", "fusegrad"):
        if any(part in f"<fusegrad/{name}.hpp>" for part in options.only):
            yield told(f"<fusegrad/{name}.hpp>", f"#include <fusegrad/{name}.hpp>\n", None)
    for include, headers, units in (("include only", text_of(1, "", ""), dense), ("include only, images", text_of(1, "", "", True), images)):
        wanted = [(case, text) for case, text in units if any(part in case for part in options.only)]
        if not wanted:
            continue
        only = told(include, headers, None, ["-DINCLUDE_ONLY"])
        yield only
        for case, text in wanted:
            yield told(case, text, only["seconds"])
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", action="append", help="default: g++ and clang++-19 where installed")
    parser.add_argument("--runs", type=int, default=3, help="compilations of each unit (default 3)")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[""], help="cases whose name contains this, or one of several, commas between them")
    parser.add_argument("--optimisation", default="3", choices=["0", "1", "2", "3", "s"], help="as of -O (default 3)")
    parser.add_argument("--with-kernels", action="store_true", help="as in a target that links fusegrad::kernels")
    parser.add_argument("--json", type=pathlib.Path, help="write a list of records to this file, too")
    options = parser.parse_args()
    compilers = options.compiler or [c for c in ("g++", "clang++-19") if subprocess.run(["which", c], capture_output=True).returncode == 0]
    with tempfile.TemporaryDirectory() as name:
        records = [r for compiler in compilers for r in measure_all(compiler, options, pathlib.Path(name))]
    if options.json:
        options.json.write_text(json.dumps(records, indent=1) + "\n")


if __name__ == "__main__":
    main()
