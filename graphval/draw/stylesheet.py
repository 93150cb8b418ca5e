"""How pictures look, in light and dark."""

from __future__ import annotations

_LIGHT = (
    "--gv-bg:#fff;--gv-ink:#1c2128;--gv-soft:#57606a;--gv-box:#f6f8fa;--gv-rim:#8c959f;--gv-stream:#3b5b92;"
    "--gv-side:#7a4fa3;--gv-io:#eaf2fb;--gv-io-rim:#5b86bd;--gv-model:#f5eefb;--gv-ok:#1a7f37;--gv-error:#c3202f;"
    "--gv-error-bg:#fff0f0;--gv-warning:#9a6700;--gv-warning-bg:#fff8e5;--gv-info:#0b6bcb;--gv-on:#fff;"
)
_DARK = (
    "--gv-bg:#12161c;--gv-ink:#e6edf3;--gv-soft:#9da7b3;--gv-box:#1d242d;--gv-rim:#6b7683;--gv-stream:#86aee8;"
    "--gv-side:#c49be8;--gv-io:#172a40;--gv-io-rim:#5f8fc9;--gv-model:#2a2036;--gv-ok:#4ac26b;--gv-error:#ff7b72;"
    "--gv-error-bg:#3a1a1c;--gv-warning:#e3b341;--gv-warning-bg:#33290f;--gv-info:#79b8ff;--gv-on:#12161c;"
)

THEME_CSS = f":root{{color-scheme:light dark;{_LIGHT}}}@media(prefers-color-scheme:dark){{:root{{{_DARK}}}}}"

PICTURE_CSS = """
.gv-picture text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11px;
text-anchor:middle;fill:var(--gv-ink)}
.gv-page{fill:var(--gv-bg)}
.gv-picture .gv-name{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:13px;
font-weight:600}
.gv-picture .gv-what,.gv-picture .gv-tag{fill:var(--gv-soft)}
.gv-picture .gv-what{font-size:10.5px}
.gv-picture .gv-tag{font-size:10px}
.gv-picture .gv-stream-name{fill:var(--gv-stream);font-size:11px;paint-order:stroke;stroke:var(--gv-bg);
stroke-width:5px;stroke-linejoin:round}
.gv-shape{fill:var(--gv-box);stroke:var(--gv-rim);stroke-width:1.2}
.gv-inner{fill:none;stroke:var(--gv-rim);stroke-width:1}
.gv-input .gv-shape,.gv-output .gv-shape{fill:var(--gv-io);stroke:var(--gv-io-rim)}
.gv-model .gv-shape{fill:var(--gv-model);stroke:var(--gv-side)}
.gv-missing .gv-shape{fill:var(--gv-error-bg);stroke:var(--gv-error);stroke-dasharray:4 3}
.gv-shown .gv-shape{stroke:var(--gv-ok);stroke-width:1.8}
.gv-left-out .gv-shape{stroke-dasharray:5 3}
.gv-box.gv-error .gv-shape{fill:var(--gv-error-bg);stroke:var(--gv-error);stroke-width:2}
.gv-box.gv-warning .gv-shape{fill:var(--gv-warning-bg);stroke:var(--gv-warning);stroke-width:2}
.gv-box.gv-info .gv-shape{stroke:var(--gv-info);stroke-width:2}
.gv-line{fill:none;stroke:var(--gv-stream);stroke-width:1.4}
.gv-arrow{fill:var(--gv-stream)}
.gv-side-packet .gv-line{stroke:var(--gv-side);stroke-dasharray:5 3}
.gv-side-packet .gv-arrow{fill:var(--gv-side)}
.gv-servable .gv-line{stroke:var(--gv-side);stroke-dasharray:1.5 3}
.gv-back .gv-line{stroke-dasharray:9 3}
.gv-edge.gv-error .gv-line,.gv-edge.gv-warning .gv-line{stroke-width:2.2}
.gv-edge.gv-error .gv-line{stroke:var(--gv-error)}
.gv-edge.gv-error .gv-arrow{fill:var(--gv-error)}
.gv-edge.gv-warning .gv-line{stroke:var(--gv-warning)}
.gv-edge.gv-warning .gv-arrow{fill:var(--gv-warning)}
.gv-picture .gv-stream-name.gv-error,.gv-picture .gv-code{fill:var(--gv-error);font-weight:600}
.gv-picture .gv-warning .gv-code,.gv-picture .gv-stream-name.gv-warning{fill:var(--gv-warning)}
.gv-picture .gv-code{paint-order:stroke;stroke:var(--gv-bg);stroke-width:5px;font-size:10px}
.gv-pin{fill:var(--gv-bg);stroke:var(--gv-stream);stroke-width:1.4}
.gv-pin.gv-side-packet{stroke:var(--gv-side)}
.gv-badge{fill:var(--gv-info)}
.gv-error .gv-badge{fill:var(--gv-error)}
.gv-warning .gv-badge{fill:var(--gv-warning)}
.gv-picture .gv-badge-text{fill:var(--gv-on);font-weight:600;font-size:10.5px}
.gv-box:focus{outline:none}
.gv-box:focus-visible .gv-shape,.gv-box.gv-near .gv-shape{stroke-width:3.2}
.gv-box:focus-visible .gv-shape{stroke:var(--gv-info)}
.gv-edge.gv-near .gv-line,.gv-edge:hover .gv-line{stroke-width:3}
""".replace("\n", "")
