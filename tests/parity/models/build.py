# SPDX-License-Identifier: MIT
"""Builds a program of random models outside of CMake."""
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def command(compiler: str, source: Path, executable: Path) -> list:
    """The flags of the developer's presets, at -O1: most of the time goes into compiling."""
    constants = "-fconstexpr-steps=500000000" if "clang" in Path(compiler).name else "-fconstexpr-ops-limit=1000000000"
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
    includes = ["-I", ROOT / "include", "-I", ROOT / "tests/parity"]
    flags = ["-std=c++20", "-O1", "-march=native", "-fopenmp", constants, *warnings, *includes]
    return [compiler, *flags, source, "-o", executable]


def build(source: Path) -> Path:
    """Throws RuntimeError with what the compiler says first."""
    executable = source.with_suffix("")
    done = subprocess.run(command(os.environ.get("CXX", "g++"), source, executable), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{source} does not compile:\n" + "\n".join(done.stderr.splitlines()[:12]))
    return executable
