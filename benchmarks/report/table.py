# SPDX-License-Identifier: MIT
"""The comparison as Markdown, for the README."""
import statistics

from goals import goals
from workers import OURS, PEERS


def systems_of(records: list[dict]) -> list[str]:
    """Ours first, then the peers in their fixed order, then any other."""
    found = {r["system"]: None for r in records if r["kind"] == "time"}
    order = [OURS, *PEERS]
    return sorted(found, key=lambda s: (order.index(s) if s in order else len(order), s))


def rows_of(records: list[dict]):
    """(case, shape, phase, batch, threads) -> system -> record, in the order of the run."""
    rows: dict[tuple, dict[str, dict]] = {}
    for r in records:
        if r["kind"] == "time":
            rows.setdefault((r["case"], r["shape"], r["phase"], r["batch"], r["threads"]), {})[r["system"]] = r
    return rows


def microseconds(us: float) -> str:
    """Three figures."""
    if us < 1:
        return f"{us * 1000:.3g} ns" if us >= 0.01 else f"{us * 1000:.2f} ns"
    return f"{us:.3g} µs" if us < 1000 else f"{us:,.0f} µs"


def times_as_long(ratio: float) -> str:
    if ratio >= 99.5:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 9.95 else f"{ratio:.2f}"


def cell(record: dict | None) -> str:
    if not record or "ratio" not in record:
        return ""
    strayed = max(record["ratio_max"] - record["ratio"], record["ratio"] - record["ratio_min"]) / record["ratio"]
    return f"{times_as_long(record['ratio'])} ±{strayed * 100:.0f} %, {record['verdict']}"


def comparison(records: list[dict]) -> list[str]:
    peers = [s for s in systems_of(records) if s != OURS]
    lines = [f"| case | phase | batch | threads | {OURS}, smallest | median | spread | % of peak |" + "".join(f" {p} |" for p in peers),
             "|-|-|-|-|-|-|-|-|" + "-|" * len(peers)]
    for (case, shape, phase, batch, threads), row in rows_of(records).items():
        ours = row.get(OURS)
        if not ours:
            continue
        peak = f"{ours['percent_of_peak']:.0f}" if "percent_of_peak" in ours else ""
        lines.append(f"| {case} {shape} | {phase} | {batch} | {threads} | {microseconds(ours['min_us'])} | {microseconds(ours['median_us'])} | "
                     f"{ours['spread'] * 100:.0f} % | {peak} |" + "".join(f" {cell(row.get(p))} |" for p in peers))
    return lines


def peers_in_full(records: list[dict]) -> list[str]:
    """What each peer took itself."""
    lines = ["| case | phase | batch | threads | system | smallest | median | spread |", "|-|-|-|-|-|-|-|-|"]
    for (case, _, phase, batch, threads), row in rows_of(records).items():
        lines += [f"| {case} | {phase} | {batch} | {threads} | {s} | {microseconds(r['min_us'])} | {microseconds(r['median_us'])} | {r['spread'] * 100:.0f} % |"
                  for s, r in row.items() if s != OURS]
    return lines if len(lines) > 2 else []


def left_out(records: list[dict]) -> list[str]:
    """A line for each system and reason, with the cases."""
    found: dict[tuple, list[str]] = {}
    for r in records:
        if r["kind"] == "skipped":
            found.setdefault((r["system"], r["reason"]), []).append(r["case"] + (f" {r['phase']}" if "phase" in r else ""))
    lines = []
    for (system, reason), where in found.items():
        places = list(dict.fromkeys(where))
        lines.append(f"{system}: {reason} ({', '.join(places[:4])}{' …' if len(places) > 4 else ''})")
    return lines


def kernels(records: list[dict]) -> list[tuple[str, str]]:
    """Each system, and what it chose for this processor."""
    return list(dict.fromkeys((r["system"], r["kernels"]) for r in records if r["kind"] == "kernels"))


def processes(records: list[dict]) -> list[str]:
    found = [r for r in records if r["kind"] in ("memory", "startup")]
    if not found:
        return []
    by = {(r["kind"], r["case"], r["system"]): r for r in found}
    lines = ["| | peak memory, training D | training E | start to first inference of C |", "|-|-|-|-|"]
    for system in dict.fromkeys(r["system"] for r in found):
        memory = [by.get(("memory", c, system)) for c in "DE"]
        start = by.get(("startup", "C", system))
        lines.append(f"| {system} |" + "".join(f" {m['peak_rss_kib'] / 1024:.0f} MiB |" if m else " |" for m in memory)
                     + (f" {start['median_us'] / 1000:,.0f} ms |" if start else " |"))
    return lines


def markdown(records: list[dict]) -> str:
    machine = next((r for r in records if r["kind"] == "machine"), {})
    versions = {r["system"]: r["version"] for r in records if r["kind"] == "time"}
    rounds = next((len(r["rounds_us"]) for r in records if r["kind"] == "time"), 0)
    out = [f"Measured {machine.get('date', '')} on {machine.get('cpu', '?')}, {machine.get('cores', '?')} cores, {machine.get('compiler', '?')}, "
           f"`{machine.get('flags', '')}`, commit {machine.get('commit', '?')}. Systems: " + ", ".join(f"{s} {v}" for s, v in versions.items()) + ".", "",
           f"Under a peer's name: how many times as long it takes as fusegrad, the median over {rounds} alternating rounds, how far a round strayed, and the "
           "verdict on fusegrad (ahead, level, behind) where the rounds agree.", "",
           *comparison(records), ""]
    reached = goals(records)
    if reached:
        out += ["| goal | wanted | reached | |", "|-|-|-|-|", *(f"| {g.text} | {g.wanted} | {g.reached} | {'met' if g.met else 'not met'} |" for g in reached), ""]
    out += [*processes(records), "", *peers_in_full(records), ""]
    out += ["Kernels that each system chose:", "", *(f"- {s}: {k}" for s, k in kernels(records)), ""]
    if removed := machine.get("left_out_of_environment"):
        out += ["Set on this machine and kept from all systems: " + ", ".join(f"`{k}={v}`" for k, v in removed.items()) + ".", ""]
    if missing := left_out(records):
        out += ["Left out:", "", *(f"- {m}" for m in missing), ""]
    return "\n".join(out)


def geometric_mean(values: list[float]) -> float:
    return statistics.geometric_mean(values)
