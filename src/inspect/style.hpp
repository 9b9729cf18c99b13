// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace fusegrad::inspect::detail {

/// How a report looks: colours are named once for light and once for dark, and everything else refers to the
/// names.
inline constexpr std::string_view style = R"css(
:root { color-scheme: light dark;
  --paper: #f7f6f2; --card: #fffffe; --ink: #1d2026; --soft: #656b76; --edge: #e2e0d8;
  --blue: 37 99 190; --orange: 206 92 20; --hit: 37 99 190; --miss: 206 92 20; --strong: #ffffff; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14161b; --card: #1d2027; --ink: #e8e6e1; --soft: #9aa1ad; --edge: #31353f;
  --blue: 116 168 255; --orange: 255 160 92; --hit: 84 138 226; --miss: 232 124 58; --strong: #ffffff; } }
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
.chart text { fill: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--edge); } .axis { stroke: var(--soft); }
.chart path { fill: none; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round; }
path.training { stroke: rgb(var(--blue)); } path.validation { stroke: rgb(var(--orange)); }
.points circle { fill: transparent; } .points.training circle:hover { fill: rgb(var(--blue)); } .points.validation circle:hover { fill: rgb(var(--orange)); }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .88rem; font-weight: 400; color: var(--soft); }
.legend b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
.key::before { content: ""; display: inline-block; width: 1.1em; height: 3px; border-radius: 2px; margin-right: .45em; vertical-align: .25em; }
.key.training::before { background: rgb(var(--blue)); } .key.validation::before { background: rgb(var(--orange)); }
.scroll { overflow-x: auto; }
table { border-collapse: separate; border-spacing: 2px; font-variant-numeric: tabular-nums; margin: 0 auto; }
table.confusion { font-size: .92rem; }
.confusion th { color: var(--soft); font-weight: 500; padding: .15rem .45rem; text-align: center; white-space: nowrap; }
.confusion td { min-width: 4rem; height: 2.1rem; padding: 0 .3rem; text-align: center; border-radius: 5px; }
.confusion td.hit { background: rgb(var(--hit) / calc(var(--a) * .92)); } .confusion td.miss { background: rgb(var(--miss) / calc(.2 + var(--a) * .75)); }
.confusion td.strong { color: var(--strong); font-weight: 600; } .confusion td.none { background: rgb(var(--hit) / .045); }
.confusion td.share { color: var(--soft); }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: .9rem; }
.samples svg { display: block; width: 100%; height: auto; color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; }
.samples figcaption { text-align: center; font-size: .88rem; margin-top: .35rem; line-height: 1.35; }
.samples .wrong { color: rgb(var(--orange)); font-weight: 600; } .samples .right { color: rgb(var(--blue)); font-weight: 600; }
pre { margin: .4rem 0 0; overflow-x: auto; font: .84rem/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: .4rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) { main { padding: 1.3rem .8rem 2rem; } section { padding: .9rem .85rem 1rem; }
  .confusion td { min-width: 1.55rem; height: 1.75rem; padding: 0; } .confusion th { padding: .1rem .2rem; } table.confusion { font-size: .8rem; border-spacing: 1px; }
  .confusion .share, .confusion .foot { display: none; } pre { font-size: .72rem; } .tile b { font-size: 1.4rem; } .tiles { gap: .7rem; grid-template-columns: 1fr 1fr; }
  .samples { grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); } dl { gap: .3rem .9rem; } }
)css";

} // namespace fusegrad::inspect::detail
