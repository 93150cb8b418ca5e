"""A graph as a picture: what is shown, where it lies, and how it is written as SVG, DOT or Mermaid.

A picture is made from a graph, its wiring and what was found about it; the layout knows boxes and edges only, and the
writers know where these lie. Nothing here judges, and nothing is read from disk.
"""

from graphval.draw.build import build_picture
from graphval.draw.dot import render_dot
from graphval.draw.layout import TooLarge, lay_out
from graphval.draw.mermaid import render_mermaid
from graphval.draw.picture import Picture
from graphval.draw.stylesheet import PICTURE_CSS, THEME_CSS
from graphval.draw.svg import render_svg

__all__ = [
    "PICTURE_CSS",
    "THEME_CSS",
    "Picture",
    "TooLarge",
    "build_picture",
    "lay_out",
    "render_dot",
    "render_mermaid",
    "render_svg",
]
