"""Turn a drawing function into a picture that any notebook viewer, page or reader can show.

A drawing function draws on matplotlib axes and returns one sentence that says what is to be seen,
numbers included. The sentence becomes the caption and the alternative text.
"""

import io
import math
from typing import NamedTuple

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from attention.figures.marks import INK
from attention.figures.markup import NARROW, WIDTH, figure_html, folded, tables_html
from attention.figures.svg import clean

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
        page = figure_html(self.frame, self.columns) + folded(self.frame.tables, self.columns)
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
        return Frame(panels, sentence, tables_html([ax for f in figures for ax in f.axes]))

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
