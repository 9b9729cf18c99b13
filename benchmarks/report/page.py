# SPDX-License-Identifier: MIT
"""One HTML page of a run, which needs nothing else: no scripts, no fonts, no pictures from elsewhere."""
import math
import re
from html import escape

import charts
import table
import verdicts
from goals import goals
from style import style
from table import geometric_mean, microseconds, rows_of, systems_of, times_as_long
from workers import OURS, WHAT_IT_IS


def label_of(system: str) -> str:
    return {"pytorch_compile": "torch.compile", "libtorch": "LibTorch", "pytorch": "PyTorch", "jax": "JAX", "onednn": "oneDNN", "eigen": "Eigen",
            "onnxruntime": "ONNX Runtime"}.get(system, system)


def section(title: str, note: str, body: str, kind: str = "") -> str:
    return f'<section{kind}><h2>{escape(title)}</h2><p class="note">{note}</p>{body}</section>'


class Run:
    """The records of a run, sorted for what the page shows."""

    def __init__(self, records: list[dict]):
        self.records = records
        self.times = [r for r in records if r["kind"] == "time"]
        self.systems = systems_of(records)
        self.peers = [s for s in self.systems if s != OURS]
        self.versions = {r["system"]: r["version"] for r in self.times}
        self.machine = next((r for r in records if r["kind"] == "machine"), {})
        self.views = sorted({(r["phase"], r["threads"]) for r in self.times}, key=lambda v: (v[0] != "train", v[1]))

    def of(self, kind: str) -> list[dict]:
        return [r for r in self.records if r["kind"] == kind]


def view_name(phase: str, threads: int) -> str:
    return f"{phase}{threads}"


def view_title(phase: str, threads: int) -> str:
    return f"{'Training step' if phase == 'train' else 'Inference'}, {threads} thread{'s' if threads > 1 else ''}"


def tiles(run: Run) -> str:
    out = []
    for peer in run.peers:
        ratios = [r["ratio"] for r in run.times if r["system"] == peer and "ratio" in r]
        if ratios:
            counts = verdicts.in_words(verdicts.counted(run.records, peer))
            out.append((f"{times_as_long(geometric_mean(ratios))} ×", f"{label_of(peer)}: {counts}"))
    if not out:
        best = max((r for r in run.times if r["system"] == OURS and "percent_of_peak" in r), key=lambda r: r["percent_of_peak"], default=None)
        out.append((str(len(run.times)), "timings of fusegrad alone"))
        if best:
            out.append((f"{best['percent_of_peak']:.0f} %", f"of the machine's peak: {best['case']}, {best['phase']}, {best['threads']} thread(s)"))
    cards = "".join(f'<div class="tile{" first" if i == 0 else ""}"><b>{escape(a)}</b><span>{escape(b)}</span></div>' for i, (a, b) in enumerate(out))
    note = ('<p class="note">How many times as long each takes as fusegrad, the geometric mean over the cases, and in how many the rounds agree '
            "that fusegrad is ahead, level or behind.</p>" if run.peers else "")
    return f'{note}<div class="tiles">{cards}</div>'


def goal_table(run: Run) -> str:
    found = goals(run.records)
    if not found:
        return ""
    rows = "".join(f'<tr><td class="words">{escape(g.text)}</td><td>{escape(g.wanted)}</td><td>{escape(g.reached)}</td>'
                   f'<td class="{"met" if g.met else "missed"}">{"met" if g.met else "not met"}</td></tr>' for g in found)
    whole = f'<div class="scroll"><table><tr><th class="words">goal</th><th>wanted</th><th>reached</th><th></th></tr>{rows}</table></div>'
    met = sum(g.met for g in found)
    return section("Goals", f"{met} of {len(found)} met.", f"<details{' open' if len(found) <= 30 else ''}><summary>all goals</summary>{whole}</details>")


def ratio_cell(record: dict | None) -> str:
    if not record:
        return '<td class="none">–</td>'
    if "ratio" not in record:
        return f"<td>{escape(microseconds(record['median_us']))}</td>"
    ratio, verdict = record["ratio"], record["verdict"]
    strength = min(1, max(0, math.log10(ratio) / 2 if verdict == verdicts.AHEAD else -math.log2(ratio)))
    hint = (f"{verdict}; smallest {microseconds(record['min_us'])}, median {microseconds(record['median_us'])}, "
            f"rounds {record['ratio_min']:.3g} to {record['ratio_max']:.3g}")
    mark = {verdicts.LEVEL: " =", verdicts.UNDECIDED: " ?"}.get(verdict, "")
    return f'<td class="{verdict}" style="--a:{strength:.2f}" title="{escape(hint)}">{times_as_long(ratio)}{mark}</td>'


def overview(run: Run, phase: str, threads: int) -> str:
    here = {r["system"] for r in run.times if (r["phase"], r["threads"]) == (phase, threads)}
    peers = [p for p in run.peers if p in here]
    head = "".join(f'<th title="{escape(run.versions[p])}">{escape(label_of(p))}</th>' for p in peers)
    body = []
    for (case, shape, its_phase, batch, its_threads), row in rows_of(run.records).items():
        if (its_phase, its_threads) != (phase, threads) or OURS not in row:
            continue
        ours = row[OURS]
        peak = f"{ours['percent_of_peak']:.0f} %" if "percent_of_peak" in ours else ""
        body.append(f'<tr><td class="case"><b>{escape(case)}</b> <small>{escape(shape)}</small></td><td>{batch}</td><td>{escape(microseconds(ours["min_us"]))}</td>'
                    f"<td>{escape(microseconds(ours['median_us']))}</td><td>{ours['spread'] * 100:.0f} %</td><td>{peak}</td>" + "".join(ratio_cell(row.get(p)) for p in peers) + "</tr>")
    whole = (f'<div class="scroll"><table><tr><th class="case">case</th><th>batch</th><th>fusegrad, smallest</th><th>median</th><th>spread</th><th>of peak</th>{head}</tr>'
             + "".join(body) + "</table></div>")
    margin = f"{verdicts.MARGIN * 100:g} %"
    return section("All cases", "Under a peer: how many times as long it takes as fusegrad, the median over rounds in which both took turns. The verdict is what the rounds "
                   f"agree on: green, fusegrad is ahead by more than {margin}; red, it is behind by more; “=”, level; “?”, undecided, the rounds do not agree. "
                   f"They agree when all say the same, or all but one of each {verdicts.ROUNDS_A_DISSENTER}; fewer than {verdicts.LEAST_ROUNDS} decide nothing. "
                   "Spread: from the fastest to the slowest round, over the median. “Of peak” counts the matrix products alone, against a loop of multiply-adds in "
                   "registers, timed in the same rounds.", whole + in_full(run, phase, threads))


def in_full(run: Run, phase: str, threads: int) -> str:
    """Every system's own figures, unfolded by whoever wants them."""
    body = []
    for (case, _, its_phase, batch, its_threads), row in rows_of(run.records).items():
        if (its_phase, its_threads) != (phase, threads):
            continue
        for system in (s for s in run.systems if s in row):
            r = row[system]
            beside = (f"<td>{times_as_long(r['ratio'])}</td><td>{times_as_long(r['ratio_min'])} to {times_as_long(r['ratio_max'])}</td><td>{r['verdict']}</td>"
                      if "verdict" in r else "<td></td><td></td><td></td>")
            body.append(f'<tr><td class="case"><b>{escape(case)}</b></td><td>{batch}</td><td class="case">{escape(label_of(system))}</td><td>{microseconds(r["min_us"])}</td>'
                        f"<td>{microseconds(r['median_us'])}</td><td>{r['spread'] * 100:.0f} %</td>{beside}</tr>")
    return ('<details><summary>smallest, median and spread of every system</summary><div class="scroll"><table><tr><th class="case">case</th><th>batch</th>'
            '<th class="case">system</th><th>smallest</th><th>median</th><th>spread</th><th>times as long</th><th>rounds</th><th>fusegrad is</th></tr>'
            + "".join(body) + "</table></div></details>")


def case_bars(run: Run, phase: str, threads: int) -> str:
    out = []
    for (case, shape, its_phase, batch, its_threads), row in rows_of(run.records).items():
        if (its_phase, its_threads) != (phase, threads) or re.fullmatch(r"(width|depth)\d+", case) or len(row) < 2:
            continue
        made = []
        for system in run.systems:
            r = row.get(system)
            if r and system == OURS:
                made.append(charts.Bar(system, system, r["median_us"], microseconds(r["median_us"]), r["min_us"], r["max_us"]))
            elif r:
                made.append(charts.Bar(system, label_of(system), r["median_us"], f"{times_as_long(r['ratio'])} ×", r["min_us"], r["max_us"]))
        made.sort(key=lambda b: b.value)
        out.append(f'<figure style="margin:0"><h3>{escape(case)}, batch {batch} <small>{escape(shape)}</small></h3>{charts.bars(made, logarithmic=True)}</figure>')
    if not out:
        return ""
    return section("Case by case", "Time on a logarithmic scale: shorter is faster. Whiskers span the rounds. The number behind a peer's bar is how many times as long it takes.",
                   f'<div class="grid-of">{"".join(out)}</div>')


def sweep(run: Run, which: str, phase: str, threads: int, field: str) -> str:
    lines = []
    for system in run.systems if field == "median_us" else run.peers:
        points = [(float(r["case"][len(which):]), r[field]) for r in run.times
                  if r["system"] == system and (r["phase"], r["threads"]) == (phase, threads) and re.fullmatch(which + r"\d+", r["case"]) and field in r]
        if points:
            lines.append(charts.Line(system, label_of(system), sorted(points)))
    xs = sorted({x for line in lines for x, _ in line.points})
    if len(xs) < 2:
        return ""
    if field == "ratio":
        lines.insert(0, charts.Line(OURS, OURS, [(x, 1.0) for x in xs]))
    axis = "width of the three layers" if which == "width" else "layers of 32"
    title, y_text = (f"Over {which}", tick_text) if field == "median_us" else (f"Over {which}, as a multiple of fusegrad's time", lambda v: f"{v:.3g} ×")
    return f'<figure style="margin:0"><h3>{title}</h3>{charts.log_log(lines, xs, axis, y_text)}</figure>'


def tick_text(us: float) -> str:
    if us < 1:
        return f"{us * 1000:.3g} ns"
    return f"{us:.3g} µs" if us < 1000 else f"{us / 1000:.3g} ms"


def sweeps(run: Run, phase: str, threads: int) -> str:
    found = [s for field in ("median_us", "ratio") for which in ("width", "depth") if (s := sweep(run, which, phase, threads, field))]
    if not found:
        return ""
    return section("Where fusion pays", "Batch 64, both axes logarithmic. Left: three layers N-N-N-N with relu. Right: layers of 32 with tanh. "
                   "Below, the same as multiples: a peer under the line at 1 is faster.", f'<div class="pair">{"".join(found)}</div>')


def peak_bars(run: Run, phase: str, threads: int) -> str:
    made = [charts.Bar(OURS, f"{r['case']}, {r['batch']}", r["percent_of_peak"], f"{r['percent_of_peak']:.0f} %") for r in run.times
            if r["system"] == OURS and (r["phase"], r["threads"]) == (phase, threads) and "percent_of_peak" in r]
    if not made:
        return ""
    half = (len(made) + 1) // 2
    highest = max(100.0, *(b.value for b in made))
    columns = "".join(charts.bars(part, logarithmic=False, most=highest, mark=100, label_width=112, width=520) for part in (made[:half], made[half:]) if part)
    return section("How near the machine's limit", "Arithmetic of the matrix products as a share of what the cores do in registers at the same time; case and batch. Activations, "
                   "loss and update are not counted, so tiny nets cannot come near.", f'<div class="pair">{columns}</div>')


def views(run: Run) -> str:
    names = [view_name(*v) for v in run.views]
    inputs = "".join(f'<input type="radio" name="view" id="{n}"{" checked" if i == 0 else ""}>' for i, n in enumerate(names))
    labels = "".join(f'<label for="{view_name(*v)}">{escape(view_title(*v))}</label>' for v in run.views)
    panels = "".join(f'<div class="panel {view_name(*v)}">' + overview(run, *v) + case_bars(run, *v) + sweeps(run, *v) + peak_bars(run, *v) + "</div>" for v in run.views)
    return f'<div class="views">{inputs}<div class="switch">{labels}</div>{panels}</div>'


def processes(run: Run) -> str:
    out = []
    for case in dict.fromkeys(r["case"] for r in run.of("memory")):
        found = sorted((r for r in run.of("memory") if r["case"] == case), key=lambda r: r["peak_rss_kib"])
        made = [charts.Bar(r["system"], label_of(r["system"]), r["peak_rss_kib"] / 1024, f"{r['peak_rss_kib'] / 1024:.0f} MiB") for r in found]
        out.append(f'<figure style="margin:0"><h3>Peak memory <small>of a process that trains case {escape(case)}</small></h3>{charts.bars(made, logarithmic=False)}</figure>')
    found = sorted(run.of("startup"), key=lambda r: r["median_us"])
    if found:
        made = [charts.Bar(r["system"], label_of(r["system"]), r["median_us"], f"{r['median_us'] / 1000:,.0f} ms", r["min_us"], r["max_us"]) for r in found]
        out.append(f'<figure style="margin:0"><h3>Start-up <small>to the first outputs of case C, logarithmic</small></h3>{charts.bars(made, logarithmic=True)}</figure>')
    return section("Whole processes", "Fresh processes on one thread.", f'<div class="grid-of">{"".join(out)}</div>') if out else ""


def compile_cost(run: Run) -> str:
    found = run.of("compile_cost")
    if not found:
        return ""
    out, lines = [], []
    for i, compiler in enumerate(dict.fromkeys(r["compiler"] for r in found)):
        colour = (OURS, "libtorch", "onednn", "jax")[i % 4]
        its = [r for r in found if r["compiler"] == compiler]
        made = [charts.Bar(colour, r["case"], r["seconds"], f"{r['seconds']:.1f} s, {r['memory_mb']:.0f} MB") for r in its]
        out.append(f'<figure style="margin:0"><h3>{escape(compiler)}</h3>{charts.bars(made, logarithmic=False, label_width=134, width=430, right=112)}</figure>')
        depth = [(float(m.group(1)), r["over_include"]) for r in its if (m := re.match(r"(\d+) equal layers", r["case"])) and r["over_include"] > 0]
        if len(depth) > 1:
            lines.append(charts.Line(colour, compiler, sorted(depth)))
    if lines:
        depths = sorted({x for line in lines for x, _ in line.points})
        out.append('<figure style="margin:0"><h3>Over depth <small>seconds over the include alone</small></h3>'
                   f'{charts.log_log(lines, depths, "equal layers", lambda s: f"{s:g} s", height=260)}</figure>')
    return section("What the compiler pays", "Processor seconds and peak memory of one translation unit that trains the model.", f'<div class="pair">{"".join(out)}</div>')


def left_out(run: Run) -> str:
    """Whoever is not there is named at the top: a comparison without it says less."""
    found = table.left_out(run.records)
    if not found:
        return ""
    return section("Left out", "These could not be had here, or not in these cases.", "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in found) + "</ul>")


def facts(run: Run) -> str:
    m = run.machine
    threads = sorted({r["threads"] for r in run.times})
    removed = m.get("left_out_of_environment") or {}
    rows = [("Processor", f"{m.get('cpu')}, {m.get('cores')} cores, family/model {m.get('cpu_family_model')}"),
            ("Caches", ", ".join(f"{k} {v}" for k, v in m.get("caches", {}).items())), ("Instructions", ", ".join(m.get("isa", []))),
            ("Memory", f"{m.get('memory_gb')} GB"), ("System", f"{m.get('system')}, Linux {m.get('kernel')}"), ("Compiler", f"{m.get('compiler')}; {m.get('flags')}"),
            ("Commit", m.get("commit")), ("Date", m.get("date")),
            ("Threads", f"{' and '.join(map(str, threads))}, pinned to as many processors"),
            ("Rounds", next((len(r["rounds_us"]) for r in run.times), 0)), ("Load when it began", m.get("load", "not noted")),
            ("Systems", "; ".join(f"{WHAT_IT_IS.get(s, s)} {v}" for s, v in run.versions.items())),
            *((f"Kernels of {label_of(s)}", said) for s, said in table.kernels(run.records)),
            ("Kept from them", ", ".join(f"{k}={v}" for k, v in removed.items()) or "no setting of this machine chooses kernels or threads")]
    body = "".join(f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in rows)
    return section("Machine and method", "All systems have the same initial weights and data, and are pinned to the same processors. Gradients and outputs are compared first; "
                   "a system that disagrees is not timed. Then systems take turns, round by round; a figure is the median of its rounds.", f"<dl>{body}</dl>")


def mismatches(run: Run) -> str:
    found = run.of("mismatch")
    if not found:
        return ""
    rows = "".join(f"<li>{escape(r['case'])} {escape(r['phase'])}, batch {r['batch']}, {r['threads']} thread(s): {escape(label_of(r['system']))}, {escape(r['where'])}, "
                   f"by {r['largest']:.2e} of the largest number</li>" for r in found)
    return section("Disagreement", "These compute something else than fusegrad, and were not timed.", f"<ul>{rows}</ul>", ' class="error"')


def html(records: list[dict]) -> str:
    run = Run(records)
    m = run.machine
    title = f"fusegrad beside {len(run.peers)} other systems" if len(run.peers) > 1 else "fusegrad beside another system" if run.peers else "fusegrad, timed"
    threads = " and ".join(str(t) for t in sorted({r["threads"] for r in run.times}))
    lead = f"{m.get('cpu', '?')}, {m.get('cores', '?')} cores · threads: {threads} · {m.get('compiler', '?')} · {m.get('date', '')}"
    busy = (f'<p class="warning">The machine was busy when this began (load {m["load"]:.1f}): these figures say little.</p>'
            if m.get("load", 0) > 1 else "")
    parts = [busy, tiles(run), mismatches(run), left_out(run), goal_table(run), views(run), processes(run), compile_cost(run), facts(run)]
    names = [view_name(*v) for v in run.views]
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title><style>{style([*dict.fromkeys([*run.systems, *WHAT_IT_IS])], names)}</style></head><body><main><h1>{escape(title)}</h1>"
            f'<p class="lead">{escape(lead)}</p>{"".join(parts)}</main></body></html>\n')
