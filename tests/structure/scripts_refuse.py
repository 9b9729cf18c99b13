#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that the scripts refuse in words what makes no sense, before anything is installed or built; and that they have help.

usage: scripts_refuse.py SOURCE_FOLDER
"""
import subprocess
import sys
from pathlib import Path

OF_ALL = [(["--jobs", "0"], "--jobs: 0 is no positive number"), (["--jobs", "two"], "--jobs: two is no positive number"), (["--jobs"], "--jobs needs a number")]
OF_SOME = {
    "test": [(["--nonsense"], "unknown argument: --nonsense"), (["--quick", "--all"], "--quick stands alone"), (["--only"], "--only needs a regular expression")],
    "bench": [(["--nonsense"], "unknown argument: --nonsense"), (["--cases", "Z"], "--cases: there is no Z"), (["--rounds", "0"], "--rounds: 0 is no positive number")],
    "fuzz": [(["--nonsense"], "unknown argument: --nonsense"), (["--minutes", "0"], "--minutes needs a whole number"), (["pdf"], "there is no fuzz target pdf")],
    "demo": [],
    "study": [],
}


def run(script: Path, arguments: list[str]) -> tuple[int, str]:
    done = subprocess.run([script, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    return done.returncode, done.stdout + done.stderr


def main() -> int:
    scripts = Path(sys.argv[1]) / "scripts"
    wrong, count = [], 0
    for name, own in OF_SOME.items():
        status, text = run(scripts / name, ["--help"])
        if status != 0 or not text.startswith(f"usage: scripts/{name}"):
            wrong.append(f"scripts/{name} --help: {text}")
        for arguments, words in OF_ALL + own:
            count += 1
            status, text = run(scripts / name, arguments)
            if status == 0 or words not in text or len(text.splitlines()) > 1:
                wrong.append(f"scripts/{name} {' '.join(arguments)}: expected {words!r}, found {status} and {text!r}")
    print("\n".join(wrong) or f"{count} mistakes are refused in words")
    return len(wrong) != 0


if __name__ == "__main__":
    sys.exit(main())
