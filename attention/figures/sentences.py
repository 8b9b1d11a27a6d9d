"""Draw the same words more than once: in two orders, or for several heads."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from attention.figures.marks import INK, LEAST, PART, colour, part, shown

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
            role = "query" if j == number else "key" if weight >= LEAST else None
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
    tint = 0.2 if role == "query" else round(0.05 + 0.3 * float(weight), 2) if role else 0
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
    is_seen = weight >= LEAST
    wide = round(1 + 6 * float(weight), 1) if is_seen else 0
    ec = (colour("weights"), round(0.3 + 0.6 * float(weight), 2) if is_seen else 0)
    style = {"fc": "none", "capstyle": "round", "zorder": 0, "gid": part("weights")}
    ax.add_patch(PathPatch(path, ec=ec, lw=wide, **style))
