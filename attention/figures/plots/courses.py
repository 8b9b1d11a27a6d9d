"""Draw how numbers change in the course of something, and where it stands now."""

import numpy as np

from attention.figures.marks import INK, pick_area

_LETTER = 0.029  # how wide a bold letter is, measured by the lines


def course(ax, lines, *, places, at, said, pick=None, ticks=None):
    """Draw lines {name: (x, y)} over one axis, and a point on each at the place numbered at.

    y runs from 0 to 1, each line over its own span; its name stands behind its end. said is written
    above the points. pick names a control with a value for each of places (n,): it is chosen by
    dragging along the lines. ticks {place: label} name places below the axis.
    """
    left, right = places[0], places[-1]
    now, wide = places[at], right - left
    ax.plot([now, now], [0, 1.06], "-", color=INK, lw=1, alpha=0.5)
    for (name, (x, y)), width in zip(lines.items(), [2.4, 1.2], strict=True):
        ax.plot(x, y, "-", color=INK, lw=width)
        ax.plot([now], [np.interp(now, x, y)], "o", ms=9, mfc="white", mec=INK, mew=2)
        ax.text(right + 0.045 * wide, y[-1], name, va="center_baseline")
    half = 0.5 * _LETTER * len(said) * wide
    middle = np.clip(now, left - 0.02 * wide + half, right + 0.19 * wide - half)
    ax.text(middle, 1.17, said, ha="center", va="center_baseline", weight="bold")
    if pick:
        edges = [left - 0.03 * wide, *(places[:-1] + np.diff(places) / 2), right + 0.03 * wide]
        for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            pick_area(ax, (start, -0.1), end - start, 1.2, {pick: number}, drag=True)
    ax.set(xlim=(left - 0.03 * wide, right + 0.2 * wide), ylim=(-0.06, 1.27), yticks=[])
    ax.set_xticks(list(ticks), labels=list(ticks.values()))
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(left, right)
    return ax
