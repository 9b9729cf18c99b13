# SPDX-License-Identifier: MIT
"""Plots as SVG text. Colours are classes of the page's style sheet, so that light and dark both work."""
import math
from dataclasses import dataclass
from html import escape


@dataclass
class Line:
    name: str  # of a system: its colour
    label: str
    points: list[tuple[float, float]]


def decades(low: float, high: float) -> list[float]:
    """Powers of ten from below `low` to above `high`."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    return [10.0**e for e in range(first, max(last, first + 1) + 1)]


def text(x: float, y: float, words: str, anchor: str = "middle", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def log_log(lines: list[Line], x_values: list[float], x_title: str, y_text, height: int = 330) -> str:
    """Lines over two logarithmic axes; each ends in its label."""
    width, left, right, top, bottom = 520, 62, 128, 12, 46
    ys = [y for line in lines for _, y in line.points]
    ticks = decades(min(ys), max(ys))
    x0, x1 = math.log(x_values[0]), math.log(x_values[-1]) or 1
    y0, y1 = math.log(ticks[0]), math.log(ticks[-1])

    def at(x, y):
        return (left + (math.log(x) - x0) / (x1 - x0) * (width - left - right), height - bottom - (math.log(y) - y0) / (y1 - y0) * (height - top - bottom))

    out = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(x_title)}">']
    for tick in ticks:
        _, y = at(x_values[0], tick)
        out.append(f'<line class="grid" x1="{left}" x2="{width - right}" y1="{y:.1f}" y2="{y:.1f}"/>' + text(left - 8, y + 4, y_text(tick), "end"))
    for x in x_values:
        px, _ = at(x, ticks[0])
        out.append(text(px, height - bottom + 19, f"{x:g}"))
    out.append(f'<line class="axis" x1="{left}" x2="{width - right}" y1="{height - bottom}" y2="{height - bottom}"/>')
    out.append(text(left + (width - left - right) / 2, height - 6, x_title))
    lowest = top + 4.0
    for line in sorted(lines, key=lambda one: -one.points[-1][1]):
        places = [at(x, y) for x, y in line.points]
        out.append(f'<path class="line {line.name}" d="M' + "L".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
        for (x, y), (px, py) in zip(line.points, places):
            out.append(f'<circle class="dot {line.name}" cx="{px:.1f}" cy="{py:.1f}" r="3"><title>{escape(line.label)}, {x:g}: {escape(y_text(y))}</title></circle>')
        # Labels move down where they would lie on one another.
        y = max(places[-1][1] + 4, lowest)
        lowest = y + 14
        out.append(text(width - right + 10, y, line.label, "start", f' class="label {line.name}"'))
    return "".join(out) + "</svg>"


@dataclass
class Bar:
    name: str
    label: str
    value: float
    words: str
    low: float | None = None
    high: float | None = None


def bars(all_bars: list[Bar], logarithmic: bool, most: float | None = None, mark: float | None = None, label_width: int = 102,
         width: int = 360, right: int = 74) -> str:
    """Horizontal bars. A logarithmic scale starts at the lowest power of ten; `mark` is a line across all, where one is."""
    row = 22
    height = row * len(all_bars) + 4
    low = min(b.value for b in all_bars)
    high = most or max(b.high or b.value for b in all_bars)
    start = 10 ** math.floor(math.log10(low) - 0.05) if logarithmic else 0.0

    def at(value):
        share = math.log(max(value, start) / start) / math.log(high / start) if logarithmic and high > start else value / high
        return label_width + min(share, 1) * (width - label_width - right)

    out = [f'<svg viewBox="0 0 {width} {height}" style="max-width:{width * 1.25:.0f}px" role="img">']
    for i, b in enumerate(all_bars):
        y = i * row + 3
        end = at(b.value)
        out.append(text(label_width - 7, y + 13, b.label, "end", f' class="label {b.name}"' if b.name == "fusegrad" and b.label == b.name else ""))
        out.append(f'<rect class="bar {b.name}" x="{label_width}" y="{y}" width="{max(end - label_width, 1.5):.1f}" height="{row - 6}" rx="2.5"/>')
        tip = end
        if b.low is not None and b.high is not None and at(b.high) - at(b.low) > 3:
            out.append(f'<path class="whisker" d="M{at(b.low):.1f},{y + 8}H{at(b.high):.1f}"/>')
            tip = max(end, at(b.high))
        out.append(text(tip + 6, y + 13, b.words, "start", ' class="value"'))
    if mark:
        out.append(f'<line class="mark" x1="{at(mark):.1f}" x2="{at(mark):.1f}" y1="0" y2="{height}"/>')
    return "".join(out) + "</svg>"
