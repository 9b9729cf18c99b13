# SPDX-License-Identifier: MIT
"""Files of NumPy are read and written as NumPy does."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy
except ModuleNotFoundError:
    print(f"skipped: NumPy is not installed for {sys.executable}")
    sys.exit(77)

PROGRAM = Path(os.environ["FUSEGRAD_PARITY_PROGRAMS"]) / "npy"


def arrays() -> dict:
    random = numpy.random.default_rng(1)
    made = {"none": numpy.zeros((0, 3), numpy.float32), "one": numpy.array(5.5), "truths": numpy.array([True, False, True])}
    for kind in ("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
        for order in ("<", ">"):
            numbers = (random.normal(size=(3, 4, 5)) * 50).astype(order + kind) if kind[0] != "u" else random.integers(0, 200, (3, 4, 5)).astype(order + kind)
            made[f"{kind}{'little' if order == '<' else 'big'}"] = numbers
            made[f"{kind}{'little' if order == '<' else 'big'}_fortran"] = numpy.asfortranarray(numbers)
    made["compressible"] = numpy.zeros(1 << 20, numpy.float32)
    return made


def main() -> int:
    expected, faults = arrays(), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for save in (numpy.savez, numpy.savez_compressed):
            save(folder / "theirs.npz", **expected)
            subprocess.run([PROGRAM, folder / "theirs.npz", folder], check=True)
            written = [numpy.load(folder / "stored.npz"), numpy.load(folder / "deflated.npz"), {key: numpy.load(folder / f"{key}.npy") for key in expected}]
            for source, found in zip(("stored.npz", "deflated.npz", "single files"), written):
                if sorted(found) != sorted(expected):
                    faults.append(f"{source}: other names: {sorted(found)}")
                for key, numbers in expected.items():
                    if found[key].shape != numbers.shape or not numpy.array_equal(found[key], numbers):
                        faults.append(f"{source}, {key}: other numbers")
                    if numbers.dtype != bool and found[key].dtype != numbers.dtype.newbyteorder("="):
                        faults.append(f"{source}, {key}: type {found[key].dtype} instead of {numbers.dtype}")
    print("\n".join(faults) or f"{len(expected)} arrays, read and written as NumPy does")
    return 1 if faults else 0


sys.exit(main())
