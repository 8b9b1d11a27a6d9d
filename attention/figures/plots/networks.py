"""Draw what flows between words: a message through a network, features into a score."""

import numpy as np
from matplotlib.patches import Circle
from matplotlib.path import Path

from attention.figures.marks import (
    INK,
    colour,
    part,
    pick_area,
    tile,
    tints,
)
from attention.figures.plots.choosing import stroke
from attention.figures.plots.diagrams import _box

_CENTRED = {"ha": "center", "va": "center_baseline"}
_LINE = 47  # letters that fit beside each other
_NOTHING = "\N{NO-BREAK SPACE}"  # a text that is there and not seen: pictures are built alike


def wiring(ax, words, reads, *, stages, message, title):
    """Draw words and an output above each, joined to what it reads, and how far a message came.

    reads holds for each output its sources: (0, j) is word j and (1, j) is output j. stages says of
    each output "done", "now" or "waits", which form, line and word tell apart. message lists the
    places, (0, j) or (1, j), that what the first word says has reached, in their order.
    """
    lengths = np.array([*map(len, words)])
    gap = (_LINE - lengths.sum()) / len(words)
    x = np.cumsum(lengths + gap) - (lengths + gap) / 2
    height = _LINE * ax.figure.get_figheight() / ax.figure.get_figwidth()
    y = [0.0, 12.4 - height]
    for t, (sources, stage) in enumerate(zip(reads, stages, strict=True)):
        links = [_link((x[j], y[kind]), (x[t], y[1]), kind) for kind, j in sources]
        crowd = len(sources) > 2
        tint = 0.2 if stage == "waits" else 0.3 if crowd else 0.9
        style = {"lw": 0.7, "ls": (0, (2, 2)) if stage == "waits" else "-"}
        stroke(ax, Path.make_compound_path(*links), INK, tint, **style)
    # As many points as could be reached, so that the line grows from picture to picture.
    points = [(x[j], y[kind] - (0 if kind else 1.7)) for kind, j in message or [(0, 0)]]
    points += points[-1:] * (len(words) + 1 - len(points))
    stroke(ax, Path(points), INK, 1, lw=4)
    for j, (word, stage) in enumerate(zip(words, stages, strict=True)):
        _node(ax, x[j], y[1], stage)
        _box(ax, x[j], 0, len(word), (INK, 0.12 if (0, j) in message else 0), part(""))
        ax.text(x[j], 0, word, **_CENTRED)
    for stage in ("done", "now", "waits"):
        among = [middle for middle, found in zip(x, stages, strict=True) if found == stage]
        above = y[1] - (4.6 if stage == "now" else 2.6)  # where it does not meet its neighbours
        ax.text(np.mean(among or x), above, stage if among else _NOTHING, **_CENTRED)
    ends = [(x[0] - len(words[0]) / 2, "from", "left"), (x[-1] + len(words[-1]) / 2, "to", "right")]
    if (1, len(words) - 1) in message:
        ends[1] = (ends[1][0], "arrived", "right")
    for place, text, side in ends:
        ax.text(place, 2.5, text, **_CENTRED | {"ha": side})
    ax.text(_LINE / 2, y[1] - 7.4, title, **_CENTRED)
    ax.set(xlim=(0, _LINE), ylim=(3.6, 3.6 - height))
    ax.axis("off")
    return ax


def _link(start, end, kind):
    """Return the way of a link: straight up from a word, and from an output with an arrowhead."""
    (x, y), (to, end_y) = start, end
    if not kind:
        return Path([(x, y - 1.2), (to, end_y + 0.9)])
    tip = to - 1.5
    head = [(tip - 0.8, y - 0.6), (tip, y), (tip - 0.8, y + 0.6)]
    return Path([(x + 0.9, y), (tip, y), *head], [1, 2, 1, 2, 2])


def _node(ax, x, y, stage):
    """Draw an output: a disc if it is done, a disc in a ring now, a hollow circle if it waits."""
    paper, ring = "white", 1.5 if stage == "now" else 0.8
    style = {"lw": 0.8 if stage == "waits" else 1.6, "ec": INK, "zorder": 3}
    ax.add_patch(Circle((x, y), ring, fc=paper, ls=":" if stage == "waits" else "-", **style))
    core = 0.8 if stage != "waits" else 0.05
    ax.add_patch(Circle((x, y), core, fc=INK, ec="none", zorder=4))


_ROW, _LEFT = 3.0, 9.5  # the height of a row, and where columns begin, measured in letters


def score(ax, words, features, vectors, products, total, *, query, key):
    """Draw which features of a query and a key meet, and the score that is their total.

    vectors are those by which words (n,) look for features (d,) and offer them, two matrices
    (n, d). products (d,) and their total are those of the words numbered query and key, which
    choices of these two names have as their values.
    """
    gap = (_LINE - _LEFT - sum(map(len, words))) / len(words)
    widths = [len(word) + gap for word in words]
    edges = _LEFT + np.cumsum([0, *widths])
    tall = _ROW * (len(features) + 1)
    tops, middle = (0, tall + 15.5), tall + 7.75
    chosen, titles = (query, key), ("looks for", "offers")
    for number, role in enumerate(("query", "key")):
        matrix, top, asks = np.asarray(vectors[number]), tops[number], chosen[number]
        heads = top if number == 0 else top + _ROW * len(features)  # the words stand outside
        cells = top + _ROW if number == 0 else top
        tinted = tints(matrix, role)
        label = {"ha": "right", "va": "center_baseline"}
        ax.text(_LEFT - 0.6, heads + _ROW / 2, titles[number], gid=part(role), **label)
        for f, feature in enumerate(features):
            ax.text(_LEFT - 0.6, cells + (f + 0.5) * _ROW, feature, **label)
        for j, word in enumerate(words):
            tint, size = (1 if j == asks else 0.35), {"width": widths[j], "height": _ROW}
            fill = (colour(role), 0.35 if j == asks else 0)
            tile(ax, edges[j], heads, role, 0, **size | {"fc": fill, "ec": "none"})
            x = edges[j] + widths[j] / 2
            ax.text(x, heads + _ROW / 2, word, gid=part(role), **_CENTRED)
            for f, value in enumerate(matrix[j]):
                y = cells + f * _ROW
                tile(ax, edges[j], y, role, round(tint * tinted[j, f], 2), **size)
                ax.text(x, y + _ROW / 2, f"{value:g}", gid=part(role), **_CENTRED)
            pick_area(ax, (edges[j], top), widths[j], tall, {role: j}, role=role)
        tile(ax, edges[asks], top, None, 0, fc="none", lw=2, width=widths[asks], height=tall)
    _products(
        ax, features, vectors, products, total, chosen, (edges, widths, tall, tops[1], middle)
    )
    ax.set(xlim=(0, _LINE + 0.2), ylim=(tops[1] + tall + 0.3, -0.3))
    ax.axis("off")
    return ax


def _products(ax, features, vectors, products, total, chosen, places):
    """Draw a tile for each product, and to it from both columns a strand as wide as it is large."""
    edges, widths, tall, below, middle = places
    size = {"width": 9.4, "height": 5.0}
    starts = [edges[j] + widths[j] / 2 for j in chosen]
    step = size["width"] + 1.8
    for f, product in enumerate(products):
        x = _LEFT + f * step
        a, b = (np.asarray(matrix)[j][f] for matrix, j in zip(vectors, chosen, strict=True))
        tile(ax, x, middle - 2.5, None, 0.25 if product else 0, **size)
        ax.text(x + 4.7, middle - 1.2, features[f], **_CENTRED)
        ax.text(x + 4.7, middle + 1.2, f"{a:g}·{b:g} = {product:g}", **_CENTRED)
        ax.text(x + step - 0.9, middle, "+" if f + 1 < len(features) else _NOTHING, **_CENTRED)
        ends = [(tall, middle - 2.5), (below, middle + 2.5)]
        for role, start, (y, end) in zip(("query", "key"), starts, ends, strict=True):
            way = [(start, y), (start, (y + end) / 2), (x + 4.7, (y + end) / 2), (x + 4.7, end)]
            width = 0.6 + 1.2 * float(product)
            path, tint = Path(way, [1, 4, 4, 4]), 0.75 if product else 0.3
            stroke(ax, path, colour(role), tint, lw=width, gid=part(role), zorder=0)
    end = _LEFT + len(products) * step
    ax.text(_LEFT - 0.6, middle, "score", ha="right", va="center_baseline")
    ax.text(end - 1.2, middle, f"= {total:g}", weight="bold", va="center_baseline")
