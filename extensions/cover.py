"""Draw the book's own pictures: the cover, for the README and for links, and the mark, its icon.

Both show attention under a causal mask, computed by the module and drawn by its plots. cover.svg is
in the repository, since the README shows it; python -m extensions writes it.
"""

import io
import urllib.parse
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention import attention_weights, causal_mask
from attention.figures import picture, plots
from extensions.finish import after_pages

WORDS = ["every", "number", "here", "is", "computed"]
SAYS = "Each word of “every number here is computed” attends to itself and to those before it."
SIZE = 360, 189  # points, in the proportions that sites expect of a picture beside a link
LINK_PICTURE = 1200 / 360  # pixels a point
TOUCH_ICON = 180  # pixels


def setup(app):
    app.connect("html-page-context", _show_mark)
    after_pages(app, _write)


def cover():
    """Return the cover as SVG."""
    with matplotlib.style.context(["default", picture.STYLE]):
        return picture.to_svg(_drawing()) + "\n"


def draw_cover(axes):
    """Draw the title beside the attention of a sentence to itself."""
    title, map_ = axes
    title.set(xlim=(-8, 165), ylim=(180, 0))
    title.axis("off")
    title.text(0, 20, "Attention,\nComputed", size=25, weight="bold", va="top", linespacing=1.1)
    title.text(0, 95, "An interactive book on\nattention and the Transformer", size=9.5, va="top")
    for place, (role, colour) in enumerate(plots.COLOURS.items()):
        x, y = 60 * (place // 2), 143 + 20 * (place % 2)
        title.text(x, y, "■", color=colour.light, size=10)
        title.text(x + 14, y, role, size=10)
    seen = causal_mask(len(WORDS))
    position = np.random.default_rng(8).normal(size=(len(WORDS), 3))
    weights = np.where(seen, attention_weights(position, position, attn_mask=seen), -np.inf)
    plots.heatmap(map_, weights, rows=WORDS, columns=[""] * len(WORDS))
    map_.tick_params(axis="y", labelcolor=plots.COLOURS["query"].light)
    map_.xaxis.label.set_color(plots.COLOURS["key"].light)
    map_.yaxis.label.set_color(plots.COLOURS["query"].light)
    return SAYS


def mark(fill):
    """Return the mark as SVG: three positions, each attending to itself and to those before it."""
    cells = "".join(
        f'<rect x="{1 + 5 * j}" y="{1 + 5 * i}" width="4" height="4" rx=".5" opacity="{x:.2g}"/>'
        for (i, j), x in np.ndenumerate(_opacity())
        if x
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" '
        f'fill="{fill}" aria-hidden="true">{cells}</svg>'
    )


def _opacity():
    positions = np.eye(3)
    return attention_weights(positions, positions, is_causal=True, scale=1) ** 0.5


def link_picture():
    """Return the cover as PNG."""
    with matplotlib.style.context("default"):
        return _png(_drawing(), 72 * LINK_PICTURE)


def _drawing():
    drawing = Figure([points / 72 for points in SIZE], layout="constrained", dpi=72)
    draw_cover(drawing.subplots(1, 2))
    return drawing


def touch_icon():
    """Return the mark as PNG, on the white square that phones cut to their own shape."""
    drawing = Figure((1, 1))
    ax = drawing.add_axes((0.15, 0.15, 0.7, 0.7), xlim=(0, 16), ylim=(16, 0))
    ax.axis("off")
    for (i, j), opacity in np.ndenumerate(_opacity()):
        colour = plots.COLOURS["weights"].light, opacity
        ax.add_patch(Rectangle((1 + 5 * j, 1 + 5 * i), 4, 4, color=colour, lw=0))
    return _png(drawing, TOUCH_ICON)


def _png(drawing, dpi):
    file = io.BytesIO()
    drawing.set_dpi(dpi)
    FigureCanvasAgg(drawing).print_png(file)
    return file.getvalue()


def _show_mark(app, pagename, templatename, context, doctree):
    context["mark"] = mark("var(--weights)")
    # On a tab, which may be light or dark, the lighter colour shows on both.
    icon = urllib.parse.quote(mark(plots.COLOURS["weights"].dark))
    touch = context["pathto"]("_static/mark.png", 1)
    context["metatags"] = context.get("metatags", "") + (
        f'<link rel="icon" href="data:image/svg+xml,{icon}">\n'
        f'<link rel="apple-touch-icon" href="{touch}">\n'
    )


def _write(app):
    static = Path(app.outdir, "_static")
    (static / "mark.png").write_bytes(touch_icon())
    (static / "cover.png").write_bytes(link_picture())
