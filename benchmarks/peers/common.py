# SPDX-License-Identifier: MIT
"""What the Python workers share: numbers and cases as in ../common, and the loop that serves the driver.

Import it before the system that is measured: it sets the variables that decide how many threads there are.
"""
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path


def threads() -> int:
    """The number after `--threads`, 1 where there is none."""
    return int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1


for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(threads())

import numpy  # noqa: E402  after the variables above

LEARNING_RATE = 1e-3
STRETCHES = 11


class Cannot(Exception):
    """The system cannot do a case; the message says why."""


@dataclass(frozen=True)
class Case:
    name: str
    widths: tuple[int, ...]
    activation: str  # tanh, relu or sigmoid: after every layer but the last
    loss: str  # mse or ce
    batches: tuple[int, ...]

    @property
    def layers(self) -> int:
        return len(self.widths) - 1

    def gain(self, layer: int) -> float:
        last = layer + 1 == self.layers
        return 1.0 if last else {"relu": 2.0**0.5, "tanh": 1.0, "sigmoid": 1.6}[self.activation]


CASES = {
    c.name: c
    for c in [
        Case("A", (2, 16, 16, 1), "tanh", "mse", (1, 32, 256)),
        Case("B", (64, 64, 64, 64, 1), "relu", "mse", (256, 4096)),
        Case("C", (784, 128, 10), "relu", "ce", (64,)),
        Case("D", (784, 512, 512, 10), "relu", "ce", (128,)),
        Case("E", (64,) * 21, "sigmoid", "mse", (128,)),
        Case("trigger", (16, 64, 32, 32, 5), "relu", "ce", (1, 16, 64, 1024)),
        Case("deep5", (7,) + (100,) * 5 + (2,), "relu", "ce", (1, 16, 64, 1024)),
        Case("deep9", (100,) + (50,) * 9 + (10,), "relu", "ce", (1, 16, 64, 1024)),
        Case("mnist", (784, 500, 250, 10), "sigmoid", "ce", (100,)),
        Case("policy", (17, 64, 64, 6), "tanh", "mse", (1, 256)),
        *(Case(f"width{n}", (n,) * 4, "relu", "mse", (64,)) for n in (4, 8, 16, 32, 64, 128, 256, 512, 1024)),
        *(Case(f"depth{n}", (32,) * (n + 1), "tanh", "mse", (64,)) for n in (1, 2, 4, 8, 16, 32, 64)),
    ]
}


def hash_of(stream: int, i):
    """A number for each place `i` (an array) in a stream; arrays of uint64 wrap around."""
    start = numpy.uint64((stream * 0x9E3779B97F4A7C15 + 1) % 2**64)
    z = (i.astype(numpy.uint64) + start) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(31))) * numpy.uint64(0x94D049BB133111EB)
    return z ^ (z >> numpy.uint64(29))


def signed_unit(stream: int, count: int):
    return 2 * ((hash_of(stream, numpy.arange(count)) >> numpy.uint64(40)).astype(numpy.float64) / 2**24) - 1


class Problem:
    """Initial weights and data of a case: float32, and int64 for labels."""

    def __init__(self, case: Case, batch: int):
        self.case, self.batch = case, batch
        self.parameters = []  # W0 b0 W1 b1 ..., a weight [out][in]
        for layer, (inputs, outputs) in enumerate(zip(case.widths, case.widths[1:])):
            weights = signed_unit(100 + 2 * layer, outputs * inputs) * case.gain(layer) * (3.0 / inputs) ** 0.5
            self.parameters.append(weights.astype(numpy.float32).reshape(outputs, inputs))
            self.parameters.append((signed_unit(101 + 2 * layer, outputs) * 0.1).astype(numpy.float32))
        features, outputs = case.widths[0], case.widths[-1]
        self.inputs = signed_unit(1, batch * features).astype(numpy.float32).reshape(batch, features)
        if case.loss == "ce":
            labels = hash_of(2, numpy.arange(batch)) % numpy.uint64(outputs)
            self.targets = labels.astype(numpy.int64)
        else:
            self.targets = signed_unit(3, batch * outputs).astype(numpy.float32).reshape(batch, outputs)


class Session:
    """A case at one batch size. A derived class has `repeat(count)`, and `gradient()` or `output()` as lists of arrays."""

    steps = 1  # that a call does at once: of fewer it does as many


def measure(session: Session, seconds: float) -> tuple[float, int]:
    """Median microseconds of one iteration over stretches of equally many, after a warm-up that finds their length."""

    def time_of(count: int) -> float:
        start = time.perf_counter()
        session.repeat(count)
        return time.perf_counter() - start

    warm_up = min(0.25 * seconds, 0.5)
    count, spent, tries, once = session.steps, 0.0, 0, float("inf")
    while spent < warm_up or tries < 3:
        elapsed = time_of(count)
        spent += elapsed
        tries += 1
        once = min(once, elapsed / count)  # The fastest counts: one that was interrupted says nothing.
        if once * count < warm_up / 8:
            count *= 2
    # What a call does beyond the count would be taken for time of the others.
    count = max(1, int(seconds / STRETCHES / max(once, 1e-10) / session.steps)) * session.steps
    times = sorted(time_of(count) for _ in range(STRETCHES))
    return times[STRETCHES // 2] / count * 1e6, count * STRETCHES


def faster(sessions: list[Session], seconds: float = 0.2) -> Session:
    """The fastest of several ways to do the same; what each took goes to standard error."""
    for session in sessions:
        session.repeat(2)
    medians = [min(measure(s, seconds)[0] for _ in range(2)) for s in sessions]
    print(*(f"{s.way} {m:.2f} us" for s, m in zip(sessions, medians)), sep=", ", file=sys.stderr, flush=True)
    return sessions[medians.index(min(medians))]


def peak_memory_kib() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM:")).split()[1])


def serve(name: str, version: str, open_session, kernels) -> None:
    """Answers commands; `open_session(problem, phase, timed)` makes a session, and raises Cannot where there is no way to; `kernels()` tells what the
    system chose for this processor."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Whatever the system prints must not be taken for an answer.
    sessions = {}  # All stay open: what is compiled once need not be compiled again when the driver comes back.

    def answer(words: list[str]) -> str:
        command = words[0] if words else ""
        if command == "memory":
            return f"ok {peak_memory_kib()}"
        if command == "kernels":
            return "ok " + " ".join(kernels().split())
        if command in ("gradient", "output"):
            phase = "train" if command == "gradient" else "infer"
            session = open_session(Problem(CASES[words[1]], int(words[2])), phase, False)
            arrays = session.gradient() if command == "gradient" else session.output()
            Path(words[3]).write_bytes(b"".join(numpy.ascontiguousarray(a, dtype="<f4").tobytes() for a in arrays))
            return "ok"
        if command == "time":
            key = tuple(words[1:4])
            if key not in sessions:
                session = open_session(Problem(CASES[words[1]], int(words[3])), words[2], True)
                session.repeat(3)  # compiles, where the system compiles
                sessions[key] = session
            return "ok {:.5f} {}".format(*measure(sessions[key], float(words[4])))
        return "error unknown command: " + " ".join(words)

    print("system", name, version, file=answers)
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        try:
            print(answer(line.split()), file=answers)
        except Cannot as reason:
            print("skip", reason, file=answers)
        except Exception as error:  # whatever it is, the driver hears of it and goes on
            print("error", " ".join(f"{type(error).__name__}: {error}".split()), file=answers)
