# SPDX-License-Identifier: MIT
"""The systems that are compared: where they are found, and the processes that they are."""
import ctypes
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

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
    """All peers that there are, and for each of the others why there is none."""
    found, missing = [], {}
    for name in PEERS:
        program = next((p for p in sorted(build.rglob(f"*peer_{name}")) if os.access(p, os.X_OK) and p.is_file()), None)
        script = sources / f"{name}_worker.py"
        if program:
            found.append(System(name, [str(program)]))
        elif script.exists():
            found.append(System(name, [python, "-B", str(script)]))
        else:
            missing[name] = f"peer_{name} was not built: its library is not installed"
    return found, missing


def given(text: str) -> System:
    """NAME=COMMAND, as on the command line."""
    name, _, command = text.partition("=")
    return System(name, shlex.split(command))


def cpus(threads: int) -> list[int]:
    available = sorted(os.sched_getaffinity(0))
    if len(available) < threads:
        raise SystemExit(f"{threads} threads need {threads} processors, and this machine offers {len(available)}")
    return available[:threads]


def die_with_the_driver():
    """Else a worker that is stopped when the driver is killed stays for ever. Linux alone has this; what is pinned is on Linux."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Worker:
    """A process that serves one system on so many threads, each on a processor of its own.

    Stopped (SIGSTOP) whenever it is not asked: some runtimes spin for a while after their work, and would slow the next one."""

    def __init__(self, system: System, threads: int, log: Path, patience: float = 300):
        self.system, self.threads, self.log = system, threads, log
        pinned = ["taskset", "-c", ",".join(map(str, cpus(threads)))]
        environment = {**os.environ, **{v: str(threads) for v in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}}
        with log.open("ab") as errors:
            self.process = subprocess.Popen([*pinned, *system.command, "--threads", str(threads)], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=errors, env=environment, start_new_session=True,
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
            raise Died(f"it has ended before {question!r}; {self._last_words()}") from None
        kind, _, rest = self._line(patience, question).partition(" ")
        self._signal(signal.SIGSTOP)
        return kind, rest

    def end(self):
        self._signal(signal.SIGKILL)
        self.process.stdin.close()
        self.process.stdout.close()
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
                raise Died(f"no answer to {question!r} in {patience:.0f} s")
            part = os.read(self.process.stdout.fileno(), 65536)
            if not part:
                raise Died(f"it ended at {question!r}; {self._last_words()}")
            self.buffer += part
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode(errors="replace").strip()

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else "it said nothing"


def note(*words):
    print(*words, file=sys.stderr, flush=True)
