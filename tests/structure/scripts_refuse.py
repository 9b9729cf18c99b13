#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that the scripts refuse in words what makes no sense, before anything is installed or built; and that they have help.

What would install or build is replaced by commands that fail, and a script that goes on all the same is ended with all that it started.

usage: scripts_refuse.py SOURCE_FOLDER
"""
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

OF_ALL = [(["--jobs", "0"], "--jobs: 0 is no positive number"), (["--jobs", "two"], "--jobs: two is no positive number"), (["--jobs"], "--jobs needs a number")]
OF_SOME = {
    "test": [(["--nonsense"], "unknown argument: --nonsense"), (["--quick", "--all"], "--quick stands alone"), (["--only"], "--only needs a regular expression")],
    "bench": [(["--nonsense"], "unknown argument: --nonsense"), (["--cases", "Z"], "--cases: there is no Z"), (["--rounds", "0"], "--rounds: 0 is no positive number")],
    "fuzz": [(["--nonsense"], "unknown argument: --nonsense"), (["--minutes", "0"], "--minutes needs a whole number"), (["pdf"], "there is no fuzz target pdf")],
    "demo": [],
    "study": [],
}
INSTALL_OR_BUILD = ("apt-get", "sudo", "cmake", "ctest", "ninja", "python3")
SECONDS = 10


def write_replacements(folder: Path):
    for name in INSTALL_OR_BUILD:
        command = folder / name
        command.write_text(f'#!/bin/sh\necho "{name} was called"\nexit 1\n')
        command.chmod(0o755)


def run(command: list, replacements: str) -> tuple[int, str]:
    """What a command ends with, and what it says, in a session of its own."""
    environment = {**os.environ, "PATH": f"{replacements}:{os.environ['PATH']}"}
    started = subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
    try:
        said, _ = started.communicate(timeout=SECONDS)
        return started.returncode, said
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        said, _ = started.communicate()
        return 0, f"{said}it was still running after {SECONDS} s"


def faults(scripts: Path, replacements: str) -> tuple[list[str], int]:
    """What is wrong, and how many mistakes were made."""
    wrong, count = [], 0
    for name, own in OF_SOME.items():
        status, text = run([scripts / name, "--help"], replacements)
        if status != 0 or not text.startswith(f"usage: scripts/{name}"):
            wrong.append(f"scripts/{name} --help: {text}")
        for arguments, words in OF_ALL + own:
            count += 1
            status, text = run([scripts / name, *arguments], replacements)
            if status == 0 or words not in text or len(text.splitlines()) > 1:
                wrong.append(f"scripts/{name} {' '.join(arguments)}: expected {words!r}, found {status} and {text!r}")
    return wrong, count


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        write_replacements(Path(folder))
        wrong, count = faults(Path(sys.argv[1]) / "scripts", folder)
    print("\n".join(wrong) or f"{count} mistakes are refused in words")
    return len(wrong) != 0


if __name__ == "__main__":
    sys.exit(main())
