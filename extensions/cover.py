"""Draw the book's own pictures: the cover, for the README and for links, and the mark, its icon.

The cover shows one sentence that the book's own reader reads twice, the mark attention under a
causal mask; both are computed by the module and drawn by its plots. cover.svg is in the repository,
since the README shows it; python -m extensions writes it.
"""

import io
import urllib.parse
from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention import attention_weights
from attention.figures import picture, plots
from attention.figures.marks import colour
from attention.learning import reader
from extensions.finish import after_pages

TITLE = "Attention, Computed"
WORDS = ["the", "dog", "crossed", "the", "road", "because", "it", "was"]
IT = WORDS.index("it")
ENDS = "hungry", "wide"
SAYS = (
    f"“{' '.join(WORDS)} …”: where it ends “{ENDS[0]}”, arcs lead from “it” to “dog”; "
    f"where it ends “{ENDS[1]}”, to “road”."
)
SIZE = 360, 189  # points, in the proportions that sites expect of a picture beside a link
MIDDLE = 127  # points from the top to the words
LETTER = 8  # points
LINK_PICTURE = 1200 / 360  # pixels a point
TOUCH_ICON = 180  # pixels


def setup(app):
    app.connect("html-page-context", _show_mark)
    after_pages(app, _write)


def cover():
    """Return the cover as SVG."""
    with matplotlib.style.context(["default", picture.STYLE]):
        return picture.to_svg(_drawing()) + "\n"


def draw_cover(figure):
    """Draw the title, and a sentence with two ends: arcs above for the one, below for the other."""
    title = figure.add_axes((0, 0, 1, 1), xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
    title.axis("off")
    title.text(16, 13, TITLE, size=27, weight="bold", va="top")
    title.text(17, 46, "An interactive book on attention and the Transformer", size=10.5, va="top")
    rows = [reader.look(reader.trained(), " ".join([*WORDS, end])).maps[-1, 0, IT] for end in ENDS]
    nouns = [row.argmax() for row in rows]
    for upper, end, row in zip((True, False), ENDS, rows, strict=True):
        ax = figure.add_axes((0, 0, 1, 1))
        plots.arcs(ax, [*WORDS, end.center(max(map(len, ENDS)))], row.round(2), query=IT)
        down, up = (SIZE[1] - MIDDLE) / LETTER, MIDDLE / LETTER
        ax.set(xlim=(-1.3, ax.get_xlim()[1] + 1.3), ylim=(down, -up) if upper else (-down, up))
        *words, last = ax.texts[::2]
        for place, word in enumerate(words):  # both readings share them
            role = "query" if place == IT else "key" if place in nouns else None
            word.set(weight="bold", color=colour(role), visible=upper)
        last.set(weight="bold", y=-1.1)
        for place, number in enumerate(ax.texts[1::2]):
            number.set_visible(place == row.argmax())
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
    drawing = Figure([points / 72 for points in SIZE], dpi=72)
    draw_cover(drawing)
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
