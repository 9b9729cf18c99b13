#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs parity scripts, or exits with 77 (skipped) when this Python has no PyTorch.

Of several each is a process of its own, behind PyTorch, which takes two seconds to be read; each is run whatever the others say. One of them that is
skipped (77) is no failure; all of them are skipped as one.

usage: with_torch.py SCRIPT...
"""
import os
import runpy
import sys

SKIPPED = 77


def run(script: str):
    sys.argv = [script]
    sys.path.insert(0, script.rpartition("/")[0])
    runpy.run_path(script, run_name="__main__")


def exit_code(script: str) -> int:
    """What the script ends with, in a copy of this process."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        # An error that nobody catches, or the script's own exit, ends the copy as it would end a program.
        run(script)
        sys.exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> int:
    scripts = sys.argv[1:]
    if not scripts:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import torch
    except ModuleNotFoundError:
        print(f"skipped: PyTorch is not installed for {sys.executable}")
        return SKIPPED
    # One thread: tests run side by side, and the comparison is about numbers, not speed.
    torch.set_num_threads(1)
    if any("optim." in open(script, encoding="utf-8").read() for script in scripts):
        # The first optimiser has PyTorch read its compiler, two seconds more.
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1)
    # Not before: a PyTorch that came without its compiled modules keeps them for the next. What is ours leaves nothing in the source tree.
    sys.dont_write_bytecode = True
    if len(scripts) == 1:
        run(scripts[0])
        return 0
    codes = {script: exit_code(script) for script in scripts}
    words = {0: "ok", SKIPPED: "skipped"}
    for script, code in codes.items():
        print(f"{words.get(code, 'FAILED'):7} {script}" + (f" ended with {code}" if code not in words else ""))
    if all(code == SKIPPED for code in codes.values()):
        return SKIPPED
    return 0 if all(code in words for code in codes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
