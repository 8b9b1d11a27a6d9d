"""Draw matrices as grids whose shapes can be read off: numbered, multiplied, to scale."""

import numpy as np

from attention.figures.marks import INK, names, part, shown, tile, tints

_HEIGHT = 0.6  # of a cell, measured by its width: numbers are wider than tall
_MARK = {"color": INK, "lw": 0.8, "clip_on": False}
_CENTRED = {"ha": "center", "va": "center_baseline"}


def grid(ax, matrix, *, rows=None, columns=None, role=None, dims=("L", "d_k"), digits=2, name=""):
    """Draw a matrix as a grid of its numbers, with the name and the length of both dimensions.

    rows and columns name what they hold, such as words. Numbers of no role, such as scores, are
    grey: role=None.
    """
    matrix = np.asarray(matrix, dtype=float)
    height, width = matrix.shape
    _cells(ax, matrix, 0, 0, role, digits)
    left = _name_rows(ax, rows, height)
    for j, text in enumerate([] if columns is None else names(columns, width)):
        ax.text(j + 0.5, -0.35, text, **_CENTRED)
    top = -0.35 - (columns is not None) * 0.8
    _measure(ax, dims[1], width, (0, top), (width, top))
    _measure(ax, dims[0], height, (left, 0), (left, height))
    below = 0.9 if name else 0.15
    if name:
        ax.text(width / 2, height + 0.55, name, gid=part(role), **_CENTRED)
    return _frame(ax, (left - 1.7, width + 0.1), (height + below, top - 1.1))


def product(
    ax,
    left,
    right,
    result,
    *,
    names=("Q", "Kᵀ", "scores"),
    roles=("query", "key", None),
    dims=("L", "d_k", "S"),
    digits=None,
    rows=None,
    inner=None,
    columns=None,
    mark=None,
):
    """Draw left (L, d) times right (d, S) as grids whose edges meet at result (L, S).

    right stands above the result and left beside it: each number of the result stands where a row
    of the one meets a column of the other. mark (i, j) frames one number and the row and the
    column that it is made of. result may be any matrix of its shape. digits are those of the three;
    without them whole numbers are written as such, others with two.
    rows and columns name those of the result, inner what its products are summed over.
    """
    left, right, result = (np.asarray(x, dtype=float) for x in (left, right, result))
    digits = digits or [0 if (x == x.round()).all() else 2 for x in (left, right, result)]
    (L, d), S = left.shape, right.shape[1]
    x, y = d + 0.4, d + 0.4  # where the result begins
    places = [(0, y), (x, 0), (x, y)]
    for matrix, place, role, number in zip(
        (left, right, result), places, roles, digits, strict=True
    ):
        _cells(ax, matrix, *place, role, number)
    edge = _name_rows(ax, rows, L, (0, y))
    _name_rows(ax, inner, d, (x, 0))
    top = _name_columns(ax, columns, S, x)
    right_edge, bottom = x + S + 0.35, y + L + 0.35
    _measure(ax, dims[0], L, (right_edge, y), (right_edge, y + L))
    _measure(ax, dims[1], d, (0, bottom), (d, bottom))
    _measure(ax, dims[2], S, (x, top), (x + S, top))
    titles = [(d / 2, bottom + 1.6), (right_edge, d / 2), (x + S / 2, bottom + 0.4)]
    for place, name, role, side in zip(
        titles, names, roles, ("center", "left", "center"), strict=True
    ):
        ax.text(*place, name, gid=part(role), **_CENTRED | {"ha": side})
    if mark is not None:
        i, j = mark
        for corner, wide, tall in [((0, y + i), d, 1), ((x + j, 0), 1, d), ((x + j, y + i), 1, 1)]:
            _outline(ax, corner, wide, tall)
    beside = f"{names[1]}\n{dims[0]} = {L}".split("\n")
    room = 0.3 + 0.3 * max(map(len, beside))
    return _frame(ax, (edge, right_edge + room), (bottom + 1.8, top - 1))


def _cells(ax, matrix, x, y, role, digits):
    tinted = tints(matrix, role) if role else np.zeros(matrix.shape)
    for (i, j), number in np.ndenumerate(matrix):
        # Here cells are hardly wider than a number: a weight begins with its point.
        text = shown(number, role, digits, short=role == "weights")
        tile(ax, x + j, y + i, role, tinted[i, j], text)


def _name_rows(ax, rows, count, corner=(0, 0)):
    """Name the rows at their left, and return where the names end."""
    x, y = corner
    if rows is None:
        return x - 0.35
    texts = names(rows, count)
    for i, text in enumerate(texts):
        ax.text(x - 0.2, y + i + 0.5, text, **_CENTRED | {"ha": "right"})
    return x - 0.5 - 0.3 * max(map(len, texts))


def _name_columns(ax, columns, count, x):
    """Name the columns above them, sloping, and return where the names end."""
    if columns is None:
        return -0.35
    texts = names(columns, count)
    for j, text in enumerate(texts):
        ax.text(x + j + 0.4, -0.15, text, rotation=40, rotation_mode="anchor")
    return -0.9 - 0.3 * max(map(len, texts))


def _measure(ax, name, length, start, end):
    """Draw the line of a dimension, from end to end of what it measures, with name and length."""
    (x, y), (right, bottom) = start, end
    level = y == bottom
    ax.plot([x, right], [y, bottom], "-", marker="|" if level else "_", ms=5, **_MARK)
    below = level and y > 0
    text = f"{name} = {length}"
    if level:
        ax.text((x + right) / 2, y + (0.5 if below else -0.5), text, **_CENTRED)
    else:
        side, gap = ("left", 0.2) if x > 0 else ("right", -0.2)
        ax.text(x + gap, (y + bottom) / 2, text, **_CENTRED | {"ha": side})


def _outline(ax, corner, width, height):
    tile(ax, *corner, None, 0, fc="none", lw=2, width=width, height=height, zorder=3)


def _frame(ax, xlim, ylim):
    ax.set(xlim=xlim, ylim=ylim, aspect=_HEIGHT)
    ax.axis("off")
    return ax
