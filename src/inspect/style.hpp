// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace fusegrad::inspect::detail {

/// How a report looks: colours are named once for light and once for dark, and everything else refers to the
/// names.
// clang-format off
inline constexpr std::string_view style = R"css(
:root { color-scheme: light dark;
  --paper: #f7f6f2; --card: #fffffe; --ink: #1d2026; --soft: #656b76; --edge: #e2e0d8;
  --blue: 37 99 190; --orange: 206 92 20; --hit: 37 99 190; --miss: 206 92 20; --strong: #ffffff;
  --c0: #2563be; --c1: #ce5c14; --c2: #00896a; --c3: #a63d8c; --c4: #8a6d00; --c5: #2394bd; --c6: #444a55; --c7: #c22f4a; --grey: #b9bcc2; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14161b; --card: #1d2027; --ink: #e8e6e1; --soft: #9aa1ad; --edge: #31353f;
  --blue: 116 168 255; --orange: 255 160 92; --hit: 84 138 226; --miss: 232 124 58; --strong: #ffffff;
  --c0: #74a8ff; --c1: #ffa05c; --c2: #3ecfa6; --c3: #e58bd0; --c4: #dcbc4b; --c5: #6fd3f2; --c6: #c5c8ce; --c7: #ff8296; --grey: #4c515b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 2.2rem 1.2rem 3rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 1.2rem; letter-spacing: -.015em; }
h2 { font-size: 1.12rem; margin: 0 0 .2rem; }
section { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; padding: 1.1rem 1.2rem 1.2rem; margin-top: 1rem; min-width: 0; }
.note { color: var(--soft); font-size: .9rem; margin: 0 0 .8rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem; }
.tile { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; padding: .8rem 1.1rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.25; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .88rem; }
.tile.first b { color: rgb(var(--blue)); }
.pair { display: grid; margin-top: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
.pair > section { margin-top: 0; }
figure { margin: 0; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; align-items: baseline; justify-content: space-between; font-weight: 600; font-size: 1.12rem; margin-bottom: .5rem; }
.chart svg { display: block; width: 100%; height: auto; }
.chart text { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.chart text.name { fill: currentColor; font-weight: 600; } .chart text.ink { fill: var(--ink); } .chart text.value { font-size: 11.5px; }
.chart .note { margin: .3rem 0 0; } .chart p.note + svg { margin-top: .4rem; }
.grid { stroke: var(--edge); } .axis { stroke: var(--soft); }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); }
.c4 { color: var(--c4); } .c5 { color: var(--c5); } .c6 { color: var(--c6); } .c7 { color: var(--c7); } .grey { color: var(--grey); }
.line { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; } .line.grey { stroke-width: 1; }
.line.grey:hover { stroke-width: 2.5; color: var(--ink); }
.d1 { stroke-dasharray: 8 5; } .d2 { stroke-dasharray: 1.5 4.5; } .d3 { stroke-dasharray: 9 4 1.5 4; }
.marks { fill: currentColor; } .band { fill: currentColor; fill-opacity: .14; } .bar { fill: currentColor; } .bar.pale { fill-opacity: .4; }
.error { fill: none; stroke: var(--ink); stroke-width: 1.2; }
.points circle { fill: transparent; } .points circle:hover { fill: var(--ink); fill-opacity: .35; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .88rem; font-weight: 400; color: var(--soft); }
.legend b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.chart svg.swatch { display: inline-block; width: 30px; height: 12px; margin-right: .4em; vertical-align: -.05em; }
.square { display: inline-block; width: .75em; height: .75em; border-radius: 2px; background: currentColor; margin-right: .4em; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.6rem, 1fr)); gap: .5rem; }
.flow { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: .9rem 1.6rem; }
.flow > * { grid-column: 1 / -1; margin: 0; min-width: 0; max-width: 100%; } .flow > p, .flow > pre { max-width: 46rem; }
.flow > figure.lines, .flow > figure.bars, .flow > figure.empty { grid-column: auto; max-width: 46rem; }
.flow > section { margin: .3rem 0 0; scroll-margin-top: .5rem; } .flow h2.part, .flow h3.part { margin-top: .6rem; }
h2.part, h3.part { font-size: 1.08rem; margin: 0; }
.badge { display: inline-block; border-radius: 99px; padding: .08rem .75rem; font-weight: 650; font-size: .9rem; white-space: nowrap; color: var(--paper); background: var(--soft); }
.badge.good { background: var(--c2); } .badge.bad { background: var(--c7); } .badge.mixed { background: var(--c4); }
.badge.good::before { content: "\2713\a0"; } .badge.bad::before { content: "\2715\a0"; } .badge.mixed::before { content: "\2248\a0"; }
a { color: rgb(var(--blue)); } a .badge { text-decoration: underline; }
details { border: 1px solid var(--edge); border-radius: 10px; padding: .5rem .9rem; } details[open] > summary { margin-bottom: .7rem; }
summary { cursor: pointer; font-weight: 600; }
table.plain { border-spacing: 0; margin: 0; font-size: .92rem; } .plain caption { text-align: left; font-weight: 600; padding: 0 0 .3rem; }
.plain th { text-align: left; color: var(--soft); font-weight: 500; vertical-align: bottom; } .plain th, .plain td { padding: .28rem .9rem .28rem 0; border-bottom: 1px solid var(--edge); }
.plain td { vertical-align: top; } .plain .number { text-align: right; white-space: nowrap; }
table.heat { margin: 0; border-spacing: 1px; font-size: .85rem; } .heat th { color: var(--soft); font-weight: 500; white-space: nowrap; padding: .1rem .5rem .1rem 0; text-align: left; }
.heat thead th + th { text-align: center; padding: .1rem; } .heat td { min-width: 2.8rem; height: 1.6rem; text-align: center; border-radius: 3px; background: rgb(var(--hit) / var(--a)); }
.heat td.strong { color: var(--strong); } .heat td.none { background: none; color: var(--soft); } .heat.narrow td { min-width: 1.05rem; }
.heat.narrow thead th + th { font-size: .7rem; }
.ramp { display: inline-block; width: 5rem; height: .8em; border-radius: 3px; vertical-align: -.05em; background: linear-gradient(to right, rgb(var(--hit) / .05), rgb(var(--hit))); }
.ramp.signed { background: linear-gradient(to right, rgb(var(--miss)), rgb(var(--miss) / .03), rgb(var(--hit) / .03), rgb(var(--hit))); }
.scroll { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 2px; font-variant-numeric: tabular-nums; margin: 0 auto; }
table.confusion { font-size: .92rem; }
.confusion th { color: var(--soft); font-weight: 500; padding: .15rem .45rem; text-align: center; white-space: nowrap; }
.confusion td { min-width: 4rem; height: 2.1rem; padding: 0 .3rem; text-align: center; border-radius: 5px; }
.confusion td.hit { background: rgb(var(--hit) / calc(var(--a) * .92)); } .confusion td.miss { background: rgb(var(--miss) / calc(.2 + var(--a) * .75)); }
.confusion td.strong { color: var(--strong); font-weight: 600; } .confusion td.none { background: rgb(var(--hit) / .045); }
.confusion td.share { color: var(--soft); white-space: nowrap; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: .9rem; }
.samples svg { display: block; width: 100%; height: auto; color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; }
.samples figcaption { text-align: center; font-size: .88rem; margin-top: .35rem; line-height: 1.35; }
.samples .wrong { color: rgb(var(--orange)); font-weight: 600; } .samples .right { color: rgb(var(--blue)); font-weight: 600; }
pre { margin: .4rem 0 0; overflow-x: auto; font: .84rem/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: .4rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) { .chart text { font-size: 14.5px; } .chart text.value { font-size: 12.5px; } .chart svg { overflow: visible; }
  main { padding: 1.3rem .8rem 2rem; } section { padding: .9rem .85rem 1rem; }
  .confusion td { min-width: 1.55rem; height: 1.75rem; padding: 0; } .confusion th { padding: .1rem .2rem; } table.confusion { font-size: .8rem; border-spacing: 1px; }
  .confusion .share, .confusion .foot { display: none; } pre { font-size: .72rem; } .tile b { font-size: 1.4rem; } .tiles { gap: .7rem; grid-template-columns: 1fr 1fr; }
  .samples { grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); } dl { gap: .3rem .9rem; } }
)css";
// clang-format on

} // namespace fusegrad::inspect::detail
