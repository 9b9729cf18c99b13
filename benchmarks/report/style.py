# SPDX-License-Identifier: MIT
"""How the page looks: colours are named once for light and once for dark."""

STYLE = """
:root { color-scheme: light dark;
  --paper: #f7f6f2; --card: #fffffe; --ink: #1d2026; --soft: #656b76; --edge: #e2e0d8; --good: 28 132 84; --bad: 200 60 40;
  --fusegrad: #2563be; --libtorch: #c2410c; --pytorch: #e8772e; --pytorch_compile: #b0307a; --jax: #7a4fc0; --onednn: #0f8a8a;
  --eigen: #6f8f1f; --dlib: #8a6d4b; --onnxruntime: #a3871a; --other: #777; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14161b; --card: #1d2027; --ink: #e8e6e1; --soft: #9aa1ad; --edge: #31353f; --good: 84 200 140; --bad: 255 120 96;
  --fusegrad: #74a8ff; --libtorch: #f0703c; --pytorch: #ffab6b; --pytorch_compile: #ee7fbd; --jax: #b496f5; --onednn: #4fc9c9;
  --eigen: #b3d45c; --dlib: #cdb08c; --onnxruntime: #e2c65a; --other: #aaa; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 2.2rem 1.2rem 3rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.015em; }
h2 { font-size: 1.12rem; margin: 0 0 .2rem; } h3 { font-size: .95rem; margin: 0 0 .35rem; font-weight: 600; }
h3 small { color: var(--soft); font-weight: 400; }
section { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; padding: 1.1rem 1.2rem 1.2rem; margin-top: 1rem; min-width: 0; }
.note, .lead { color: var(--soft); font-size: .9rem; margin: 0 0 .8rem; max-width: 62rem; } .lead { font-size: 1rem; margin-bottom: 1.2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.4rem, 1fr)); gap: .8rem; }
.tile { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; padding: .75rem .95rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .88rem; } .tile.first b { color: var(--fusegrad); }
.grid-of { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20.5rem), 1fr)); gap: 1.1rem 1.6rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.6rem; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
svg text.value { fill: var(--ink); } svg text.fusegrad { font-weight: 650; }
.grid { stroke: var(--edge); } .axis { stroke: var(--soft); } .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 3; opacity: .6; }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; } .line.fusegrad { stroke-width: 3.2; }
.whisker { stroke: var(--ink); stroke-width: 1.3; opacity: .55; fill: none; }
@colours@
.views > input { position: absolute; opacity: 0; } .views > .panel { display: none; }
.switch { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .35rem; padding: .8rem 0 .2rem; background: var(--paper); margin-top: .6rem; }
.switch label { border: 1px solid var(--edge); background: var(--card); border-radius: 999px; padding: .28rem .95rem; font-size: .92rem; cursor: pointer; color: var(--soft); }
.switch label:hover { color: var(--ink); }
@views@
.scroll { overflow-x: auto; } table { border-collapse: separate; border-spacing: 2px; font-variant-numeric: tabular-nums; font-size: .9rem; }
th { color: var(--soft); font-weight: 500; text-align: right; padding: .12rem .5rem; white-space: nowrap; vertical-align: bottom; }
th.case, td.case { text-align: left; white-space: nowrap; } td.case small { color: var(--soft); } td.case b { font-weight: 600; }
td { padding: .12rem .5rem; text-align: right; border-radius: 4px; white-space: nowrap; }
td.ahead { background: rgb(var(--good) / calc(.07 + .30 * var(--a))); } td.behind { background: rgb(var(--bad) / calc(.12 + .38 * var(--a))); font-weight: 600; }
td.level { background: color-mix(in srgb, var(--soft) 14%, transparent); } td.undecided { color: var(--soft); font-style: italic; }
.warning { color: rgb(var(--bad)); font-weight: 600; margin: 0 0 1rem; }
ul { margin: .3rem 0 0; padding-left: 1.2rem; font-size: .92rem; overflow-wrap: anywhere; } details { margin-top: .7rem; }
td.words, th.words { text-align: left; white-space: normal; } td.met { color: rgb(var(--good)); font-weight: 600; } td.missed { color: rgb(var(--bad)); font-weight: 600; }
td.none { color: var(--soft); opacity: .6; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: .4rem 0 0; font-size: .92rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.error { border-color: rgb(var(--bad)); } details summary { cursor: pointer; color: var(--soft); } a { color: var(--fusegrad); }
@media (max-width: 34rem) { main { padding: 1.3rem .8rem 2rem; } section { padding: .9rem .85rem 1rem; } table { font-size: .82rem; } }
"""


def style(systems: list[str], views: list[str]) -> str:
    colours = "\n".join(
        f".line.{s} {{ stroke: var(--{s}, var(--other)); }} .dot.{s}, .bar.{s}, svg text.label.{s} {{ fill: var(--{s}, var(--other)); }}" for s in systems
    )
    chosen = "\n".join(
        f"#{v}:checked ~ .panel.{v} {{ display: block; }} #{v}:checked ~ .switch label[for={v}] {{ background: var(--ink); color: var(--paper); border-color: var(--ink); }} "
        f"#{v}:focus-visible ~ .switch label[for={v}] {{ outline: 2px solid var(--fusegrad); }}"
        for v in views
    )
    return STYLE.replace("@colours@", colours).replace("@views@", chosen)
