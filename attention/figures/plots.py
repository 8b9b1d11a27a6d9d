"""Draw attention on matplotlib axes: arrays in, axes out, no mathematics.

A role has one colour in all chapters: Okabe and Ito's colour-blind-safe hues, darkened for light
pages until text in them reaches a contrast of 4.5 : 1. Every function also writes the value or the
name, so that nothing depends on seeing the colour.
"""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.patches import Rectangle


class Colour(NamedTuple):
    """One role's colour on light pages, and on dark ones."""

    light: str
    dark: str


class Table(NamedTuple):
    """What the cells of a heatmap say: names of rows and columns, and the text in each cell."""

    rows: list
    columns: list
    cells: list


INK = "#222222"
COLOURS = {
    "query": Colour("#0072b2", "#56b4e9"),
    "key": Colour("#b85000", "#e69f00"),
    "value": Colour("#a8437f", "#cc79a7"),
    "weights": Colour("#007a5a", "#00a87b"),
}
_TINT = 0.6  # of the full colour, so that ink stays legible on the darkest cell

TABLES = WeakKeyDictionary()  # {axes: Table}: matplotlib keeps no more than how cells look


def heatmap(ax, matrix, *, rows=None, columns=None, role="weights", digits=2):
    """Draw a matrix (L, S) as tinted cells with their values written in them.

    Row i is query i and column j is key j, unless role says that the matrix holds queries, keys or
    values: then rows are positions and columns are components. The tint grows with the magnitude;
    negative numbers carry their sign, and -inf, a masked pair, an empty cell with a dash.
    """
    matrix = np.asarray(matrix, dtype=float)
    finite = np.abs(matrix[np.isfinite(matrix)])
    top = 1.0 if role == "weights" else max(finite.max(initial=0), 1e-9)
    cells = [[_written(x, digits) for x in row] for row in matrix]
    for (i, j), x in np.ndenumerate(matrix):
        tint = round(_TINT * min(abs(x) / top, 1), 2) if np.isfinite(x) else 0
        ax.add_patch(Rectangle((j, i), 1, 1, facecolor=_tinted(role, tint), edgecolor=INK, lw=0.4))
        ax.text(j + 0.5, i + 0.5, cells[i][j], ha="center", va="center_baseline")
    _label_cells(ax, cells, matrix.shape, rows, columns, role)
    return ax


def weight_bars(ax, weights, *, labels=None, digits=2):
    """Draw the weights (S,) of one query as horizontal bars from 0 to 1, a bar a key."""
    bars(ax, weights, labels=labels, role="weights", span=(0, 1), digits=digits)
    ax.set(xlabel="weight", ylabel="keys")
    return ax


def bars(ax, numbers, *, labels=None, role="weights", span=None, digits=2):
    """Draw numbers (n,) as horizontal bars, the first on top, each with its value at its end.

    span (low, high) fixes the axis, so that the bars of several pictures can be compared. Numbers
    of no role, such as scores, are grey: role=None.
    """
    numbers = np.asarray(numbers, dtype=float)
    low, high = span or (min(0, numbers.min()), max(0, numbers.max()))
    room = (high - low) or 1.0
    places = np.arange(len(numbers))
    ax.barh(places, numbers, height=0.7, color=_tinted(role), edgecolor=INK, lw=0.4)
    for place, number in zip(places, numbers, strict=True):
        end = np.clip(number, 0, high) + 0.02 * room
        ax.text(end, place, _written(number, digits), va="center_baseline")
    ax.set(xlim=(low, high + 0.25 * room), xticks=sorted({low, 0, high}))
    ax.set_ylim(len(numbers) - 0.5, -0.5)
    ax.set_yticks(places, labels=_names(labels, len(numbers)))
    ax.tick_params(axis="y", length=0)
    return ax


def mask_grid(ax, mask, *, rows=None, columns=None):
    """Draw a boolean mask (L, S): a tick where a query may attend, a hatched cell where not."""
    mask = np.asarray(mask, dtype=bool)
    for (i, j), allowed in np.ndenumerate(mask):
        style = (
            {"facecolor": _tinted("weights", 0.35)}
            if allowed
            else {"facecolor": "none", "hatch": "////"}
        )
        ax.add_patch(Rectangle((j, i), 1, 1, edgecolor=INK, lw=0.4, **style))
        if allowed:
            ax.text(j + 0.5, i + 0.5, "✓", ha="center", va="center_baseline")
    _label_cells(ax, np.where(mask, "✓", "–").tolist(), mask.shape, rows, columns, "weights")
    return ax


def shapes(ax, matrices, *, roles):
    """Draw {name: matrix} side by side as tiles, to scale, with name and shape of each."""
    left = 0
    tallest = max(len(matrix) for matrix in matrices.values())
    for (name, matrix), role in zip(matrices.items(), roles, strict=True):
        rows, columns = np.shape(matrix)
        for i, j in np.ndindex(rows, columns):
            corner = (left + j, i - rows / 2)
            ax.add_patch(Rectangle(corner, 1, 1, fc=_tinted(role, 0.35), ec=INK, lw=0.4))
        middle = left + columns / 2
        ax.text(middle, -tallest / 2 - 0.4, name, ha="center")
        ax.text(middle, tallest / 2 + 1, f"{rows} × {columns}", ha="center")
        left += columns + 1.4
    ax.set(xlim=(-0.2, left - 1.2), ylim=(tallest / 2 + 1.4, -tallest / 2 - 1), aspect="equal")
    ax.axis("off")
    return ax


def tower(ax, names, *, left, repeated=(1, 0)):
    """Draw named boxes on top of each other, the first at the bottom, from left to left + 1.

    A frame surrounds the boxes from the first to the last number in repeated.
    """
    for height, name in enumerate(names):
        ax.add_patch(Rectangle((left, height), 1, 0.7, fc="none", ec=INK, lw=0.6))
        ax.text(left + 0.5, height + 0.35, name, ha="center", va="center_baseline")
        if height:
            arrow = {"arrowstyle": "->", "color": INK, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (left + 0.5, height), (left + 0.5, height - 0.3), arrowprops=arrow)
    first, last = repeated
    corner = (left - 0.06, first - 0.13)
    ax.add_patch(Rectangle(corner, 1.12, last - first + 0.96, fc="none", ec=INK, lw=1.5))
    return ax


def _label_cells(ax, cells, shape, rows, columns, role):
    L, S = shape
    rows, columns = _names(rows, L), _names(columns, S)
    TABLES[ax] = Table(rows, columns, cells)
    ax.set(xlim=(0, S), ylim=(L, 0), aspect="equal" if L == S else "auto")
    crowded = max(map(len, columns), default=0) * S > 45
    slope = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    ax.set_xticks(np.arange(S) + 0.5, labels=columns, **slope)
    ax.set_yticks(np.arange(L) + 0.5, labels=rows)
    ax.tick_params(length=0)
    if role == "weights":
        ax.set(xlabel="keys", ylabel="queries")
    else:
        ax.set(xlabel="components", ylabel={"query": "queries", "key": "keys"}.get(role, "values"))
    for spine in ax.spines.values():
        spine.set_visible(False)


def _tinted(role, tint=_TINT):
    return (INK if role is None else COLOURS[role].light), tint


def _written(number, digits):
    return f"{number:.{digits}f}".replace("-", "−") if np.isfinite(number) else "–"


def _names(labels, count):
    return [str(label) for label in (range(count) if labels is None else labels)]
