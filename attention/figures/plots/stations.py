"""Draw attention as one flow: all four steps at their places, filled one after the other."""

import numpy as np
from matplotlib.patches import Rectangle

from attention.figures.marks import arrow, colour, part
from attention.figures.plots.panel import Panel, cell_width, longest, texts_of

_WIDTH = 290  # of an axes, in points where the panel is as wide as a phone
_TOP, _LOW, _TALL, _GAP, _ARROW, _NAME = 24, 22, 24, 8, 28, 18  # heights, from top to bottom
_BARS = 64  # where the highest bar may end, below what is written above it
_RAISED = str.maketrans("0123456789.−", "⁰¹²³⁴⁵⁶⁷⁸⁹·⁻")


def flow(axes, inputs, steps, *, labels, step=4, follow=(0, 0, 0), pick=(None, None), digits=2):
    """Draw query (L, d_k), key (S, d_k), value (S, d_v) and what becomes of them, on two axes.

    The first so many of the four steps are filled, the others wait. follow (i, j, c) frames query
    i, key j and component c of the values, and beside each step stands what its number is made of.
    labels are names of queries, keys, components of a key and components of a value. pick names
    the controls by which a click chooses query and key; a step's name chooses in the control step.
    digits are those of the weights.
    """
    query, key, value, scores, scaled, weights, output = (
        np.asarray(x, dtype=float) for x in (*inputs, *steps)
    )
    L, d_k = query.shape
    below = _TOP + d_k * _LOW + _GAP  # where the scores begin
    last = below + L * _TALL + _ARROW  # and the scaled scores, and the weights beside them
    panels = [Panel(ax, step, follow, pick) for ax in axes]
    _match(panels[0], query, key, scores, scaled, labels, below, last)
    _average(panels[1], scaled, weights, value, output, labels, last, digits)
    for ax in axes:
        ax.set(xlim=(0, _WIDTH), ylim=(last + L * _TALL + _NAME, 0), aspect="equal")
        ax.axis("off")
    return axes


def _match(panel, query, key, scores, scaled, labels, below, last):
    (L, d_k), S, (i, j, _) = query.shape, len(key), panel.follow
    rows, words, features, _ = labels
    narrow, wide = cell_width(query), max(28, cell_width(scaled), longest(words))
    left = longest(rows) + 4
    x = max(left + d_k * narrow, longest(features) + 96) + _GAP
    right, middle, bottom = x + S * wide + 5, x + S * wide / 2, last + L * _TALL
    panel.cells(key.T, (x, _TOP), (wide, _LOW), "key")
    panel.cells(query, (left, below), (narrow, _TALL), "query")
    panel.cells(scores, (x, below), (wide, _TALL), since=1, start=(0, -_TALL))
    panel.cells(scaled, (x, last), (wide, _TALL), since=2, start=(0, below - last))
    panel.names(rows, (left - 5, below + _TALL / 2), (0, _TALL), "right")
    panel.names(words, (x + wide / 2, _TOP - 9), (wide, 0), "center")
    panel.names(features, (x - 106, _TOP + _LOW / 2), (0, _LOW), "right")
    panel.text(right, _TOP - 9, "Kᵀ", role="key")
    panel.text(left + d_k * narrow / 2, below + L * _TALL + 9, "Q", role="query", ha="center")
    panel.text(right, below + L * _TALL / 2, "scores")
    panel.text(middle, bottom + 9, "scaled scores", ha="center")
    panel.text(middle + 9, last - _ARROW / 2, "÷ √d_k")
    arrow(panel.ax, (middle, last - _ARROW + 4), (middle, last - 4))
    level = (last + bottom) / 2
    panel.leads([right, _WIDTH + 4], [level, level])
    panel.text(_WIDTH, level - 9, "softmax", ha="right")

    panel.title(8, 9, 1, "match")
    made = (texts_of(query)[i], "query"), (texts_of(key)[j], "key")
    panel.sum(x - 66, _TOP + _LOW / 2, _LOW, made, texts_of(scores)[i, j], since=1)
    panel.title(8, last + 3, 2, "scale")
    before, after = texts_of(scores)[i, j], texts_of(scaled)[i, j]
    panel.text(0, last + 23, f"{before} / √{d_k} = {after}", since=2)
    asks, answers = panel.pick
    panel.area((left, below), (d_k * narrow, _TALL), (L, 1), (asks, None), "query")
    panel.area((x, _TOP), (wide, d_k * _LOW), (1, S), (None, answers), "key")
    panel.area((x, below), (wide, _TALL), (L, S), panel.pick)
    panel.area((x, last), (wide, _TALL), (L, S), panel.pick)
    panel.frame(left, below + i * _TALL, d_k * narrow, _TALL, [1])
    panel.frame(x + j * wide, _TOP, wide, d_k * _LOW, [1])
    panel.frame(x + j * wide, below + i * _TALL, wide, _TALL, [1, 2])
    panel.frame(x + j * wide, last + i * _TALL, wide, _TALL, [2, 3])


def _average(panel, scaled, weights, value, output, labels, last, digits):
    (L, S), d_v, (i, j, c) = weights.shape, value.shape[1], panel.follow
    rows, words, _, passed_on = labels
    powers = ["e" + text.translate(_RAISED) for text in texts_of(scaled)[i]]
    share = f"{powers[j]} / ({' + '.join(powers)})"
    narrow, wide = max(28, longest(words) + 5), max(30, cell_width(output), longest(passed_on))
    x = max(24 + longest(rows) + S * narrow + _GAP, 5.6 * len(share) + 12)
    left, right = x - _GAP - S * narrow, x + d_v * wide + 5
    top, bottom = last - _GAP - S * _LOW, last + L * _TALL
    start = {"since": 3, "start": (-left, 0), "digits": digits}
    panel.cells(weights, (left, last), (narrow, _TALL), "weights", **start)
    panel.cells(value, (x, top), (wide, _LOW), "value")
    panel.cells(output, (x, last), (wide, _TALL), "output", since=4, start=(-2 * narrow, 0))
    panel.names(rows, (left - 5, last + _TALL / 2), (0, _TALL), "right")
    panel.names(words, (left + narrow / 2, last - 9), (narrow, 0), "center")
    panel.names(words, (right, top + _LOW / 2), (0, _LOW), "left")
    panel.names(passed_on, (x + wide / 2, top - 9), (wide, 0), "center")
    panel.text(right, top - 9, "V", role="value")
    panel.text(left + S * narrow / 2, bottom + 9, "weights", role="weights", ha="center")
    panel.text(x + d_v * wide / 2, bottom + 9, "output", role="output", ha="center")
    tip = left - longest(rows) - 9
    panel.leads([-4, tip, tip - 4, tip, tip - 4], np.add((last + bottom) / 2, [0, 0, -3, 0, 3]))

    panel.title(8, 9, 3, "share out")
    shares = texts_of(weights, "weights", digits)[i]
    panel.text(0, 29, share, since=3)
    panel.text(0, 46, f"= {shares[j]}", since=3)
    for number, weight in enumerate(weights[i]):
        height = (last - _NAME - _BARS) * weight * (panel.step >= 3)
        place = left + number * narrow + 5, last - _NAME - height
        face = colour("weights"), 0.85 if number == j else 0.4
        style = {"fc": face, "ec": "none", "gid": part("weights")}
        panel.ax.add_patch(Rectangle(place, narrow - 10, height, **style))
    panel.title(x + 8, 9, 4, "average")
    made = (shares, "weights"), (texts_of(value)[:, c], "value")
    panel.sum(x + 34, 29, 17, made, texts_of(output)[i, c], since=4)
    asks, answers = panel.pick
    panel.area((left, last), (narrow, _TALL), (L, S), panel.pick, "weights")
    panel.area((x, top), (d_v * wide, _LOW), (S, 1), (answers, None), "value")
    panel.area((x, last), (d_v * wide, _TALL), (L, 1), (asks, None), "output")
    panel.frame(left + j * narrow, last + i * _TALL, narrow, _TALL, [3])
    panel.frame(left, last + i * _TALL, S * narrow, _TALL, [4])
    panel.frame(x + c * wide, top, wide, S * _LOW, [4])
    panel.frame(x + c * wide, last + i * _TALL, wide, _TALL, [4])
