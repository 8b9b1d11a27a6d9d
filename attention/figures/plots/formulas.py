"""Draw the formula of attention with matrices in the place of its symbols."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from attention.figures.marks import INK, colour, part, tints
from attention.figures.plots.panel import texts_of

_SHOWN = ["symbols", "shapes", "numbers"]
_TALL, _WIDE, _WIDER = 22, 22, 34
_WIDTH, _HEIGHT, _MIDDLE = 290, 220, 98  # of an axes, in points, and where the formula's line is
_ABOVE, _BAR = 69, 146  # where what stands above the bar of its fraction is, and the bar
_NOTHING = "\N{NO-BREAK SPACE}"  # stands where a text will be: frames are built alike
_CENTRED = {"ha": "center", "va": "center_baseline"}


def equation(axes, inputs, weights, output, *, labels, show="numbers"):
    """Draw softmax(Q Kᵀ / √d_k), which makes weights (L, S), and V = output on two axes.

    inputs are query (L, d_k), key (S, d_k) and value (S, d_v). As symbols they are letters, as
    shapes grids with the names of their dimensions, as numbers grids with these and their lengths.
    labels are names of the queries, the keys and the components of a value.
    """
    query, key, value, weights, output = (
        np.asarray(x, dtype=float) for x in (*inputs, weights, output)
    )
    (rows, words, passed_on), d_k = labels, query.shape[1]
    sheet = _Sheet(axes[0], _SHOWN.index(show))
    x = 90 + d_k * _WIDE + 6
    right = x + len(key) * _WIDE
    sheet.text((24, _MIDDLE), (150, _MIDDLE), "softmax", "weights")
    sheet.parenthesis((66, 30, 170), (192, 64, 134), -10)
    sheet.parenthesis((right + 22, 30, 170), (274, 64, 134), 10)
    sheet.matrix(query, (90, _ABOVE), _WIDE, (216, 82), ("Q", "L", "d_k"), "query")
    sheet.matrix(key.T, (x, _ABOVE), _WIDE, (246, 82), ("Kᵀ", "d_k", "S"), "key")
    sheet.line([90, right], [204, 262], [_BAR] * 2, [_MIDDLE] * 2)
    root = f"√{d_k}" if show == "numbers" else "√d_k"
    sheet.text(((90 + right) / 2, _BAR + 13), (233, _MIDDLE + 15), root)
    sheet.names(rows, (85, _ABOVE), "right")
    for number, word in enumerate(words):
        place = x + (number + 0.4) * _WIDE, _ABOVE - d_k * _TALL / 2 - 4
        sheet.name(place, word, rotation=40, rotation_mode="anchor", va="baseline")
    below, ends = [176, 181, 181, 176], [14, 14, right + 28, right + 28]
    sheet.line(ends, [150, 150, 274, 274], below, below, alpha=float(show != "symbols"))
    x = (ends[0] + ends[-1] - len(key) * 26) / 2
    sheet.matrix(weights, (x, 199), 26, (212, 199), ("weights", "L", "S"), "weights", left=x)
    sheet.close()

    sheet = _Sheet(axes[1], _SHOWN.index(show))
    right = 6 + value.shape[1] * _WIDER
    x = right + 92
    sheet.matrix(value, (6, _MIDDLE - 7), _WIDER, (16, _MIDDLE), ("V", "S", "d_v"), "value")
    sheet.names(words, (right + 5, _MIDDLE - 7), "left")
    sheet.text((right + 60, _MIDDLE - 7), (40, _MIDDLE), "=")
    sheet.names(rows, (x - 5, _MIDDLE - 7), "right")
    dims = "output", "L", "d_v"
    sheet.matrix(output, (x, _MIDDLE - 7), _WIDER, (80, _MIDDLE), dims, "output")
    for left, count in [(6, len(words)), (x, len(rows))]:
        for number, name in enumerate(passed_on):
            place = left + (number + 0.5) * _WIDER, _MIDDLE - 16 - count * _TALL / 2
            sheet.name(place, name, ha="center")
    sheet.close()
    return axes


class _Sheet:
    """Axes on which everything has two places: among grids, and among letters, where it begins."""

    def __init__(self, ax, state):
        self.ax, self.state = ax, state

    def text(self, place, start, text, role=None):
        at = place if self.state else start
        style = {"fontsize": 14, "color": colour(role), "gid": part(role)}
        self.ax.text(*at, text, **_CENTRED, **style)

    def name(self, place, text, **style):
        """Write what only grids have."""
        style = {"va": "center_baseline", "alpha": float(self.state > 0)} | style
        self.ax.text(*place, text if self.state else _NOTHING, **style)

    def names(self, texts, place, align):
        top = place[1] - len(texts) * _TALL / 2
        for number, text in enumerate(texts):
            self.name((place[0], top + (number + 0.5) * _TALL), text, ha=align)

    def matrix(self, numbers, place, wide, start, names, role, *, left=None):
        """Draw a matrix from its left edge and the middle of its height, its name below or left."""
        (rows, columns), texts = numbers.shape, texts_of(numbers, role)
        right, below = place[0] + columns * wide, place[1] + rows * _TALL / 2
        corner, size = (place[0], below - rows * _TALL), (wide, _TALL)
        if not self.state:  # all that a grid holds is gathered in its letter
            corner, size = start, (0.01, 0.01)
        filled = self.state == 2
        for (i, j), tint in np.ndenumerate(tints(numbers, role) if filled else 0 * numbers + 0.3):
            at, seen = np.add(corner, np.multiply((j, i), size)), float(self.state > 0)
            style = {"fc": (colour(role), seen * tint), "ec": (INK, seen), "gid": part(role)}
            self.ax.add_patch(Rectangle(at, *size, lw=0.5, **style))
            text = texts[i, j] if filled else _NOTHING
            style = {"alpha": float(filled), "gid": part(role)} | _CENTRED
            self.ax.text(*(at + np.divide(size, 2)), text, **style)
        name, down, across = names
        lengths = f"{rows} × {columns}" if filled else f"{down} × {across}"
        if left is None:
            self.text(((place[0] + right) / 2, below + 13), start, name, role)
            self.name(((place[0] + right) / 2, below + 29), lengths, ha="center")
        else:
            self.name((left - 6, place[1]), name, ha="right", color=colour(role), gid=part(role))
            self.name((right + 6, place[1]), lengths)

    def parenthesis(self, place, start, bend):
        x, top, bottom = place if self.state else start
        curve = Path([(x, top), (x + bend, top + 25), (x + bend, bottom - 25), (x, bottom)], _CURVE)
        style = {"fc": "none", "ec": colour("weights"), "lw": 1.5, "gid": part("weights")}
        self.ax.add_patch(PathPatch(curve, **style))

    def line(self, x, start_x, y, start_y, **style):
        at = (x, y) if self.state else (start_x, start_y)
        self.ax.plot(*at, "-", color=INK, lw=1, **style)

    def close(self):
        self.ax.set(xlim=(0, _WIDTH), ylim=(_HEIGHT, 0), aspect="equal")
        self.ax.axis("off")


_CURVE = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
