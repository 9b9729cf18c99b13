#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares this library with its peers: checks that all compute the same, times them in turns, writes results.json, a page, and a
table. scripts/bench builds what this needs and calls it; docs/benchmarks.md says how to read what it writes."""
import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path

import cases
import machine
import measuring
import page
import table
import terminal
import workers
from workers import OURS, System, note

ROOT = Path(__file__).resolve().parents[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", help="where the programs were built")
    parser.add_argument("--output", type=Path, help="where results go (default: the build folder)")
    parser.add_argument("--python", default=sys.executable, help="the Python of the peers that are written in it")
    parser.add_argument("--cases", help="names, separated by commas; width and depth stand for their sweeps (default: all)")
    parser.add_argument("--systems", help="peers, separated by commas, or none (default: all that are found)")
    parser.add_argument("--threads", default="1,2", help="default 1,2")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--seconds", type=float, default=0.1, help="for each system in each round (default 0.1)")
    parser.add_argument("--no-processes", action="store_true", help="leave out memory and start-up")
    parser.add_argument("--page-only", action="store_true", help="make page and table again, from results.json")
    parser.add_argument("--fusegrad", type=workers.given, metavar="NAME=COMMAND", help=argparse.SUPPRESS)
    parser.add_argument("--reference", type=workers.given, metavar="NAME=COMMAND", help=argparse.SUPPRESS)
    parser.add_argument("--peer", type=workers.given, action="append", default=[], metavar="NAME=COMMAND", help="a peer beside those that are found")
    return parser.parse_args()


def program(build: Path, name: str, *more: str) -> list[str]:
    found = next(iter(sorted(build.rglob(name))), None)
    if not found:
        sys.exit(f"{name} is not in {build}: scripts/bench builds it")
    return [str(found), *more]


def chosen_peers(options, results) -> list[System]:
    wanted = None if options.systems is None else {n for n in options.systems.split(",") if n and n not in ("none", OURS)}
    if unknown := (wanted or set()) - set(workers.PEERS):
        sys.exit(f"unknown systems: {', '.join(sorted(unknown))}; there are {', '.join(workers.PEERS)}")
    found, missing = workers.find_peers(options.build, ROOT / "benchmarks/peers", options.python)
    for name, reason in missing.items():
        if wanted is None or name in wanted:
            results.without_it(name, reason)
    return [*(s for s in found if wanted is None or s.name in wanted), *options.peer]


def chosen_cases(options, all_of_them: list[cases.Case]) -> list[cases.Case]:
    if not options.cases:
        return all_of_them
    wanted = options.cases.split(",")
    names = {c.name for c in all_of_them}
    if unknown := [w for w in wanted if w not in names | {"width", "depth"}]:
        sys.exit(f"unknown cases: {', '.join(unknown)}; there are {', '.join(c.name for c in all_of_them)}")
    return [c for c in all_of_them if c.name in wanted or any(w in ("width", "depth") and c.name.startswith(w) for w in wanted)]


def chosen_threads(options, results) -> list[int]:
    asked = [int(t) for t in options.threads.split(",")]
    there = [t for t in asked if 1 <= t <= workers.processors()]
    if not there:
        sys.exit(f"--threads {options.threads}: this machine offers {workers.processors()} processors")
    for t in (t for t in asked if t not in there):
        reason = f"this machine offers {workers.processors()}"
        note(f"{t} threads are left out: {reason}")
        results.records.append({"kind": "skipped", "system": f"{t} threads", "case": "all", "reason": reason})
    return there


def measured(options, folder: Path) -> measuring.Results:
    results = measuring.Results()
    results.records.append(machine.described(options.build, ROOT))
    ours = options.fusegrad or System(OURS, program(options.build, "benchmark_model", "--serve"))
    reference = options.reference or System("reference", program(options.build, "benchmark_reference"))
    lister = workers.Worker(reference, 1, folder / "reference.log")
    all_of_them = cases.listed(lister.ask("cases")[1])
    lister.end()
    plan = measuring.Plan(ours, reference, chosen_peers(options, results), chosen_cases(options, all_of_them),
                          chosen_threads(options, results), options.rounds, options.seconds, folder)
    note(f"comparing {', '.join(s.name for s in (ours, *plan.peers))}")
    try:
        measuring.time_all(plan, results)
        if not options.no_processes:
            measuring.measure_processes(plan, options.rounds, results)
    except KeyboardInterrupt:
        note("interrupted: what was measured so far is written")
    return results


def write(options, records: list[dict]):
    (options.output / "benchmarks.html").write_text(page.html(records), encoding="utf-8")
    (options.output / "benchmarks.md").write_text(table.markdown(records), encoding="utf-8")


def interrupted(*_):
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    options = arguments()
    options.output = options.output or options.build
    options.output.mkdir(parents=True, exist_ok=True)
    file = options.output / "results.json"
    if options.page_only:
        write(options, json.loads(file.read_text()))
        return 0
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder:
            results = measured(options, Path(folder))
    except workers.Died as reason:
        sys.exit(f"the comparison itself cannot go on: {reason}")
    costs = options.build / "compile_cost.json"
    if costs.exists():
        results.records += json.loads(costs.read_text())
    file.write_text("[\n" + ",\n".join(json.dumps(r) for r in results.records) + "\n]\n")
    write(options, results.records)
    print(terminal.summary(results.records), flush=True)
    note(f"{file}\n{options.output / 'benchmarks.html'}\n{options.output / 'benchmarks.md'}\nin {measuring.duration(time.monotonic() - started)}")
    if results.mismatches:
        note(f"{len(results.mismatches)} mismatches; what disagrees was not timed", *results.mismatches)
    if results.failures:
        note(f"{workers.OURS} itself failed:", *results.failures)
    return 1 if results.failures else 0


if __name__ == "__main__":
    sys.exit(main())
