"""Draw heads: how columns are cut into them, and the maps of many of them beside each other."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from attention.figures.marks import INK, colour, part, pick_area, tile

_CENTRED = {"ha": "center", "va": "center_baseline"}


def blocks(ax, texts, corners, tints, *, width, role):
    """Draw blocks of width cells in a row, each with its text (n,), upper left corner and tint."""
    for text, (x, y), tint in zip(texts, corners, tints, strict=True):
        size = {"width": width, "height": 1}
        tile(ax, x, y, role, tint, **size)
        for cell in range(1, width):
            ax.plot([x + cell] * 2, [y, y + 1], "-", color=INK, lw=0.3, alpha=0.4)
        ax.text(x + width / 2, y + 0.5, text, gid=part(role), **_CENTRED)
    return ax


def maps(ax, weights, *, texts, rows, chosen, looks, pick=None):
    """Draw the maps (n, L, S) of heads, a text (n,) under each, and frame the chosen one.

    Each row of maps has a name of rows. looks {row: name} marks one row of all maps. What is under
    0.1 is blank, and more is drawn in five steps. pick names a choice with a value for each map,
    which a click on it chooses.
    """
    count, L, S = np.shape(weights)
    columns = count // len(rows)
    ((row, name),) = looks.items()
    for line, title in enumerate(rows):
        y = line * (L + _ROOM)
        ax.text(0, y - 1.3, title, va="center_baseline")
        ax.text(-1.4, y + row + 0.5, name, ha="right", va="center_baseline")
    for number, (matrix, text) in enumerate(zip(weights, texts, strict=True)):
        line, column = divmod(number, columns)
        x, y = column * (S + _GAP), line * (L + _ROOM)
        steps = np.floor(np.minimum(np.asarray(matrix) * 5, 4.9))
        for step in range(5):
            path = _runs((steps == step) & (np.asarray(matrix) >= 0.1), x, y)
            face = (colour("weights"), round(0.2 * step + 0.12, 2))
            ax.add_patch(PathPatch(path, fc=face, ec="none", gid=part("weights")))
        lw = 2.5 if number == chosen else 0.5
        tile(ax, x, y, None, 0, fc="none", lw=lw, width=S, height=L)
        for side in (x - 1, x + S):
            ax.plot([side, side + 1], [y + row + 0.5] * 2, "-", color=INK, lw=1)
        ax.text(x + S / 2, y + L + 1.5, text, **_CENTRED)
        if pick:
            corner, size = (x - _GAP / 2, y - 1), {"width": S + _GAP, "height": L + _ROOM - 2}
            pick_area(ax, corner, choices={pick: number}, **size)
    ax.set(xlim=(-_GAP, columns * (S + _GAP) - _GAP / 2), aspect="equal")
    ax.set(ylim=(len(rows) * (L + _ROOM) - 2.5, -2.5))
    ax.axis("off")
    return ax


_GAP, _ROOM = 3, 5.5  # cells between maps, and between their rows, for texts


def _runs(inside, x, y):
    """Return the outlines of what is True, neighbours of a row in one; a point where nothing is."""
    corners = [(x, y)]
    codes = [Path.MOVETO]
    for i, row in enumerate(inside):
        changes = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
        for start, end in changes.reshape(-1, 2):
            left, right, top = x + start, x + end, y + i
            corners += [(left, top), (right, top), (right, top + 1), (left, top + 1), (left, top)]
            codes += [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY]
    return Path(corners, codes)
