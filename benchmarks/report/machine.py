# SPDX-License-Identifier: MIT
"""The machine and the tools of a run, as a record."""
import datetime
import os
import platform
import re
import subprocess
from pathlib import Path

import environment

INSTRUCTIONS = ("avx512f", "avx512_bf16", "amx_tile", "avx2", "fma", "sse4_2", "asimd", "sve")


def output_of(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def first_line(*command: str) -> str:
    return output_of(*command).partition("\n")[0]


def cpu_facts() -> dict[str, str]:
    facts = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        facts.setdefault(key.strip(), value.strip())
    return facts


def caches() -> dict[str, str]:
    out = {}
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / f).read_text().strip() for f in ("level", "type", "size"))
        if kind != "Instruction":
            out[f"L{level}{'d' if kind == 'Data' else ''}"] = size.replace("K", " KiB").replace("M", " MiB")
    return out


def cached_by_cmake(build: Path) -> dict[str, str]:
    cache = build / "CMakeCache.txt"
    return dict(re.findall(r"^(CMAKE_\w+|FUSEGRAD_\w+):\w+=(.*)$", cache.read_text(), re.M)) if cache.exists() else {}


def described(build: Path, sources: Path) -> dict:
    cpu, cmake = cpu_facts(), cached_by_cmake(build)
    compiler = cmake.get("CMAKE_CXX_COMPILER", "c++")
    flags = " ".join(filter(None, [cmake.get("CMAKE_CXX_FLAGS", ""), cmake.get("CMAKE_CXX_FLAGS_RELEASE", ""),
                                   "-march=native" if cmake.get("FUSEGRAD_NATIVE", "ON") == "ON" else ""]))
    release = dict(re.findall(r'^(\w+)="?(.*?)"?$', Path("/etc/os-release").read_text(), re.M)) if Path("/etc/os-release").exists() else {}
    words = set((cpu.get("flags") or cpu.get("Features") or "").split())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return {
        "kind": "machine",
        "cpu": cpu.get("model name", platform.machine()),
        "cpu_family_model": f"{cpu.get('cpu family', '?')}/{cpu.get('model', '?')}",
        "cores": os.cpu_count(),
        "caches": caches(),
        "isa": [i for i in INSTRUCTIONS if i in words],
        "memory_gb": round(int(memory.group(1)) / 1e6, 1) if memory else None,
        "system": release.get("PRETTY_NAME", platform.system()),
        "kernel": platform.release(),
        "compiler": first_line(compiler, "--version"),
        "flags": flags,
        "python": platform.python_version(),
        "commit": output_of("git", "-C", str(sources), "rev-parse", "--short", "HEAD") or "unknown",
        "load": round(os.getloadavg()[0], 2),
        "left_out_of_environment": environment.left_out(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
    }
