"""Draw numbers as bars, each with its value at its end."""

import numpy as np

from attention.figures.marks import INK, TINT, colour, names, part, written


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
    drawn = ax.barh(places, numbers, height=0.7, color=(colour(role), TINT), edgecolor=INK, lw=0.4)
    for place, number in zip(places, numbers, strict=True):
        drawn[place].set_gid(part(role))
        end = np.clip(number, 0, high) + 0.02 * room
        ax.text(end, place, written(number, digits), va="center_baseline", gid=part(role))
    ax.set(xlim=(low, high + 0.25 * room), xticks=sorted({low, 0, high}))
    ax.set_ylim(len(numbers) - 0.5, -0.5)
    ax.set_yticks(places, labels=names(labels, len(numbers)))
    ax.tick_params(axis="y", length=0)
    return ax


def bar_marks(ax, numbers):
    """Draw a line across each bar where it would end with these numbers (n,)."""
    places = np.arange(len(numbers))
    ax.vlines(numbers, places - 0.35, places + 0.35, color=INK, lw=2)
    return ax
