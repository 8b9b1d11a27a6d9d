"""Draw what is no matrix: a sentence and where it looks, models as towers of boxes."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from attention.figures.marks import (
    FINGER,
    INK,
    LEAST,
    PART,
    arrow,
    colour,
    part,
    pick_area,
    shown,
    written,
)
from attention.figures.plots.strokes import role_of, stroke, word_tint

_CENTRED = {"ha": "center", "va": "center_baseline"}


def arcs(ax, words, weights, *, query, digits=2, line=47, pick=None, hidden=None):
    """Draw a sentence and an arc from the word numbered query to each word, as wide as its weight.

    weights (S,) are those of that word's row. What is under 0.05 has a dot and no arc. line is how
    many letters fit beside each other; a longer sentence breaks, and arcs run between its lines.
    pick names a choice with a value for each word, which a click on it chooses. hidden (S,) is True
    for words that a mask hides: they are hatched, with a dash for a weight.
    """
    places = _set_words(words, line)
    lines = 1 + max(row for _, row, _ in places)
    roles = [role_of(weight, j == query) for j, weight in enumerate(weights)]
    bottom, top = (lines - 1) * _LINE + 3.4, 2 - _LINE
    finger = FINGER * (bottom - top) / (72 * ax.figure.get_figheight())
    # Each word has box, number and arc, seen or not: then pictures can glide into one another.
    for j, (word, weight) in enumerate(zip(words, weights, strict=True)):
        (x, line_number, width), role = places[j], roles[j]
        y, gid = line_number * _LINE, PART + (role or "")
        _box(ax, x, y, width, (colour(role), word_tint(role, weight)), gid)
        unseen = hidden is not None and hidden[j]
        ax.text(x, y, word, gid=gid, alpha=0.6 if unseen else None, **_CENTRED)
        if hidden is not None:
            _hatch(ax, x, y, width, seen=not unseen)
        short = weight < 2 * LEAST or _crowded(j, places, weights)
        text = shown(weight, "weights", digits, short=short)
        text = written(-np.inf, 0) if unseen else text
        ax.text(x, y + 2.1, text, gid=part("weights"), **_CENTRED)
        _arc(ax, places[query], places[j], weight)
        if pick:
            size = {"width": width + _SPACE, "height": finger}
            corner = (x - size["width"] / 2, y - finger / 2)
            pick_area(ax, corner, choices={pick: j}, role=role, **size)
    ax.set(xlim=(0, line), ylim=(bottom, top))
    ax.axis("off")
    return ax


def _crowded(j, places, weights):
    """Return whether there is a number at a neighbour so near that both must be short."""
    (x, row, _), near = places[j], [i for i in (j - 1, j + 1) if 0 <= i < len(places)]
    return any(
        weights[i] >= LEAST and row == places[i][1] and abs(x - places[i][0]) < 5 for i in near
    )


_LINE = 11.0  # from line to line, measured in letters: an arc and a number stand between
_LETTER, _SPACE = 1.0, 1.05


def _set_words(words, line):
    """Return middle, line and width of each word, the lines filled and centred."""
    rows, width = [[]], 0
    for word in words:
        if rows[-1] and width + len(word) > line:
            rows.append([])
            width = 0
        rows[-1].append(len(word) * _LETTER)
        width += len(word) * _LETTER + _SPACE
    places = []
    for row, widths in enumerate(rows):
        x = (line - sum(widths) - _SPACE * (len(widths) - 1)) / 2
        for width in widths:
            places.append((x + width / 2, row, width))
            x += width + _SPACE
    return places


def _box(ax, x, y, width, face, gid):
    corner = (x - width / 2 - 0.35, y - 1.05)
    style = {"boxstyle": "round,pad=0,rounding_size=0.5", "mutation_aspect": 1}
    ax.add_patch(FancyBboxPatch(corner, width + 0.7, 2.1, fc=face, ec="none", gid=gid, **style))


def _hatch(ax, x, y, width, *, seen):
    """Draw strokes over a word that is hidden, and the same unseen over one that is not."""
    left = np.arange(x - width / 2 - 0.3, x + width / 2 - 0.6, 0.7)
    ends = np.column_stack([left, y + np.ones_like(left), left + 1.0, y - np.ones_like(left)])
    codes = [Path.MOVETO, Path.LINETO] * len(left)
    path = Path(ends.reshape(-1, 2), codes)
    ax.add_patch(PathPatch(path, fc="none", ec=(INK, 0.5), lw=0 if seen else 0.5, zorder=0))


def _arc(ax, start, end, weight):
    """Draw an arc above its line, and between two lines from the one to the other."""
    (x, row, _), (to, target, _) = start, end
    top, bottom = -1.2, 3.2
    y, end_y = row * _LINE + top, target * _LINE + (bottom if target < row else top)
    if target > row:
        y = row * _LINE + 1.2
    if row != target:
        middle = (y + end_y) / 2
        heights = (middle, middle)
    else:
        rise = min(_LINE - 3.5, 2.5 + 0.3 * abs(to - x))
        heights = (y - rise, y - rise)
    if start == end:  # a loop above the word itself
        x, to = x - 0.8, to + 0.8
    path = Path([(x, y), (x, heights[0]), (to, heights[1]), (to, end_y)], [1, 4, 4, 4])
    stroke(ax, path, weight)


def tower(ax, names, *, left, repeated=(1, 0), faint=()):
    """Draw named boxes on top of each other, the first at the bottom, from left to left + 1.

    A frame surrounds the boxes from the first to the last number in repeated. Those numbered in
    faint are pale: a model of this kind does without them.
    """
    for height, name in enumerate(names):
        alpha = 0.22 if height in faint else 1
        box = {"fc": "none", "ec": (INK, alpha), "lw": 0.8}
        ax.add_patch(Rectangle((left, height), 1, 0.7, **box))
        ax.text(left + 0.5, height + 0.35, name, alpha=alpha, **_CENTRED)
        if height:
            arrow(ax, (left + 0.5, height - 0.3), (left + 0.5, height), alpha=alpha)
    first, last = repeated
    corner, alpha = (left - 0.06, first - 0.13), 0.22 if len(faint) == len(names) else 1
    frame = {"fc": "none", "ec": (INK, alpha), "lw": 1.8}
    ax.add_patch(Rectangle(corner, 1.12, last - first + 0.96, **frame))
    return ax
