# SPDX-License-Identifier: MIT
"""What the terminal shows: a small table as soon as a case is timed, and in the end the verdicts."""

import verdicts
from table import microseconds, systems_of, times_as_long
from workers import OURS


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  "
        + "  ".join(
            w.ljust(n) if i in (0, len(row) - 1) else w.rjust(n) for i, (w, n) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]


def of_cell(records: list[dict]) -> str:
    """The systems of one case, ours first, then the fastest first."""
    rows = [("system", "smallest", "median", "spread", "times as long", "rounds", "fusegrad is")]
    for r in sorted(records, key=lambda r: (r["system"] != OURS, r["median_us"])):
        row = (r["system"], microseconds(r["min_us"]), microseconds(r["median_us"]), f"{r['spread'] * 100:.0f} %")
        if r["system"] == OURS:
            rows.append((*row, "", "", f"{r['percent_of_peak']:.0f} % of peak" if "percent_of_peak" in r else ""))
        else:
            rows.append(
                (
                    *row,
                    times_as_long(r["ratio"]),
                    f"{times_as_long(r['ratio_min'])} to {times_as_long(r['ratio_max'])}",
                    r["verdict"],
                )
                if "ratio" in r
                else (*row, "", "", "")
            )
    return "\n".join(aligned(rows))


def summary(records: list[dict]) -> str:
    lines = []
    for peer in (s for s in systems_of(records) if s != OURS):
        if counts := verdicts.counted(records, peer):
            lines.append(f"beside {peer}, fusegrad is {verdicts.in_words(counts)}")
    for r in records:
        if r["kind"] == "skipped" and r["case"] == "all":
            lines.append(f"{r['system']} is left out: {r['reason']}")
    return "\n".join(lines)
