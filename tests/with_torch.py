#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a parity script, or exits with 77 (skipped) when this Python has no PyTorch.

usage: with_torch.py SCRIPT [ARGUMENT...]
"""
import runpy
import sys

SKIPPED = 77


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import torch
    except ModuleNotFoundError:
        print(f"skipped: PyTorch is not installed for {sys.executable}")
        return SKIPPED
    # One thread: tests run side by side, and the comparison is about numbers, not speed.
    torch.set_num_threads(1)
    sys.argv = sys.argv[1:]
    sys.path.insert(0, sys.argv[0].rpartition("/")[0])
    runpy.run_path(sys.argv[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
