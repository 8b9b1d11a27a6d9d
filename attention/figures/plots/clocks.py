"""Draw clocks: positions as hands that turn, each clock at a speed of its own."""

import numpy as np
from matplotlib.patches import Polygon

from attention.figures.marks import INK, arrow, pick_shape

_CENTRED = {"ha": "center", "va": "center_baseline"}


def clock_hands(ax, positions, frequencies, *, columns=4, pick=None):
    """Draw a clock for each frequency, with a hand for each position: position times frequency.

    Hands turn clockwise from the top, in radians. The last position's hand is the strong one; a
    hand bears its position at its tip, unless a later one's stands there.
    pick (name, values) marks on a rim where its hand stands at these values, and the hand can be
    dragged to those of its first turn, unless it hardly turns at all.
    """
    frequencies = np.asarray(frequencies, dtype=float)
    for number, frequency in enumerate(frequencies):
        row, column = divmod(number, columns)
        x, y = 3 * column, -3.9 * row
        around = np.linspace(0, 2 * np.pi, 61)
        ax.plot(x + np.sin(around), y + np.cos(around), "-", color=INK, lw=0.6)
        labels = []
        for position in reversed(positions):
            angle = position * frequency
            point = np.array([np.sin(angle), np.cos(angle)])
            last = position == positions[-1]
            arrow(ax, (x, y), (x, y) + 0.95 * point, lw=2 if last else 0.8)
            is_free = all(np.hypot(*(point - label)) > 0.6 for label in labels)
            style = {"weight": "bold" if last else "normal"} | _CENTRED
            # A blank where none fits: then pictures can glide into one another.
            ax.text(*((x, y) + 1.32 * point), str(position) if is_free else "\u00a0", **style)
            labels += [point] * is_free
        ax.text(x, y - 1.95, f"{frequency:.3g} a step", **_CENTRED)
        if pick:
            _pick_hand(ax, (x, y), frequency, pick)
    across, down = min(columns, len(frequencies)), -(-len(frequencies) // columns)
    ax.set(xlim=(-1.5, 3 * across - 1.5), ylim=(-3.9 * (down - 1) - 2.3, 1.6), aspect="equal")
    ax.axis("off")
    return ax


def _pick_hand(ax, centre, frequency, pick):
    """Mark a rim where the hand stands at values, and let it be dragged over its first turn."""
    name, values = pick
    turns = np.array([value * frequency for value in values if value * frequency < 2 * np.pi])
    if turns[-1] < _LEAST_TURN:
        return
    for value in values:
        point = np.array([np.sin(value * frequency), np.cos(value * frequency)])
        ax.plot(*np.transpose([centre + 0.9 * point, centre + point]), "-", color=INK, lw=0.6)
    back = (turns[-1] + 2 * np.pi) / 2 - 2 * np.pi  # halfway from the last to the first
    edges = [back, *(turns[1:] + turns[:-1]) / 2, back + 2 * np.pi]
    for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
        bow = np.linspace(start, end, 2 + int((end - start) / 0.5))  # a chord would cut the rim
        rim = centre + 1.4 * np.transpose([np.sin(bow), np.cos(bow)])
        pick_shape(ax, Polygon([centre, *rim]), {name: number}, drag=True)


_LEAST_TURN = 1.0  # radians: a hand that turns less cannot be dragged to each of its values
