"""What all plots share: the colour of each role, how a number is written, a cell and its text.

A role has one colour in all chapters: Okabe and Ito's colour-blind-safe hues, darkened for light
pages until text in them reaches a contrast of 4.5 : 1. What a plot draws for a role also bears its
name, data-part="query", in the picture, so that a page can light up all that is the same thing.
"""

import html
import re
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Rectangle


class Colour(NamedTuple):
    """One role's colour on light pages, and on dark ones."""

    light: str
    dark: str


INK = "#222222"
COLOURS = {
    "query": Colour("#0072b2", "#4b9dcb"),
    "key": Colour("#b85000", "#db7f37"),
    "value": Colour("#a8437f", "#cc79a7"),
    "weights": Colour("#007a5a", "#00a87b"),
    "output": Colour("#7d7400", "#a19925"),
}
# Of the full colour, or of ink for no role, so that ink stays legible on the darkest cell.
TINT, GREY = 0.6, 0.33
LEAST = 0.05  # a smaller weight is drawn as a dot: it is there, and it does not matter
FINGER = 44  # points that a finger needs to meet something
DIGIT = 6.6  # points that a digit of 11 points takes, at the most
PART = "part-"  # begins the gid of what is drawn for a role
PICK = "pick-"  # begins the gid of what chooses a value when it is clicked: pick-word-3
DRAG = "data-drag"  # is in the gid of what chooses a value also when a pointer is drawn over it


class Values(Artist):
    """What the cells of a heatmap hold: names of rows and columns, and the number in each cell.

    It draws nothing; a picture takes from it the table for those who cannot see the cells.
    """

    def __init__(self, rows, columns, cells):
        super().__init__()
        self.rows, self.columns, self.cells = rows, columns, cells


def colour(role):
    """Return a role's colour, and ink for no role."""
    return INK if role is None else COLOURS[role].light


def part(role):
    """Return the gid of what is drawn for a role."""
    return role and PART + role


def pick_shape(ax, shape, choices, *, role=None, drag=False):
    """Lay a shape over a drawing: a click on it chooses {name of a control: number of a value}.

    With drag a pointer that is held down chooses, too, what it is drawn over.
    """
    picks = [f"{PICK}{name}-{number}" for name, number in choices.items()]
    gid = ".".join([PART + (role or ""), *picks, *[DRAG] * drag])
    # It lies on top. Without any fill there would be nothing to click on.
    shape.set(fc=(0, 0, 0, 0.001), ec="none", zorder=5, gid=gid)
    ax.add_patch(shape)


def pick_area(ax, corner, width, height, choices, *, role=None, drag=False):
    """Lay a rectangle over a drawing, which chooses as pick_shape does."""
    pick_shape(ax, Rectangle(corner, width, height), choices, role=role, drag=drag)


def tile(ax, x, y, role, tint, text="", **style):
    """Draw a cell with its upper left corner at x, y: tinted in its role's colour, with a text."""
    style = {"fc": (colour(role), tint), "ec": INK, "lw": 0.4, "gid": part(role)} | style
    style = {"width": 1, "height": 1} | style
    ax.add_patch(Rectangle((x, y), **style))
    if text:
        middle = {"ha": "center", "va": "center_baseline"}
        ax.text(x + 0.5, y + 0.5, text, gid=part(role), **middle)


def tints(matrix, role):
    """Return how much of its colour each number gets: weights up to 1, others up to the largest."""
    size = np.abs(np.where(np.isfinite(matrix), matrix, 0))
    top = 1.0 if role == "weights" else max(size.max(initial=0), 1e-9)
    return np.round((TINT if role else GREY) * np.minimum(size / top, 1), 2)


def written(number, digits, *, short=False):
    """Return a number as text: a true minus, a dash for a masked pair; a short one begins .25."""
    if not np.isfinite(number):
        return "–"
    text = f"{number:.{digits}f}".replace("-", "−")
    return re.sub(r"^(−?)0\.", r"\1.", text) if short else text


def shown(number, role, digits, *, short=False):
    """Return what a cell says: a number, but for a weight that does not matter a dot."""
    dot = role == "weights" and abs(number) < LEAST
    return "·" if dot else written(number, digits, short=short)


def crowded(texts, width):
    """Return whether the longest of texts is wider than so many points, with a gap beside it."""
    return max(map(len, texts), default=0) * DIGIT > width


def names(labels, count):
    """Return labels as texts, the numbers from 0 where there are none."""
    return [str(label) for label in (range(count) if labels is None else labels)]


def arrow(ax, start, end, **style):
    """Draw an arrow from start to end."""
    style = {"arrowstyle": "->", "color": INK, "shrinkA": 0, "shrinkB": 0} | style
    ax.annotate("", end, start, arrowprops=style)


# A letter with an index, such as d_k: in pictures, captions and labels alike.
INDEXED = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z])_([A-Za-z0-9]+)")


def formula_html(text):
    """Return a text as HTML, in which d_k is a letter with an index."""
    return INDEXED.sub(r"<i>\1</i><sub>\2</sub>", html.escape(text))
