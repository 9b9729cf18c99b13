# SPDX-License-Identifier: MIT
"""How a parity script talks to its program, and how it compares."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

TYPES = {"float": torch.float32, "double": torch.float64}


def run(program: str, rows: dict) -> dict[str, torch.Tensor]:
    """Runs a program, of FUSEGRAD_PARITY_PROGRAMS where it is a mere name, on named rows of numbers; returns the rows it writes, in double."""
    executable = Path(os.environ.get("FUSEGRAD_PARITY_PROGRAMS", ""), program)
    with tempfile.TemporaryDirectory() as folder:
        given, written = Path(folder, "input"), Path(folder, "output")
        with given.open("w") as file:
            for name, row in rows.items():
                numbers = torch.as_tensor(row, dtype=torch.float64).reshape(-1).tolist()
                file.write(f"{name} {len(numbers)} {' '.join(map(repr, numbers))}\n")
        subprocess.run([executable, given, written], check=True)
        lines = [line.split() for line in written.read_text().splitlines()]
    return {name: torch.tensor([float(x) for x in row], dtype=torch.float64) for name, _, *row in lines}


class Comparison:
    """Collects what agrees and what does not; `close` ends the script."""

    def __init__(self):
        self.failures = 0
        self.compared = 0

    def check(self, name: str, ours: torch.Tensor, theirs: torch.Tensor, tolerance: float, scale=1.0):
        """Every number within `tolerance` of PyTorch's, relative to it or to `scale`, whichever is the larger."""
        theirs = theirs.detach().reshape(-1).to(torch.float64)
        if ours.shape != theirs.shape:
            return self.report(name, f"{ours.numel()} numbers, PyTorch has {theirs.numel()}", False)
        distance = (ours - theirs).abs() / torch.clamp(theirs.abs(), min=torch.as_tensor(scale, dtype=torch.float64))
        worst = int(distance.argmax())
        # Written so that a NaN on either side is a failure.
        fits = bool((distance <= tolerance).all())
        where = "" if fits else f"; number {worst} is {ours[worst]:.17g}, PyTorch's {theirs[worst]:.17g}"
        self.report(name, f"{distance[worst]:.1e} of {tolerance:.0e} allowed{where}", fits)

    def report(self, name: str, words: str, fits: bool):
        self.compared += 1
        self.failures += not fits
        print(f"{'ok    ' if fits else 'FAILED'} {name}: {words}")

    def close(self):
        print(f"{self.compared - self.failures} of {self.compared} agree with PyTorch {torch.__version__}")
        sys.exit(1 if self.failures or not self.compared else 0)
