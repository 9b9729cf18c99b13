#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which lines of include/ and src/ the tests ran, after they ran: a table by folder, every line that was not with its reason, and a page.

usage: coverage.py BUILD PAGE_FOLDER JOBS
Fails below 95 % of all lines. Reasons stand in docs/coverage.md, one row of its table a file.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST = 95.0
CONSTANT = re.compile(r"\bif \(std::is_constant_evaluated\(\)")
REASON = re.compile(r"^\| `(?P<file>[^`]+)` \| (?P<reason>[^|]+) \|", re.M)


def collect(build: Path, page: Path, jobs: str) -> dict[str, dict[int, bool]]:
    """Runs gcovr; for each file, which of its lines that hold code were run. A line of a template counts once, run if any instance is."""
    page.mkdir(parents=True, exist_ok=True)
    report = page / "lines.json"
    subprocess.run(["gcovr", "--root", ROOT, "--filter", "include/", "--filter", "src/", "-j", jobs, "--json", report,
                    "--html-details", page / "index.html", "--html-title", "fusegrad: lines that the tests run", build],
                   check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    lines: dict[str, dict[int, bool]] = {}
    for file in json.loads(report.read_text())["files"]:
        of_file = lines.setdefault(file["file"], {})
        for line in file["lines"]:
            if not line.get("gcovr/noncode", False):
                number = line["line_number"]
                of_file[number] = of_file.get(number, False) or line["count"] > 0
    return {file: of_file for file, of_file in lines.items() if of_file}


def constant_evaluation(file: str) -> set[int]:
    """Lines behind `if (std::is_constant_evaluated())`: the compiler runs them, where nobody counts."""
    out: set[int] = set()
    depth = None
    for number, line in enumerate((ROOT / file).read_text(encoding="utf-8").splitlines(), 1):
        if depth is None and CONSTANT.search(line):
            depth = 0
        if depth is not None:
            out.add(number)
            depth += line.count("{") - line.count("}")
            if depth <= 0 and line.rstrip().endswith((";", "}")):
                depth = None
    return out


def ranges(numbers: list[int]) -> str:
    """[3, 4, 5, 9] as "3-5, 9"."""
    out: list[list[int]] = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in out)


def row(name: str, of: list[bool]) -> str:
    return f"{name:<28} {len(of):>6} lines {sum(of):>6} run {100 * sum(of) / len(of):>6.1f} %"


def main() -> int:
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    build, page = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    lines = collect(build, page, sys.argv[3])
    if not lines:
        sys.exit(f"{build} holds no counts: no test has run")
    reasons = dict(REASON.findall((ROOT / "docs/coverage.md").read_text(encoding="utf-8")))

    folders: dict[str, list[bool]] = {}
    for file, of_file in sorted(lines.items()):
        folders.setdefault(str(Path(file).parent), []).extend(of_file.values())
        missed = {number for number, was_run in of_file.items() if not was_run}
        constant = missed & constant_evaluation(file)
        if constant:
            print(f"{file}: {ranges(sorted(constant))}: constant evaluation")
        if missed - constant:
            print(f"{file}: {ranges(sorted(missed - constant))}: {reasons.get(file, 'NO REASON GIVEN in docs/coverage.md')}")
    for folder, of in folders.items():
        print(row(folder, of))
    everything = [was_run for of in folders.values() for was_run in of]
    print(row("all", everything))
    print(f"page: {(page / 'index.html').relative_to(ROOT)}")
    share = 100 * sum(everything) / len(everything)
    if share < LEAST:
        print(f"{share:.1f} % of lines are run, {LEAST:.0f} % are asked for")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
