"""Draw a block of the Transformer: its stream, what reads it and what is added to it."""

import numpy as np
from matplotlib.patches import Ellipse, Rectangle

from attention.figures.marks import INK, arrow, colour, part, pick_area

# The parts of a block in the order in which a vector meets them, and how high each is drawn: the
# strip of x, the sign of a sum, the box of a norm or a sublayer.
PRE_NORM = {
    "x": 0,
    "norm": 1.9,
    "attention": 4.3,
    "+": 6.3,
    "norm 2": 9.0,
    "feed-forward": 11.4,
    "+ 2": 13.4,
}
POST_NORM = {
    "x": 0,
    "attention": 1.9,
    "+": 3.9,
    "norm": 6.2,
    "feed-forward": 9.2,
    "+ 2": 11.2,
    "norm 2": 13.4,
}
_TOP = 15.6
_CENTRED = {"ha": "center", "va": "center_baseline"}


def block(ax, vectors, notes, *, order, at, word, pick=None):
    """Draw one word's vector (d,) as it leaves each part of a block, up to the part numbered at.

    vectors and notes hold by the name of a part what leaves it and what is written in its box;
    order is PRE_NORM or POST_NORM. A component is a bar, upwards if it is positive; at a sum the
    paler bar is what was there before. Beside a strip stands its root mean square. pick names a
    control with a value for each part.
    """
    names, size = list(order), len(vectors["x"])
    tall = max(np.abs(x).max() for x in vectors.values())
    stream, branch = size / 2, 1.83 * size
    xlim, ylim = (-2.6, 2.6 * size), (-2, _TOP + 0.1)
    circle = 15 * np.ptp([xlim, ylim], axis=1) / (72 * ax.figure.get_size_inches())
    arrow(ax, (stream, -0.9), (stream, _TOP), lw=6, zorder=0, alpha=0.15)
    ax.text(stream, -1.5, word, weight="bold", **_CENTRED)
    for sublayer, plus in (("attention", "+"), ("feed-forward", "+ 2")):
        _detour(ax, order, sublayer, plus, stream, branch)
    old = {"+": "x", "+ 2": "+" if order is PRE_NORM else "norm"}
    for name in PRE_NORM:  # always in this order, so that pictures can glide into one another
        kind, number, y = name.split()[0], names.index(name), order[name]
        aside = kind in ("attention", "feed-forward") or (kind == "norm" and order is PRE_NORM)
        middle = branch if aside else stream
        above = y + {"x": 0, "+": 1.0}.get(kind, 1.2)
        role = "output" if name == "attention" else None
        before = vectors[old[name]] if kind == "+" else 0 * vectors[name]
        _strip(ax, vectors[name], before, (middle, above), tall, role, seen=number <= at)
        if kind == "+":
            sign = {"fc": "white", "ec": INK, "lw": 2.4 if number == at else 1, "zorder": 3}
            ax.add_patch(Ellipse((middle, y), *circle, **sign))
            ax.text(middle, y, "+", weight="bold", zorder=4, **_CENTRED)
        elif kind != "x":
            _box(ax, f"{kind}\n{notes[name]}", (middle, y), size, number, at)
        if pick:
            corner = (middle - size / 2, y - 0.7)
            pick_area(ax, corner, size, above + 0.5 - corner[1], {pick: number})
    ax.set(xlim=xlim, ylim=ylim)
    ax.axis("off")
    return ax


def _detour(ax, order, sublayer, plus, stream, branch):
    """Draw how a vector leaves the stream for a sublayer, and how what that writes comes back."""
    first = list(order)[list(order).index(sublayer) - (order is PRE_NORM)]
    leave = order[first] - 1.05
    style = {"color": INK, "lw": 0.9, "zorder": 0}
    ax.plot([stream, branch, branch], [leave, leave, order[first] - 0.7], "-", **style)
    if order is PRE_NORM:
        leave = order[sublayer] - 1.2
    ax.plot([branch, branch], [leave, order[sublayer] - 0.7], "-", **style)
    ax.plot([branch, branch], [order[sublayer] + 1.2, order[plus]], "-", **style)
    arrow(ax, (branch, order[plus]), (stream, order[plus]), lw=0.9, shrinkB=8, zorder=0)


def _strip(ax, vector, before, middle, tall, role, *, seen):
    """Draw a vector as bars around a line, and beside it its root mean square."""
    y, left = middle[1], middle[0] - len(vector) / 2
    shade = {"fc": "white", "ec": (INK, 0.3 if seen else 0.12), "lw": 0.6}
    ax.add_patch(Rectangle((left, y - 0.5), len(vector), 1, **shade))
    for values, tint in ((before, 0.2), (vector, 0.8)):
        for j, value in enumerate(values):
            height = 0.48 * round(float(value) / tall, 3) * seen
            face = {"fc": (colour(role), tint), "gid": part(role)}
            ax.add_patch(Rectangle((left + j + 0.12, y), 0.76, height, ec="none", **face))
    size = f"{np.sqrt(np.mean(np.square(vector))):.1f}"
    x, alpha = left + len(vector) + 0.4, 0.75 if seen else 0
    ax.text(x, y, size, va="center_baseline", alpha=alpha)


def _box(ax, text, middle, size, number, at):
    (x, y), now = middle, number == at
    corner = (x - size / 2, y - 0.68)
    style = {"lw": 2.4 if now else 0.8, "ec": (INK, 1 if number <= at else 0.4)}
    ax.add_patch(Rectangle(corner, size, 1.36, fc="white", **style))
    shade = 1 if number <= at else 0.55
    ax.text(*middle, text, linespacing=1.05, alpha=shade, ha="center", va="center")
