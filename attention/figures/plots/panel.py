"""One panel of a figure in steps: what waits for its step is pale, what has had it is filled.

Each step draws the same elements in the same order, so that pictures can glide into one another.
"""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from attention.figures.marks import DIGIT, INK, colour, part, pick_area, tints, written

_NOTHING = "\N{NO-BREAK SPACE}"  # stands where a number will be


class Panel:
    """Axes measured in points, the step they show, what it follows and what a click chooses."""

    def __init__(self, ax, step, follow, pick):
        self.ax, self.step, self.follow, self.pick = ax, step, follow, pick

    def text(self, x, y, text, *, role=None, since=0, **style):
        """Write a text that can be seen since its step."""
        look = {"color": colour(role), "alpha": float(self.step >= since), "gid": part(role)}
        self.ax.text(x, y, text, va="center_baseline", **look | style)

    def leads(self, x, y):
        """Draw a line from panel to panel, for which nothing makes room."""
        self.ax.plot(x, y, "-", color=INK, lw=1, clip_on=False, in_layout=False)

    def names(self, texts, start, step, align):
        """Write names, each a step away from the last."""
        for number, text in enumerate(texts):
            self.text(*np.add(start, np.multiply(number, step)), text, ha=align)

    def cells(self, matrix, corner, size, role=None, *, since=0, start=(0, 0), digits=2):
        """Draw a matrix; before its step it is empty, and its numbers will come from start."""
        filled, texts = self.step >= since, texts_of(matrix, role, digits)
        for (i, j), tint in np.ndenumerate(tints(matrix, role) * (1 if role else 0.35)):
            at = np.add(corner, np.multiply((j, i), size))
            style = {"fc": (colour(role), filled * tint), "ec": (INK, 1 if filled else 0.3)}
            self.ax.add_patch(Rectangle(at, *size, lw=0.5, gid=part(role), **style))
            place = at + np.divide(size, 2) + np.multiply(start, not filled)
            text = texts[i, j] if filled else _NOTHING
            self.text(*place, text, since=since, ha="center", gid=part(role))

    def sum(self, x, y, line, factors, total, *, since):
        """Write the products of numbers, as texts, below one another, and what they add up to."""
        (lefts, role), (rights, other) = factors
        for number, (left, right) in enumerate(zip(lefts, rights, strict=True)):
            if number:
                self.text(x - 7 * max(map(len, lefts)) - 5, y, "+", since=since, ha="right")
            self.text(x, y, left, role=role, since=since, ha="right")
            self.text(x + 6, y, "·", since=since, ha="center")
            self.text(x + 12, y, right, role=other, since=since)
            y += line
        self.text(x + 60, y - line, f"= {total}", since=since, ha="right")

    def title(self, x, y, number, name):
        """Name a step beside its number; a click on it chooses it."""
        now = self.step == number
        disc = {"fc": INK if now else "none", "ec": (INK, 1 if now else 0.65), "lw": 0.8}
        self.ax.add_patch(Circle((x, y), 7.5, **disc))
        style = {"alpha": 1 if now else 0.65, "weight": "bold" if now else "normal"}
        self.text(x, y, str(number), ha="center", color="white" if now else INK, **style)
        self.text(x + 12, y, name, **style)
        pick_area(self.ax, (x - 8, y - 12), 90, 24, {"step": number - 1})

    def area(self, corner, size, counts, controls, role=None):
        """Let each of rows and columns of areas choose its number in the named controls."""
        for place in np.ndindex(counts):
            chosen = {name: at for name, at in zip(controls, place, strict=True) if name}
            if chosen:
                at = np.add(corner, np.multiply(place[::-1], size))
                pick_area(self.ax, at, *size, chosen, role=role)

    def frame(self, x, y, wide, tall, steps):
        """Frame what these steps compute with, and faintly what is followed further."""
        faint = 0.3 if self.step > steps[-1] > 1 else 0.0
        style = {"fc": "none", "ec": (INK, 1.0 if self.step in steps else faint), "lw": 2}
        self.ax.add_patch(Rectangle((x, y), wide, tall, zorder=4, **style))


def longest(texts):
    """Return how many points the longest of texts takes, about."""
    return 6.3 * max(map(len, texts))


def texts_of(numbers, role=None, digits=2):
    """Return how numbers are written: with so many digits, but none if all are whole."""
    digits = 0 if (numbers == numbers.round()).all() else digits
    short = role == "weights"
    write = np.vectorize(lambda x: written(x, digits, short=short), otypes=[object])
    return write(numbers)


def cell_width(matrix):
    """Return how wide the cells of a matrix must be, in points."""
    return max(24, 6 + DIGIT * max(map(len, texts_of(matrix).flat)))
