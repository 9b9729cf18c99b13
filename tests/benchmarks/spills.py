# SPDX-License-Identifier: MIT
"""check_spills.py tells loops that spill from loops that do not, in assembly written by hand."""

import pathlib
import subprocess
import sys
import tempfile

CHECK = sys.argv[1]


def loop(*body, before=(), after=()):
    lines = ["kernel:", *[f"\t{line}" for line in before], ".L2:", *[f"\t{line}" for line in body], "\taddq $4, %rsi", "\tcmpq %rdi, %rsi", "\tjne .L2"]
    return "\n".join([*lines, *[f"\t{line}" for line in after], "\tret", ""])


FMA = "vfmadd231ps (%rsi), %zmm1, %zmm2"
NO_LOOP = "no loop that adds products up was found"
# A name, the target, the assembly, and what must be said of it; nothing where all is well.
EXAMPLES = [
    ("registers", "avx512", loop(FMA), None),
    ("spill", "avx512", loop(FMA, "vmovaps %zmm3, 64(%rsp)"), "vmovaps %zmm3, 64(%rsp)"),
    ("reload", "avx512", loop(FMA, "vmovaps -64(%rsp), %zmm3"), "vmovaps -64(%rsp), %zmm3"),
    ("folded reload", "avx512", loop(FMA, "vfmadd231ps 128(%rsp), %zmm1, %zmm4"), "128(%rsp)"),
    ("frame", "avx512", loop(FMA, "vmovaps %zmm3, -64(%rbp)", before=["pushq %rbp", "movq %rsp, %rbp"]), "-64(%rbp)"),
    ("%rbp is no frame", "avx512", loop(FMA, "vmovaps 64(%rbp), %zmm3"), None),
    ("outside the loop", "avx512", loop(FMA, before=["vmovaps %zmm3, 64(%rsp)"], after=["vmovaps 64(%rsp), %zmm3"]), None),
    ("number on the stack", "avx512", loop(FMA, "movq %rax, 8(%rsp)"), None),
    ("array on the stack", "avx512", loop(FMA, "vmovaps (%rsp,%rax), %zmm3"), None),
    ("the sum itself", "avx512", loop("vmovaps 64(%rsp), %zmm2", FMA, "vmovaps %zmm2, 64(%rsp)"), "64(%rsp)"),
    ("a polynomial", "avx512", loop("vmovaps (%rsi), %zmm2", FMA, "vmovaps %zmm2, 64(%rsp)"), NO_LOOP),
    ("no loop", "avx512", "kernel:\n\t" + FMA + "\n\tret\n", NO_LOOP),
    ("outer loop", "avx512", ("kernel:\n.L1:\n\tvmovaps 64(%rsp), %zmm3\n.L2:\n\t" + FMA + "\n\tjne .L2\n\tjne .L1\n\tret\n"), None),
    ("called", "avx512", "kernel:\n\tcall tiles\n\tret\n" + loop(FMA, "vmovaps %zmm3, (%rsp)").replace("kernel", "tiles"), "vmovaps %zmm3, (%rsp)"),
    ("not called", "avx512", loop(FMA) + loop(FMA, "vmovaps %zmm3, (%rsp)").replace("kernel", "other"), None),
    ("two operands", "sse2", loop("movups (%rsi), %xmm1", "mulps %xmm3, %xmm1", "addps %xmm1, %xmm2"), None),
    ("two operands, spilled", "sse2", loop("mulps %xmm3, %xmm1", "addps %xmm1, %xmm2", "movaps %xmm4, 16(%rsp)"), "16(%rsp)"),
    ("neon", "neon", "kernel:\n.L2:\n\tldr q0, [x1]\n\tfmla v2.4s, v0.4s, v1.4s\n\tcmp x1, x2\n\tbne .L2\n\tret\n", None),
    ("neon, spilled", "neon", "kernel:\n.L2:\n\tfmla v2.4s, v0.4s, v1.4s\n\tstr q4, [sp, 160]\n\tbne .L2\n\tret\n", "str q4, [sp, 160]"),
]


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, target, text, expected in EXAMPLES:
            path = pathlib.Path(folder) / "example.s"
            path.write_text(text)
            done = subprocess.run([sys.executable, "-B", CHECK, "--target", target, "--assembly", str(path)], capture_output=True, text=True)
            right = done.returncode == (expected is not None) and (expected or "no vector is spilled") in done.stdout
            if not right:
                failures += 1
                print(f"{name}: expected {expected or 'no complaint'}, found exit status {done.returncode}:\n{done.stdout}{done.stderr}")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
