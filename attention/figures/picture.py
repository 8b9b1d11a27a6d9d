"""Turn a drawing function into a picture that any notebook viewer, page or reader can show.

A drawing function draws on matplotlib axes and returns one sentence that says what is to be seen,
numbers included. The sentence becomes the caption and the alternative text.
"""

import html
import io
import math
import re
import urllib.parse
from typing import NamedTuple

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from attention.figures.marks import INK, Values, formula_html
from attention.figures.svg import clean

# Units of a panel's SVG, points to matplotlib. On a phone one panel is as wide as the page, or two
# narrow ones are, so that 11-point text has 11 pixels there.
WIDTH, NARROW = 300, 146
_SIZES = ["font.size", "axes.titlesize", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"]
STYLE = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "attention",  # the same picture has the same bytes
    **dict.fromkeys(_SIZES, 11),
    "axes.labelpad": 2,
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
CARD = "color:var(--ink,#222);background:var(--paper,#fff);margin:1rem auto;max-width:"


class Frame(NamedTuple):
    """One drawn state: its panels as SVG, its sentence and the values of its heatmaps, if any."""

    panels: tuple
    sentence: str
    tables: str = ""

    @property
    def svg(self):
        """The panels one after another."""
        return "\n".join(self.panels)


class NoSentenceError(TypeError):
    """A drawing function returned nothing that could stand as a caption."""


def figure(draw, *, axes=1, height=2.6):
    """Show what draw(ax) draws, as SVG with the sentence it returns as caption.

    axes is a number of axes side by side or a grid (rows, columns), height that of a row in inches.
    draw gets one Axes, or an array of them when there are several. Each is a panel of its own, and
    where there is no room for two beside each other they stand below one another.

    Raises: TypeError if draw returns no sentence; ValueError for axes or a height that cannot be.

    >>> figure(lambda ax: f"A line of {len(ax.plot([1, 2]))} piece.")
    A line of 1 piece.
    """
    canvas = Canvas(draw, axes=axes, height=height)
    return Picture(canvas.frame(), canvas.columns)


class Picture:
    """A frame with the outputs by which notebooks and pages show it."""

    def __init__(self, frame, columns=1):
        self.frame, self.columns = frame, columns

    def __repr__(self):
        return self.frame.sentence

    def _repr_mimebundle_(self, include=None, exclude=None):
        page = figure_html(self.frame, self.columns) + _folded(self.frame.tables, self.columns)
        return {"text/html": page, "text/plain": repr(self)}


class Canvas:
    """What a drawing function draws on: for each state new axes, which stand at the same places."""

    def __init__(self, draw, *, axes=1, height=2.6):
        self.draw, self.grid, self.places = draw, _grid(axes), None
        if not height > 0:
            raise ValueError(f"height must be a positive number of inches, got {height!r}")
        self.size = ((WIDTH if self.columns < 3 else NARROW) / 72, round(72 * height) / 72)

    @property
    def columns(self):
        """How many panels stand beside each other where there is room."""
        return self.grid[1]

    def frame(self, /, **state):
        """Draw one state. The first one drawn lays the axes out for all."""
        # From matplotlib's defaults, so that a reader's own settings change no byte.
        with matplotlib.style.context(["default", STYLE]):
            figures = [Figure(self.size, dpi=72, layout="constrained") for _ in range(self.panels)]
            axes = np.array([figure.subplots() for figure in figures]).reshape(self.grid).squeeze()
            sentence = self.draw(axes if axes.ndim else axes.item(), **state)
            if not isinstance(sentence, str) or not sentence.strip():
                raise NoSentenceError(
                    "draw must return a sentence that says what the picture shows, "
                    f"got {sentence!r}{at(state)}"
                )
            self.places = self.places or self._lay_out(figures)
            for figure, places in zip(figures, self.places, strict=True):
                figure.set_layout_engine("none")
                for ax, place in zip(figure.axes, places, strict=False):
                    ax.set_position(place)
            panels = tuple(map(to_svg, figures))
        return Frame(panels, sentence, _tables_html([ax for f in figures for ax in f.axes]))

    @property
    def panels(self):
        """How many panels there are."""
        return math.prod(self.grid)

    def _lay_out(self, figures):
        """Return the places of the axes in each panel, aligned along rows and columns."""
        places = []
        for figure in figures:
            figure.draw_without_rendering()
            places.append([ax.get_position(original=True) for ax in figure.axes])
        if all(len(inside) == 1 for inside in places):
            boxes = np.reshape([box.extents for (box,) in places], (*self.grid, 4))
            low = np.maximum.reduce(boxes[..., 0]), np.maximum.reduce(boxes[..., 1], axis=1)
            high = np.minimum.reduce(boxes[..., 2]), np.minimum.reduce(boxes[..., 3], axis=1)
            places = [
                [Bbox([(low[0][j], low[1][i]), (high[0][j], high[1][i])])]
                for i, j in np.ndindex(*self.grid)
            ]
        return places


def to_svg(figure):
    """Return a matplotlib figure as SVG, cleaned."""
    file = io.StringIO()
    # Not savefig, which draws everything twice.
    FigureCanvasSVG(figure).print_svg(file, metadata=_NO_METADATA)
    return clean(file.getvalue())


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


def figure_html(frame, columns=1, *, controls="", script=""):
    """Wrap a frame as HTML; its panels are images, which survive viewers that strip SVG."""
    sentence, caption = html.escape(frame.sentence), formula_html(frame.sentence)
    # The sentence says what all panels show together.
    images = map(_image, frame.panels, [sentence] + [""] * (len(frame.panels) - 1))
    return (
        f'<figure class="attention-figure" style="{CARD}{card_width(columns)}">\n'
        f'<div class="attention-panels" style="{panels_style(columns)}">\n'
        f"{''.join(images)}</div>\n"
        f"{controls}<figcaption>{caption}</figcaption>\n</figure>{script}"
    )


def card_width(columns):
    """Return how wide a figure may become: then its text is as large as the page's."""
    return "30rem" if columns == 1 else "46rem"


def panels_style(columns):
    """Return the style by which panels stand beside each other where there is room."""
    least = WIDTH if columns < 3 else NARROW
    # A column is never so narrow that more than columns of them fit.
    column = f"minmax(min(100%,max({least}px,{100 / columns - 2:.0f}%)),1fr)"
    return f"display:grid;gap:.5rem;grid-template-columns:repeat(auto-fit,{column})"


def _image(svg, sentence):
    width, height = re.search(r"viewBox='0 0 (\d+) (\d+)'", svg).groups()
    source = urllib.parse.quote(svg, safe=_SAFE_IN_SOURCE)
    return (
        f'<img alt="{sentence}" width="{width}" height="{height}" '
        f'style="width:100%;height:auto" src="data:image/svg+xml,{source}">\n'
    )


# Raw in an address inside double quotes: all signs but " and & of HTML, % and # of addresses.
_SAFE_IN_SOURCE = " !'()*+,-./:;<=>?@[]^_`{|}~$"


def _tables_html(axes):
    """Write the values of heatmaps as tables."""
    return "".join(
        _table_html(ax, part) for ax in axes for part in ax.artists if isinstance(part, Values)
    )


def _folded(tables, columns):
    return tables and (
        f'\n<details class="attention-values" style="{CARD}{card_width(columns)}">\n'
        '<summary>Values</summary>\n<div role="group" aria-label="Values" tabindex="0" '
        f'style="overflow-x:auto">\n{tables}</div>\n</details>'
    )


def _table_html(ax, values):
    title = f"{ax.get_title()}. " if ax.get_title() else ""
    caption = title + ". ".join(
        f"{what}: {name}"
        for what, name in [("Rows", ax.get_ylabel()), ("Columns", ax.get_xlabel())]
        if name
    )
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in values.columns)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>\n"
        for name, cells in zip(values.rows, values.cells, strict=True)
    )
    return (
        f"<table>\n<caption>{html.escape(caption)}.</caption>\n"
        f"<thead><tr><td></td>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
