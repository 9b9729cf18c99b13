#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Presses Ctrl-C while the digits example trains on a terminal, lets it go on, and compares with a run that was left in peace.

usage: interrupt.py DIGITS FOLDER
"""
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path


def on_terminal(command: list[str], folder: Path, presses: int) -> tuple[int, str]:
    """Runs a command on a terminal of its own, and presses Ctrl-C as often, each time when it has drawn something new."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm"
        os.execv(command[0], command)
    shown = b""
    while True:
        try:
            drawn = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not drawn:
            break
        shown += drawn
        if presses > 0 and b"samples/s" in drawn:
            os.write(terminal, b"\x03")
            presses -= 1
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode(errors="replace")


def expect(condition: bool, words: str, shown: str):
    if not condition:
        sys.exit(f"{words}\n--- shown:\n{shown}")


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    for name in ("whole", "parts"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    command = [program, "--epochs", "40", "--output", ".", "--checkpoint", "run.ckpt"]
    subprocess.run(command[:-2], cwd=folder / "whole", check=True, capture_output=True)

    try:
        os.close(os.openpty()[0])
    except OSError:
        print("skipped: no pseudo terminal to be had")
        return

    code, shown = on_terminal(command, folder / "parts", presses=1)
    expect(code == 130, f"expected exit code 130 after one Ctrl-C, found {code}", shown)
    # That it ends after the epoch is said only where there is more of it to come: this one may have been over.
    expect("interrupted; the same program goes on from run.ckpt" in shown, "it does not say how to go on", shown)

    code, shown = on_terminal(command, folder / "parts", presses=0)
    expect(code == 0 and "going on from" in shown and "of 40 epochs" in shown, f"it did not go on (exit code {code})", shown)
    weights = [(folder / name / "digits.safetensors").read_bytes() for name in ("whole", "parts")]
    expect(weights[0] == weights[1], "the weights differ from those of a run without an interruption", shown)


if __name__ == "__main__":
    main()
