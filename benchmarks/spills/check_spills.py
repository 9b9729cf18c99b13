#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no loop of a main kernel spills a vector register.

Compiles kernels.cpp to assembly for several instruction sets and finds the innermost loops that add products up. Fails where one
moves a vector to or from a fixed place on the stack, and names kernel, compiler, instruction set and instruction; and where a
kernel seems to have no such loop, since then nothing was checked."""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

from assembly import Arm64, X86, loops_of_kernels

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "kernels.cpp"
TARGETS = {
    "avx512": (X86, ["-march=x86-64-v4"]),
    "avx2": (X86, ["-march=haswell"]),
    "sse2": (X86, ["-march=x86-64"]),
    "neon": (Arm64, []),
}
X86_TARGETS = ("avx512", "avx2", "sse2")
ARM_COMPILERS = ("aarch64-linux-gnu-g++", "aarch64-linux-gnu-g++-12")
# Unrolled as a whole where the compiler likes: no loop, nothing to check.
WITHOUT_LOOP = {"product_of_one_sample"}


def kernels():
    return re.findall(r"^void (\w+)\(const call& c\)", SOURCE.read_text(), re.MULTILINE)


def assembly_of(compiler, flags, optimisation):
    command = [compiler, "-std=c++20", optimisation, *flags, "-I", str(HERE.parents[1] / "include"), "-S", str(SOURCE), "-o", "-"]
    if shutil.which("ccache"):
        command.insert(0, "ccache")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[:2000]}")
    return done.stdout


def check(text, names, isa, where, verbose):
    """Says what is wrong, a line each."""
    wrong, loops = [], {name: 0 for name in names}
    for kernel, loop in loops_of_kernels(text, names, isa):
        loops[kernel] += 1
        if verbose:
            print(f"{where}: {kernel}: loop {loop.label}: {loop.instructions} instructions, {loop.accumulators} sums, {len(loop.spills)} on the stack")
        wrong += [f"{where}: {kernel}: loop {loop.label}: {spill}" for spill in loop.spills]
    wrong += [f"{where}: {kernel}: no loop that adds products up was found" for kernel, n in loops.items() if n == 0 and kernel not in WITHOUT_LOOP]
    return wrong


def builds(compilers, targets):
    """Compiler, name of the target, flags; what is not installed is left out by name."""
    for compiler in compilers:
        if not shutil.which(compiler):
            print(f"left out: {compiler} (not installed)")
            continue
        for target in targets:
            if target in X86_TARGETS:
                yield compiler, target
    if "neon" in targets:
        arm = next((c for c in ARM_COMPILERS if shutil.which(c)), None)
        if arm:
            yield arm, "neon"
        else:
            print("left out: neon (no cross compiler; Debian: g++-aarch64-linux-gnu)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", action="append", help="may be given several times (default: g++ and clang++-19)")
    parser.add_argument("--target", action="append", choices=TARGETS, help="may be given several times (default: avx512, avx2, sse2)")
    parser.add_argument("--optimisation", default="-O3")
    parser.add_argument("--assembly", type=pathlib.Path, help="check the function `kernel` of this assembly instead of compiling")
    parser.add_argument("--verbose", action="store_true", help="name every loop that is checked")
    options = parser.parse_args()
    if options.assembly:
        isa, _ = TARGETS[(options.target or X86_TARGETS)[0]]
        names, checked = ["kernel"], 1
        wrong = check(options.assembly.read_text(), names, isa, options.assembly.name, options.verbose)
    else:
        names, checked, wrong = kernels(), 0, []
        for compiler, target in builds(options.compiler or ["g++", "clang++-19"], options.target or X86_TARGETS):
            isa, flags = TARGETS[target]
            text = assembly_of(compiler, flags, options.optimisation)
            wrong += check(text, names, isa, f"{compiler}, {target}", options.verbose)
            checked += 1
    if checked == 0:
        sys.exit("nothing was checked: no compiler found")
    print("\n".join(wrong) if wrong else f"{checked} times {len(names)} kernels: no vector is spilled")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
