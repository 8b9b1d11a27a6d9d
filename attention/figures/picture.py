"""Turn a drawing function into a picture that any notebook viewer, page or reader can show.

A drawing function draws on matplotlib axes and returns one sentence that says what is to be seen,
numbers included. The sentence becomes the caption and the alternative text.
"""

import html
import io
import re
import urllib.parse
from typing import NamedTuple

import matplotlib.style
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from attention.figures.plots import INK, TABLES
from attention.figures.svg import clean

WIDTH = 360  # units of the SVG, points to matplotlib: 10-point text stays legible on a phone
_STYLE = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "attention",  # the same picture has the same bytes
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "axes.facecolor": "none",
    "hatch.linewidth": 0.4,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
} | dict.fromkeys(
    [
        "text.color",
        "axes.edgecolor",
        "axes.labelcolor",
        "xtick.color",
        "ytick.color",
        "hatch.color",
    ],
    INK,
)
# On a page the picture takes the page's colours; elsewhere it is dark ink on white paper.
CARD = "color:var(--ink,#222);background:var(--paper,#fff);max-width:34rem;margin:1rem auto"


class Frame(NamedTuple):
    """One drawn state: its picture, its sentence and the values of its heatmaps, if any."""

    svg: str
    sentence: str
    tables: str = ""


class NoSentenceError(TypeError):
    """A drawing function returned nothing that could stand as a caption."""


def figure(draw, *, axes=1, height=2.6):
    """Show what draw(ax) draws, as SVG with the sentence it returns as caption.

    axes is a number of axes side by side or a grid (rows, columns), height that of a row in inches.
    draw gets one Axes, or an array of them when there are several.

    Raises: TypeError if draw returns no sentence; ValueError for axes or a height that cannot be.

    >>> figure(lambda ax: f"A line of {len(ax.plot([1, 2]))} piece.")
    A line of 1 piece.
    """
    return Picture(Canvas(draw, axes=axes, height=height).frame())


class Picture:
    """A frame with the outputs by which notebooks and pages show it."""

    def __init__(self, frame):
        self.frame = frame

    def __repr__(self):
        return self.frame.sentence

    def _repr_mimebundle_(self, include=None, exclude=None):
        page = figure_html(self.frame) + self.frame.tables
        return {"text/html": page, "text/plain": repr(self)}


class Canvas:
    """What a drawing function draws on: for each state new axes, which stand at the same places."""

    def __init__(self, draw, *, axes=1, height=2.6):
        self.draw, self.grid, self.places = draw, _grid(axes), None
        if not height > 0:
            raise ValueError(f"height must be a positive number of inches, got {height!r}")
        points = round(72 * height * self.grid[0])
        self.size = (WIDTH / 72, points / 72)

    def frame(self, /, **state):
        """Draw one state. The first one drawn lays the axes out for all."""
        # From matplotlib's defaults, so that a reader's own settings change no byte.
        with matplotlib.style.context(["default", _STYLE]):
            figure = Figure(self.size, dpi=72, layout="constrained")
            sentence = self.draw(figure.subplots(*self.grid), **state)
            if not isinstance(sentence, str) or not sentence.strip():
                raise NoSentenceError(
                    "draw must return a sentence that says what the picture shows, "
                    f"got {sentence!r}{at(state)}"
                )
            if self.places is None:
                figure.draw_without_rendering()
                self.places = [ax.get_position(original=True) for ax in figure.axes]
            figure.set_layout_engine("none")
            for ax, place in zip(figure.axes, self.places, strict=False):
                ax.set_position(place)
            file = io.StringIO()
            # Not savefig, which draws everything twice.
            FigureCanvasSVG(figure).print_svg(file, metadata=_NO_METADATA)
        return Frame(clean(file.getvalue()), sentence, _tables_html(figure.axes))


_NO_METADATA = dict.fromkeys(["Creator", "Date", "Format", "Type"])


def _grid(axes):
    match axes:
        case int() if axes > 0:
            return 1, axes
        case (int(rows), int(columns)) if rows > 0 and columns > 0:
            return rows, columns
    raise ValueError(f"axes must be a number of axes or a grid (rows, columns), got {axes!r}")


def at(state):
    """Say at which state of the sliders: ' at d_k=4, scale=1'."""
    return " at " + ", ".join(f"{name}={value!r}" for name, value in state.items()) if state else ""


def figure_html(frame, *, controls="", script=""):
    """Wrap a frame as HTML; the picture is an image, which survives viewers that strip SVG."""
    width, height = re.search(r"viewBox='0 0 (\d+) (\d+)'", frame.svg).groups()
    sentence = html.escape(frame.sentence)
    source = urllib.parse.quote(frame.svg, safe=_SAFE_IN_SOURCE)
    return (
        f'<figure class="attention-figure" style="{CARD}">\n'
        f'<img alt="{sentence}" width="{width}" height="{height}" '
        f'style="width:100%;height:auto" src="data:image/svg+xml,{source}">\n'
        f"{controls}<figcaption>{sentence}</figcaption>\n</figure>{script}"
    )


# Raw in an address inside double quotes: all signs but " and & of HTML, % and # of addresses.
_SAFE_IN_SOURCE = " !'()*+,-./:;<=>?@[]^_`{|}~$"


def _tables_html(axes):
    """Write the values of heatmaps as tables, folded away below the picture."""
    tables = "".join(_table_html(ax, TABLES[ax]) for ax in axes if ax in TABLES)
    return tables and (
        f'\n<details class="attention-values" style="{CARD}">\n'
        '<summary>Values</summary>\n<div role="group" aria-label="Values" tabindex="0" '
        f'style="overflow-x:auto">\n{tables}</div>\n</details>'
    )


def _table_html(ax, table):
    title = f"{ax.get_title()}. " if ax.get_title() else ""
    caption = f"{title}Rows: {ax.get_ylabel()}. Columns: {ax.get_xlabel()}."
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>\n"
        for name, cells in zip(table.rows, table.cells, strict=True)
    )
    return (
        f"<table>\n<caption>{html.escape(caption)}</caption>\n"
        f"<thead><tr><td></td>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
