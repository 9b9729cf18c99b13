#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what models cost the compiler: processor seconds, peak memory and stripped object size of a unit that trains one.

Each unit is compiled several times; the median counts. A unit that only includes the library is the base line. Processor
seconds, since other work on the machine stretches the clock."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

UNIT = """#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/residual.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
namespace fg = fusegrad;
#ifndef INCLUDE_ONLY
constexpr auto architecture = fg::input<{inputs}> | {layers};
double train(const float* x, const std::int32_t* y, std::size_t n, std::span<const std::uint32_t> order) {{
  fg::trainer trainer{{architecture, fg::{loss}, fg::sgd{{}}}};
  const auto samples = fg::labelled<float>(std::span(x, n * {inputs}), {inputs}, std::span(y, n));
  double loss = 0;
  for (int i = 0; i < 100; ++i) loss = trainer.step(samples, order).loss;
  return loss;
}}
#endif
"""


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


def record(compiler, case, seconds, over_include, memory, size):
    return {"kind": "compile_cost", "compiler": compiler, "case": case, "seconds": round(seconds, 3), "over_include": round(over_include, 3),
            "memory_mb": round(memory, 1), "stripped_kb": round(size, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", action="append", help="default: g++ and clang++-19 where installed")
    parser.add_argument("--runs", type=int, default=3, help="compilations of each unit (default 3)")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--json", type=pathlib.Path, help="write a list of records to this file, too")
    options = parser.parse_args()
    records = []
    compilers = options.compiler or [c for c in ("g++", "clang++-19") if subprocess.run(["which", c], capture_output=True).returncode == 0]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for compiler in compilers:
            flags = ["-std=c++20", "-O3", "-march=native", "-fopenmp", f"-I{ROOT / 'include'}"]
            flags.append("-fconstexpr-steps=500000000" if "clang" in compiler else "-fconstexpr-ops-limit=1000000000")
            print(f"| {compiler} | seconds | over include | MB | stripped KB |\n|-|-|-|-|-|")
            base, memory, size = measure(compiler, [*flags, "-DINCLUDE_ONLY"], UNIT.format(inputs=1, layers="", loss=""), folder, options.runs)
            print(f"| include only | {base:.2f} | | {memory:.0f} | {size:.0f} |", flush=True)
            records.append(record(compiler, "include only", base, 0, memory, size))
            for case, inputs, layers, loss in cases():
                if options.only not in case:
                    continue
                seconds, memory, size = measure(compiler, flags, UNIT.format(inputs=inputs, layers=layers, loss=loss), folder, options.runs)
                print(f"| {case} | {seconds:.2f} | {seconds - base:.2f} | {memory:.0f} | {size:.0f} |", flush=True)
                records.append(record(compiler, case, seconds, seconds - base, memory, size))
            print()
    if options.json:
        options.json.write_text(json.dumps(records, indent=1) + "\n")


if __name__ == "__main__":
    main()
