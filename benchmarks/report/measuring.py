# SPDX-License-Identifier: MIT
"""What is measured, and in which order: systems take turns, round by round, so that a machine that slows down slows all of them."""
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

import agreement
import cases as all_cases
import terminal
import verdicts
from cases import Case
from workers import OURS, Died, System, Worker, note, one_line

PEAK = "peak"
PEAK_OPERATIONS = 1e6  # of one iteration on one thread: model/peak.hpp
# A peer that has died so often is not started again.
MOST_DEATHS = 3


@dataclass
class Plan:
    ours: System
    reference: System
    peers: list[System]
    cases: list[Case]
    threads: list[int]
    rounds: int
    seconds: float
    folder: Path  # for what workers write
    peak: bool = True


@dataclass
class Cell:
    case: Case
    phase: str
    batch: int
    threads: int


@dataclass
class Results:
    records: list[dict] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)  # of ours: of these alone a run fails
    deaths: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # left out of all that follows

    def without(self, system: str, case: str, reason: str, **more):
        """A system that is left out somewhere, once for each reason. Ours never is."""
        reason = one_line(reason)
        record = {"kind": "skipped", "system": system, "case": case, "reason": reason, **more}
        if record in self.records:
            return
        self.records.append(record)
        if system == OURS:
            self.failures.append(f"{OURS}, case {case}: {reason}")

    def without_it(self, system: str, reason: str):
        """A system that is left out from here on."""
        note(f"{system} is left out: {one_line(reason)}")
        self.without(system, "all", reason)
        self.gone.add(system)

    def died(self, system: str, cell: "Cell", reason: str):
        self.without(system, cell.case.name, reason, phase=cell.phase, batch=cell.batch, threads=cell.threads)
        self.deaths[system] = self.deaths.get(system, 0) + 1
        if self.deaths[system] == MOST_DEATHS and system != OURS:
            self.without_it(system, f"it died {MOST_DEATHS} times; {reason}")

    def mismatch(self, system: str, cell: Cell, d: agreement.Difference):
        text = (f"MISMATCH: case {cell.case.name}, batch {cell.batch}, {cell.threads} thread(s): {system} and {OURS} differ in the {d.where} "
                f"by {d.largest:.2e} of the largest number (allowed {agreement.TOLERANCE:.0e})")
        self.mismatches.append(text)
        self.records.append({"kind": "mismatch", "system": system, "case": cell.case.name, "phase": cell.phase, "batch": cell.batch,
                             "threads": cell.threads, "where": d.where, "largest": min(d.largest, 1e30)})
        if system == "reference":
            self.failures.append(text)
        note(text)


class Team:
    """All systems at one number of threads. One that dies is left out of what follows."""

    def __init__(self, plan: Plan, threads: int, results: Results):
        self.plan, self.threads, self.results = plan, threads, results
        self.workers: dict[str, Worker] = {}
        for system in (plan.ours, *plan.peers):
            self._start(system)
        if OURS not in self.workers:
            raise SystemExit(f"{OURS} itself does not start: {' '.join(plan.ours.command)}")
        self.peak = Worker(plan.ours, threads, plan.folder / "peak.log") if plan.peak else None

    def _start(self, system: System):
        if system.name in self.results.gone:
            return
        try:
            worker = Worker(system, self.threads, self.plan.folder / f"{system.name}.log")
            kind, words = worker.ask("kernels", 120)
        except (Died, OSError) as reason:
            self.results.without_it(system.name, str(reason))
            return
        self.workers[system.name] = worker
        record = {"kind": "kernels", "system": system.name, "threads": self.threads, "kernels": words if kind == "ok" else "not told"}
        if record not in self.results.records:
            self.results.records.append(record)

    def ask(self, name: str, question: str, cell: Cell) -> str | None:
        """What follows `ok`; None where the system cannot, which is noted."""
        try:
            kind, rest = self.workers[name].ask(question)
        except Died as reason:
            note(f"{name}, case {cell.case.name} {cell.phase}: {reason}")
            self.results.died(name, cell, str(reason))
            system = self.workers.pop(name).system
            self._start(system)
            return None
        if kind == "ok":
            return rest
        if not any(r["kind"] == "skipped" and r["system"] == name and r["reason"].endswith(rest) for r in self.results.records):
            note(f"{name}, case {cell.case.name} {cell.phase}: {kind}: {rest}")
        self.results.without(name, cell.case.name, rest if kind == "skip" else f"{kind}: {rest}", phase=cell.phase, batch=cell.batch, threads=self.threads)
        return None

    def time_of_peak(self) -> float | None:
        """Microseconds of the loop that is the peak; None where it cannot be had, and percents of it neither."""
        try:
            kind, rest = self.peak.ask(f"time {PEAK} infer 1 {min(self.plan.seconds, 0.05):.4f}")
        except Died as reason:
            note(f"the peak is left out: {reason}")
            self.peak = None
            return None
        return microseconds_in(rest) if kind == "ok" else None

    def end(self):
        for worker in [*self.workers.values(), *([self.peak] if self.peak else [])]:
            worker.end()


def numbers_of(plan: Plan, asked, command: str, name: str, cell: Cell):
    """What a worker writes when it is asked for a gradient or for outputs, or None."""
    file = plan.folder / f"{name}.numbers"
    file.unlink(missing_ok=True)
    if asked(f"{command} {cell.case.name} {cell.batch} {file}") is None:
        return None
    # One that says it wrote them and did not, or not all, is found to disagree.
    numbers = agreement.read(file)
    file.unlink(missing_ok=True)
    return numbers


class Oracle:
    """The plain reference, asked once for each case, phase and batch."""

    def __init__(self, plan: Plan):
        self.plan, self.worker, self.known = plan, Worker(plan.reference, 1, plan.folder / "reference.log"), {}

    def numbers(self, cell: Cell):
        key = (cell.case.name, cell.phase, cell.batch)
        if key not in self.known:
            command = "gradient" if cell.phase == "train" else "output"
            self.known[key] = numbers_of(self.plan, self._ask, command, "reference", cell)
        return self.known[key]

    def _ask(self, question: str) -> str:
        try:
            kind, rest = self.worker.ask(question)
        except Died as reason:
            raise SystemExit(f"the reference died: {reason}") from None
        if kind != "ok":
            raise SystemExit(f"the reference does not answer {question!r}: {kind} {rest}")
        return rest


def agreeing(team: Team, oracle: Oracle, cell: Cell) -> list[str]:
    """The systems whose numbers are ours, ours first; the others are reported."""
    plan, results = team.plan, team.results
    command = "gradient" if cell.phase == "train" else "output"

    def numbers(name):
        return numbers_of(plan, lambda question: team.ask(name, question, cell), command, name, cell)

    def compared(left, right):
        if cell.phase == "infer":
            return agreement.of_outputs(left, right)
        return agreement.of_gradients(cell.case, left, right, allowances)

    right = oracle.numbers(cell)
    count = 1 + sum(cell.case.sizes)
    allowances = right[count:]
    ours = numbers(OURS) if OURS in team.workers else None
    if ours is None:
        return []
    d = compared(right[:count] if cell.phase == "train" else right, ours)
    if not d.agrees:
        results.mismatch("reference", cell, d)
        return []
    out = [OURS]
    for peer in plan.peers:
        theirs = numbers(peer.name) if peer.name in team.workers else None
        if theirs is None:
            continue
        d = compared(ours, theirs)
        results.records.append({"kind": "agreement", "system": peer.name, "case": cell.case.name, "phase": cell.phase, "batch": cell.batch,
                                "threads": cell.threads, "largest": min(d.largest, 1e30), "where": d.where})
        if d.agrees:
            out.append(peer.name)
        else:
            results.mismatch(peer.name, cell, d)
    return out


def time_cell(team: Team, names: list[str], cell: Cell) -> dict[str, list[float]]:
    """Microseconds of each system in each round, and of the peak's loop."""
    plan = team.plan
    question = f"time {cell.case.name} {cell.phase} {cell.batch}"
    times: dict[str, list[float]] = {name: [] for name in names}
    times[PEAK] = []
    # Round 0 is not counted: whatever is compiled or made at the first call is done there.
    for turn in range(plan.rounds + 1):
        order = names[turn % len(names) :] + names[: turn % len(names)]
        for name in order:
            if name not in times or name not in team.workers:
                times.pop(name, None)
                continue
            answer = team.ask(name, f"{question} {plan.seconds if turn else min(plan.seconds, 0.02):.4f}", cell)
            took = None if answer is None else microseconds_in(answer)
            if answer is not None and took is None:
                team.results.without(name, cell.case.name, f"it answers {answer!r} instead of a time", phase=cell.phase, batch=cell.batch, threads=cell.threads)
            if took is None:
                times.pop(name)
            elif turn:
                times[name].append(took)
        if team.peak and turn:
            if (took := team.time_of_peak()) is not None:
                times[PEAK].append(took)
    return times


def microseconds_in(answer: str) -> float | None:
    try:
        took = float(answer.split()[0])
    except (IndexError, ValueError):
        return None
    return took if 0 < took < 1e12 else None


def spread(values: list[float]) -> float:
    return (max(values) - min(values)) / statistics.median(values)


def records_of(team: Team, cell: Cell, times: dict[str, list[float]]) -> list[dict]:
    operations = cell.case.operations(cell.phase, cell.batch)
    peaks = [PEAK_OPERATIONS * cell.threads / us / 1e3 for us in times.pop(PEAK)]
    ours = times.get(OURS)
    out = []
    for name, values in times.items():
        median = statistics.median(values)
        record = {
            "kind": "time", "case": cell.case.name, "shape": cell.case.shape, "phase": cell.phase, "threads": cell.threads, "batch": cell.batch,
            "system": name, "version": team.workers[name].version if name in team.workers else "?",
            "median_us": round(median, 5), "spread": round(spread(values), 4), "min_us": min(values), "max_us": max(values),
            "rounds_us": values, "flops": operations, "gflops": round(operations / median / 1e3, 3),
        }
        if len(peaks) == len(values):
            record["peak_gflops"] = round(statistics.median(peaks), 2)
            record["percent_of_peak"] = round(statistics.median(operations / v / 1e3 / p for v, p in zip(values, peaks)) * 100, 2)
        if ours:
            ratios = [v / o for v, o in zip(values, ours)]
            record |= {"ratio": round(statistics.median(ratios), 4), "ratio_min": round(min(ratios), 4), "ratio_max": round(max(ratios), 4)}
            if name != OURS:
                record["verdict"] = verdicts.of_rounds(ratios)
        out.append(record)
    return out


def cells_of(plan: Plan) -> list[Cell]:
    return [Cell(case, phase, batch, threads) for threads in plan.threads for case in plan.cases for batch in case.batches for phase in all_cases.PHASES]


def time_all(plan: Plan, results: Results):
    cells, started, done = cells_of(plan), time.monotonic(), 0
    oracle = Oracle(plan)
    for threads in plan.threads:
        team = Team(plan, threads, results)
        for cell in (c for c in cells if c.threads == threads):
            names = agreeing(team, oracle, cell)
            if names:
                made = records_of(team, cell, time_cell(team, names, cell))
                results.records += made
                done += 1
                left = (time.monotonic() - started) / done * (len(cells) - done)
                on = f"{cell.threads} thread{'s' * (cell.threads > 1)}"
                note(f"[{done}/{len(cells)}, {duration(left)} left] {cell.case.name} {cell.case.shape}, {cell.phase}, batch {cell.batch}, {on}")
                print(terminal.of_cell(made), flush=True)
            else:
                done += 1
        team.end()
    oracle.worker.end()


def duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def fresh(plan: Plan, system: System, questions: list[str]):
    """Answers of a process that is started for this alone, its version, and the seconds from its start to the last answer."""
    start = time.perf_counter()
    worker = Worker(system, 1, plan.folder / f"{system.name}.log")
    answers = [worker.ask(q) for q in questions]
    seconds = time.perf_counter() - start
    worker.end()
    return answers, worker.version, seconds


def measure_processes(plan: Plan, repeats: int, results: Results):
    """Peak memory of a training run, and the time from the start of a process to its first outputs."""
    by_name = {c.name: c for c in plan.cases}
    wrong = {r["system"] for r in results.records if r["kind"] == "mismatch"}
    systems = [s for s in (plan.ours, *plan.peers) if s.name not in results.gone | wrong]
    for name in (n for n in ("D", "E") if n in by_name):
        note(f"memory: training case {name}")
        batch = by_name[name].batches[0]
        for system in systems:
            one_process(results, system, name, lambda s=system: memory_record(plan, s, name, batch))
    if "C" not in by_name:
        return
    times: dict[str, list[float]] = {}
    versions: dict[str, str] = {}
    for turn in range(repeats):
        note(f"start-up: round {turn + 1} of {repeats}")
        for system in systems:
            file = plan.folder / "start-up.numbers"
            question = f"output C {by_name['C'].batches[0]} {file}"

            def first_inference(s=system):
                answers, versions[s.name], seconds = fresh(plan, s, [question])
                if answers[0][0] != "ok":
                    raise Died(answers[0][1])
                times.setdefault(s.name, []).append(seconds * 1e6)

            one_process(results, system, "C", first_inference)
            file.unlink(missing_ok=True)
    for name, values in times.items():
        results.records.append({"kind": "startup", "case": "C", "phase": "infer", "threads": 1, "batch": by_name["C"].batches[0], "system": name,
                                "version": versions[name], "median_us": round(statistics.median(values), 1), "spread": round(spread(values), 4),
                                "min_us": min(values), "max_us": max(values)})


def one_process(results: Results, system: System, case: str, work):
    try:
        record = work()
        if record:
            results.records.append(record)
    except (Died, OSError, ValueError) as reason:
        results.without(system.name, case, str(reason))


def memory_record(plan: Plan, system: System, name: str, batch: int) -> dict:
    answers, version, _ = fresh(plan, system, [f"time {name} train {batch} 0.2", "memory"])
    if any(kind != "ok" for kind, _ in answers):
        raise Died(next(rest for kind, rest in answers if kind != "ok"))
    return {"kind": "memory", "case": name, "phase": "train", "threads": 1, "batch": batch, "system": system.name, "version": version,
            "peak_rss_kib": int(answers[1][1])}
