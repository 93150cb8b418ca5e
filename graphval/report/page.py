"""Style and script of the HTML report."""

from __future__ import annotations

PAGE_CSS = """
:root{color-scheme:light dark;--bg:#fff;--ink:#1c2128;--soft:#57606a;--rim:#d0d7de;--panel:#f6f8fa;--pass:#1a7f37;
--fail:#c3202f;--maybe:#9a6700;--info:#0b6bcb;--on:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--ink:#e6edf3;--soft:#9da7b3;--rim:#363f4a;--panel:#1d242d;
--pass:#4ac26b;--fail:#ff7b72;--maybe:#e3b341;--info:#79b8ff;--on:#12161c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--bg);color:var(--ink);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2.2rem 0 .4rem}h3{font-size:1rem;margin:0 0 .3rem}
a{color:var(--info)}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);padding:.4rem}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.87em}
pre{margin:.4rem 0;padding:.6rem;overflow:auto;background:var(--panel);border:1px solid var(--rim);border-radius:6px}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;text-align:left;border-bottom:1px solid var(--rim)}
nav{overflow-x:auto}
.verdict{display:inline-block;padding:0 .55rem;border-radius:1rem;font-size:.8em;font-weight:600;color:var(--on);
background:var(--maybe)}
.verdict.pass{background:var(--pass)}.verdict.fail{background:var(--fail)}
.pass{color:var(--pass)}.fail{color:var(--fail)}.verdict.pass,.verdict.fail{color:var(--on)}
.rungs{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0;margin:.4rem 0}
.rungs .skipped,td.skipped{color:var(--soft)}
figure{margin:.6rem 0;overflow:auto;max-height:85vh;border:1px solid var(--rim);border-radius:8px;
background:var(--gv-bg)}
figure svg{display:block;margin:0 auto}
figure:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--info);outline-offset:2px}
article{margin:1rem 0;padding:.8rem 1rem;border:1px solid var(--rim);border-left:5px solid var(--info);
border-radius:6px}
article.error{border-left-color:var(--fail)}article.warning{border-left-color:var(--maybe)}
.code{color:var(--info)}.error .code,.error .mark{color:var(--fail)}.warning .code,.warning .mark{color:var(--maybe)}
.mark{font-weight:600}
.place{margin:0;color:var(--soft)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.4rem 0 0}dt{font-weight:600}dd{margin:0;
min-width:0}
aside,footer{margin-top:2rem;color:var(--soft);font-size:.9em}
@media print{figure{max-height:none;overflow:visible}}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
""".replace("\n", "")

SCRIPT = """
"use strict";
for (const picture of document.querySelectorAll(".gv-picture")) {
  const boxes = [...picture.querySelectorAll("[data-box]")];
  const edges = [...picture.querySelectorAll("[data-from]")];
  const box = number => boxes.find(b => b.dataset.box === number);
  const middle = b => { const r = b.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; };
  const near = (of, on) => {
    for (const edge of edges) {
      const other = edge.dataset.from === of.dataset.box ? edge.dataset.to
        : edge.dataset.to === of.dataset.box ? edge.dataset.from : null;
      if (other === null) continue;
      edge.classList.toggle("gv-near", on);
      const neighbour = box(other);
      if (neighbour) neighbour.classList.toggle("gv-near", on);
    }
  };
  const follow = (of, key) => {
    if (key === "ArrowDown") return edges.filter(e => e.dataset.from === of.dataset.box).map(e => box(e.dataset.to))[0];
    if (key === "ArrowUp") return edges.filter(e => e.dataset.to === of.dataset.box).map(e => box(e.dataset.from))[0];
    const [x, y] = middle(of);
    const side = key === "ArrowRight" ? 1 : -1;
    return boxes.map(b => [b, ...middle(b)])
      .filter(([b, bx, by]) => b !== of && Math.abs(by - y) < 30 && (bx - x) * side > 0)
      .sort((a, b) => Math.abs(a[1] - x) - Math.abs(b[1] - x)).map(([b]) => b)[0];
  };
  for (const one of boxes) {
    for (const [event, on] of [["focus", true], ["blur", false], ["mouseenter", true], ["mouseleave", false]])
      one.addEventListener(event, () => near(one, on));
    one.addEventListener("keydown", event => {
      if (!event.key.startsWith("Arrow")) return;
      const next = follow(one, event.key);
      if (next) { event.preventDefault(); next.focus(); }
    });
  }
}
"""
