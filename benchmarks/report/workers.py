# SPDX-License-Identifier: MIT
"""The systems that are compared: where they are found, and the processes that they are."""
import ctypes
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import environment

OURS = "fusegrad"
PEERS = ("libtorch", "pytorch", "pytorch_compile", "jax", "onednn", "eigen", "dlib", "onnxruntime")
WHAT_IT_IS = {
    "fusegrad": "this library",
    "libtorch": "LibTorch, C++ eager",
    "pytorch": "PyTorch, eager",
    "pytorch_compile": "PyTorch, torch.compile",
    "jax": "JAX, jit",
    "onednn": "oneDNN, by hand",
    "eigen": "Eigen, by hand",
    "dlib": "dlib",
    "onnxruntime": "ONNX Runtime",
}


class Died(Exception):
    """A worker ended, or did not answer in time."""


@dataclass
class System:
    name: str
    command: list[str]


def find_peers(build: Path, sources: Path, python: str):
    """All peers that there are, and for each of the others why there is none: scripts/bench leaves a line for each that it could not make."""
    file = build / "left_out.txt"
    missing = dict(line.split("\t", 1) for line in file.read_text().splitlines()) if file.exists() else {}
    found = []
    for name in (n for n in PEERS if n not in missing):
        program, script = build / f"peers/{name}/peer_{name}", sources / f"{name}_worker.py"
        if script.exists():
            found.append(System(name, [python, "-B", str(script)]))
        elif os.access(program, os.X_OK):
            found.append(System(name, [str(program)]))
        else:
            missing[name] = "it was not built (scripts/bench does that)"
    return found, missing


def given(text: str) -> System:
    """NAME=COMMAND, as on the command line."""
    name, _, command = text.partition("=")
    return System(name, shlex.split(command))


def processors() -> int:
    return len(os.sched_getaffinity(0))


def cpus(threads: int) -> list[int]:
    if processors() < threads:
        raise SystemExit(f"{threads} threads need {threads} processors, and this machine offers {processors()}")
    return sorted(os.sched_getaffinity(0))[:threads]


def die_with_the_driver():
    """Else a worker that is stopped when the driver is killed stays for ever. Linux alone has this; what is pinned is on Linux."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Worker:
    """A process that serves one system on so many threads, each on a processor of its own.

    Stopped (SIGSTOP) whenever it is not asked: some runtimes spin for a while after their work, and would slow the next one."""

    def __init__(self, system: System, threads: int, log: Path, patience: float = 300):
        self.system, self.threads, self.log = system, threads, log
        pinned = ["taskset", "-c", ",".join(map(str, cpus(threads)))]
        with log.open("ab") as errors:
            self.process = subprocess.Popen([*pinned, *system.command, "--threads", str(threads)], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=errors, env=environment.of_worker(threads), start_new_session=True,
                                            preexec_fn=die_with_the_driver)
        self.buffer = b""
        words = self._line(patience).split()
        if len(words) < 3 or words[0] != "system":
            self.end()
            raise Died(f"{system.name} does not start as a worker does: {' '.join(words)!r}")
        self.version = words[2]

    def ask(self, question: str, patience: float = 900) -> tuple[str, str]:
        """The first word of the answer (ok, skip, error) and the rest."""
        self._signal(signal.SIGCONT)
        try:
            self.process.stdin.write(question.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Died(self._how_it_ended(question)) from None
        kind, _, rest = self._line(patience, question).partition(" ")
        self._signal(signal.SIGSTOP)
        return kind, rest

    def end(self):
        self._signal(signal.SIGKILL)
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except OSError:  # a question that nobody read
                pass
        self.process.wait()

    def _signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def _line(self, patience: float, question: str = "start") -> str:
        deadline = time.monotonic() + patience
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                self.end()
                raise Died(f"no answer to {question.partition(' /')[0]!r} in {patience:.0f} s")
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                raise Died(self._how_it_ended(question))
            self.buffer += part
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode(errors="replace").strip()

    def _how_it_ended(self, question: str) -> str:
        """In one line: how the process ended, and what it said last."""
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            pass
        self.end()
        status = self.process.returncode
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return f"it ended with {how} at {question.partition(' /')[0]!r}" + (f"; {one_line(lines[-1])}" if lines else "")


def one_line(text: str) -> str:
    """No folders, at most two hundred letters."""
    short = re.sub(r"/\S*/(?=\S)", "", " ".join(text.split()))
    return short if len(short) <= 200 else short[:196] + " ..."


def note(*words):
    print(*words, file=sys.stderr, flush=True)
