"""Draw the maps of many heads at once, each a few points wide."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from attention.figures.marks import INK, colour, part, pick_area

_CENTRED = {"ha": "center", "va": "center_baseline"}
_STEP = 22  # points from map to map: of 11 tokens each cell begins at a whole point, and lists of
# whole numbers are short
_PAD = 3  # points around what matplotlib lays out
_STRENGTHS = {0.2: 0.45, 0.5: 1.0}  # from a weight on: how much of its colour


def small_maps(ax, maps, *, chosen=None, pick=None):
    """Draw maps (layers, heads, L, S) small, a row a layer, their cells in shades of weight.

    The shades begin at 0.2 and 0.5. chosen (layer, head) is framed. pick names two controls,
    such as ("layer", "head"): a map that is clicked or drawn over chooses its numbers.
    """
    maps = np.asarray(maps)
    layers, heads = maps.shape[:2]
    # One path a shade for all maps: a page with a rectangle a cell would be slow and heavy.
    _fill(ax, [(0, 0, heads, layers)], (colour(None), 0.05), None)
    levels = np.searchsorted([*_STRENGTHS], maps, side="right")
    size = 1 / np.array(maps.shape[:1:-1])
    for level, tint in enumerate(_STRENGTHS.values(), 1):
        blocks = [
            (*np.round((j, i) + np.array(corner) * size, 4), *np.round(sides * size, 4))
            for i, j in np.ndindex(layers, heads)
            for corner, sides in _blocks(levels[i, j] == level)
        ]
        _fill(ax, blocks, (colour("weights"), tint), part("weights"))
    # What parts the maps lies upon them.
    ax.vlines(range(heads + 1), 0, layers, color="#ffffff", lw=1)
    ax.hlines(range(layers + 1), 0, heads, color="#ffffff", lw=1)
    for i, j in np.ndindex(layers, heads):
        if pick:
            pick_area(ax, (j, i), 1, 1, dict(zip(pick, (i, j), strict=True)), drag=True)
    if chosen is not None:
        corner = chosen[1], chosen[0]
        ax.add_artist(Rectangle(corner, 1, 1, fc="none", ec=INK, lw=2, zorder=3))
    for j in range(heads):
        ax.text(j + 0.5, -0.35, str(j), **_CENTRED)
    for i in range(layers):
        ax.text(-0.35, i + 0.5, str(i), **_CENTRED)
    ax.text(heads / 2, -0.95, "head", **_CENTRED)
    ax.text(-0.84, layers / 2, "layer", rotation=90, va="center", ha="center")
    left, top = -25 / _STEP, -28 / _STEP
    wide, tall = (72 * ax.figure.get_size_inches().round(4) - 2 * _PAD) / _STEP
    ax.set(xlim=(left, left + wide), ylim=(top + tall, top))
    ax.axis("off")
    return ax


def _blocks(cells):
    """Return rectangles (corner, sides) that together cover the cells (L, S) that are True."""
    left, found = np.array(cells), []
    while left.any():
        i, j = np.argwhere(left)[0]
        wide = np.argmin([*left[i, j:], False])
        tall = np.argmin([*left[i:, j], False])
        across = np.argmin([*left[i:, j : j + wide].all(axis=1), False])
        down = np.argmin([*left[i : i + tall, j:].all(axis=0), False])
        height, width = (across, wide) if across * wide >= tall * down else (tall, down)
        left[i : i + height, j : j + width] = False
        found.append(((j, i), np.array([width, height])))
    return found


def _fill(ax, rectangles, face, gid):
    """Fill rectangles (x, y, width, height) as one path."""
    corners = [
        point
        for x, y, width, height in rectangles
        for point in [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    ]
    path = Path(np.reshape(corners, (-1, 2)), [1, 2, 2, 2, 79] * len(rectangles))
    ax.add_artist(PathPatch(path, fc=face, ec="none", gid=gid))
