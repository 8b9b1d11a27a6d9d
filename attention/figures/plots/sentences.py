"""Draw the same words more than once: in two orders, or for several heads."""

import numpy as np
from matplotlib.patches import FancyBboxPatch
from matplotlib.path import Path

from attention.figures.marks import (
    INK,
    PART,
    TINT,
    arrow,
    colour,
    part,
    shown,
    tile,
    written,
)
from attention.figures.plots.strokes import role_of, stroke, word_tint

_CENTRED = {"ha": "center", "va": "center_baseline"}


def reordered(ax, words, order, above, below, *, query, digits=2, line=29):
    """Draw words, and below them the same words in another order; arcs go from the same query.

    Word order[j] is the one at place j below. above (S,) and below (S,) are the weights of both
    queries, each in its sentence's order. A line joins each word to itself, dotted where the two
    weights differ as they are written; where they do not, the one below follows an equals sign.
    """
    order = list(order)
    rows = [(words, above, query, 1), ([words[i] for i in order], below, order.index(query), -1)]
    heights = {1: 0.0, -1: 11.4}  # of the upper words and of the lower ones, downwards
    places, texts = {}, {}
    for said, weights, number, side in rows:
        x = _spread(said, line)
        for j, (word, weight) in enumerate(zip(said, weights, strict=True)):
            role = role_of(weight, j == number)
            _word(ax, word, (x[j], heights[side]), role, weight)
            _bow(ax, (x[number], x[j]), heights[side] - 1.25 * side, -side, weight)
            places[side, j] = x[j]
            texts[side, j] = shown(weight, "weights", digits)
    for j, i in enumerate(order):
        one, other = texts[1, i], texts[-1, j]
        is_same = one == other
        ends = [places[1, i], places[-1, j]], [3.1, 8.1]
        style = {"color": INK, "lw": 1.5 if is_same else 1, "alpha": 0.7}
        ax.plot(*ends, linestyle=(0, (1, 0)) if is_same else (0, (1, 2)), **style)
        sign = "≠ " if not is_same else "= " if len(one) > 1 else ""  # dots say enough
        for x, y, text in [(places[1, i], 2.2, one), (places[-1, j], 9.2, sign + other)]:
            ax.text(x, y, text, gid=part("weights"), **_CENTRED)
    ax.set(xlim=(0, line), ylim=(heights[-1] + 8, -8))
    ax.axis("off")
    return ax


def _spread(words, line):
    """Return the middles of words that fill a line."""
    widths = np.array([len(word) for word in words], dtype=float)
    gap = (line - widths.sum()) / len(words)
    return np.cumsum(widths + gap) - (widths + gap) / 2


def _word(ax, word, middle, role, weight):
    tint = word_tint(role, weight)
    x, y = middle
    width = len(word) + 0.9
    style = {"boxstyle": "round,pad=0,rounding_size=0.5", "mutation_aspect": 1, "ec": "none"}
    gid = PART + (role or "")
    corner = (x - width / 2, y - 1.05)
    ax.add_patch(FancyBboxPatch(corner, width, 2.1, fc=(colour(role), tint), gid=gid, **style))
    ax.text(x, y, word, gid=gid, **_CENTRED)


def _bow(ax, ends, level, side, weight):
    """Draw an arc from end to end of a level, upwards for side -1, as wide as its weight."""
    start, end = ends
    if start == end:  # a loop at the word itself
        start, end = start - 0.8, end + 0.8
    peak = level + side * min(7.5, 2.5 + 0.35 * abs(end - start))
    path = Path([(start, level), (start, peak), (end, peak), (end, level)], [1, 4, 4, 4])
    stroke(ax, path, weight)


def heads(ax, words, looks, *, query, answers, digits=2):
    """Draw the words in a column for each head, with arcs from the query, and what it returns.

    looks {name: weights (S,)} are the heads, answers a dictionary {component: number} for each.
    """
    for number, ((name, weights), answer) in enumerate(zip(looks.items(), answers, strict=True)):
        left = _COLUMN * number
        ax.text(left + 50, 0, name, weight="bold", **_CENTRED)
        for j, (word, weight) in enumerate(zip(words, weights, strict=True)):
            y, role = _ROW * (j + 1), role_of(weight, j == query)
            tint = word_tint(role, weight)
            style = {"boxstyle": "round,pad=0,rounding_size=4", "ec": "none"}
            gid, face = PART + (role or ""), (colour(role), tint)
            ax.add_patch(FancyBboxPatch((left + 24, y - 9), 52, 18, fc=face, gid=gid, **style))
            ax.text(left + 50, y, word, gid=gid, **_CENTRED)
            text = {"ha": "right", "va": "center_baseline", "gid": part("weights")}
            ax.text(left + 22, y, shown(weight, "weights", digits), **text)
            _bulge(ax, left + 76, (_ROW * (query + 1), y), weight)
        foot = _ROW * (len(words) + 1)
        arrow(ax, (left + 50, foot - 10), (left + 50, foot + 6), lw=0.8)
        for row, (component, amount) in enumerate(answer.items()):
            corner, size = (left + 8, foot + 10 + 22 * row), {"width": 84, "height": 22}
            tile(ax, *corner, "output", round(TINT * float(amount), 2), **size)
            text = f"{component} {written(amount, digits)}"
            ax.text(left + 50, corner[1] + 11, text, gid=part("output"), **_CENTRED)
    bottom = _ROW * (len(words) + 1) + 12 + 22 * len(answers[0])
    ax.set(xlim=(0, _COLUMN * len(looks)), ylim=(bottom, -12))
    ax.axis("off")
    return ax


_COLUMN, _ROW = 104, 24  # points, where three heads stand beside each other on a phone


def _bulge(ax, left, ends, weight):
    """Draw an arc at the right of a column, from end to end, as wide as its weight."""
    start, end = ends
    if start == end:  # a loop at the word itself
        start, end = start - 5, end + 5
    out = left + 8 + 0.35 * abs(end - start)
    path = Path([(left, start), (out, start), (out, end), (left, end)], [1, 4, 4, 4])
    stroke(ax, path, weight)
