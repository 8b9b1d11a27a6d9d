"""Choose a row or a cell of a matrix by a click, and see a row as strands."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from attention.figures.marks import INK, LEAST, PART, TINT, colour, part, pick_area, shown, tile

_CENTRED = {"ha": "center", "va": "center_baseline"}


def frame_rows(ax, row, *, tall=1):
    """Frame tall rows of a heatmap or mask grid, from row on."""
    size = {"width": round(ax.get_xlim()[1]), "height": tall}
    tile(ax, 0, row, None, 0, fc="none", lw=2, zorder=3, clip_on=False, **size)
    return ax


def choose_row(ax, row, *, pick):
    """Frame a row of a heatmap, and let a click choose any: pick names a choice of one."""
    for i in range(round(ax.get_ylim()[0])):
        pick_area(ax, (0, i), round(ax.get_xlim()[1]), 1, {pick: i}, role="weights")
    return frame_rows(ax, row)


def choose_cell(ax, i, j, *, picks):
    """Frame a cell of a heatmap or mask grid, and let a click choose any: picks name two choices.

    The first has a value for each row, the second for each column.
    """
    tile(ax, j, i, None, 0, fc="none", lw=2.5, zorder=3, clip_on=False)
    height, width = round(ax.get_ylim()[0]), round(ax.get_xlim()[1])
    for row, column in np.ndindex(height, width):
        choices = dict(zip(picks, (row, column), strict=True))
        pick_area(ax, (column, row), 1, 1, choices, role="weights")
    return ax


def strands(ax, words, weights, *, query, pick=None):
    """Draw words twice, as queries and as keys, and strands from one query as wide as its weights.

    Rows stand where those of a heatmap (L, S) of the same words do. pick names a choice with a
    value for each query.
    """
    left, right = 0.3, 0.6
    for i, (word, weight) in enumerate(zip(words, weights, strict=True)):
        matters = weight >= LEAST
        for x, side, role, tint in [
            (left, "right", "query", 0.25 if i == query else 0),
            (right, "left", "key", round(0.05 + TINT * weight, 2) if matters else 0),
        ]:
            gid = PART + (role if tint else "")
            corner = 0 if side == "right" else right
            wide = left if side == "right" else 1 - right
            style = {"width": wide, "height": 0.8, "fc": (colour(role), tint), "ec": "none"}
            tile(ax, corner, i + 0.1, None, 0, **style | {"gid": gid})
            inset = -0.03 if side == "right" else 0.03
            ax.text(x + inset, i + 0.5, word, gid=gid, ha=side, va="center_baseline")
        number = shown(weight, "weights", 2)
        ax.text(0.98, i + 0.5, number, gid=part("weights"), ha="right", va="center_baseline")
        middle = (left + right) / 2
        way = [(left, query + 0.5), (middle, query + 0.5), (middle, i + 0.5), (right, i + 0.5)]
        width, tint = (1 + 9 * weight, 0.3 + 0.6 * weight) if matters else (0, 0)
        style = {"lw": round(width, 1), "gid": part("weights"), "zorder": 0, "capstyle": "butt"}
        stroke(ax, Path(way, [1, 4, 4, 4]), colour("weights"), round(tint, 2), **style)
        if pick:
            pick_area(ax, (0, i), left, 1, {pick: i}, role="query")
    for x, text, role in [(left / 2, "queries", "query"), ((1 + right) / 2, "keys", "key")]:
        ax.text(x, len(words) + 0.6, text, gid=part(role), **_CENTRED)
    ax.set(xlim=(0, 1), ylim=(len(words), 0))
    ax.axis("off")
    return ax


def stroke(ax, path, ink, tint, **style):
    """Draw a line along a path, in so much of a colour."""
    style = {"fc": "none", "capstyle": "round", "joinstyle": "round", "zorder": 1} | style
    ax.add_patch(PathPatch(path, ec=(ink, tint), **style))


def wholes(ax, names, rows, *, seen, picks):
    """Draw under keys, of which a mask shows some, how one whole is shared out, a strip a row.

    rows holds {title: (starts, weights)}, where the piece of each key (S,) begins and how long it
    is. A hidden key's piece is pale and dashed; beside each strip stands the sum. seen (S,) says
    which keys are seen; picks name a choice for each key: its first value shows the key, its second
    hides it.
    """
    count = len(names)
    for j, (name, shows, pick) in enumerate(zip(names, seen, picks, strict=True)):
        x = (j + 0.5) / count
        ax.text(x, 0.35, name, gid=part("key"), **_CENTRED)
        for value, sign in enumerate("✓–"):
            chosen = shows != bool(value)
            size = {"width": 0.095, "height": 1.2, "lw": 2 if chosen else 0.4}
            fill = (colour("weights"), 0.35) if chosen and shows else (INK, 0.15 * chosen)
            corner = (x - 0.1 + 0.105 * value, 0.8)
            tile(ax, *corner, "key", 0, fc=fill, **size)
            ax.text(corner[0] + 0.0475, 1.4, sign, **_CENTRED)
            pick_area(ax, (x - 0.12 + 0.12 * value, 0), 0.12, 2.2, {pick: value}, role="key")
    for row, (title, (starts, weights)) in enumerate(rows.items()):
        y = 3 + 2 * row
        ax.text(0, y, title, va="center_baseline")
        tile(ax, 0, y + 0.4, None, 0, fc="none", width=1, height=1)
        for start, weight, name, shows in zip(starts, weights, names, seen, strict=True):
            style = {"fc": (colour("weights"), TINT if shows else 0.1), "lw": 0.4 if shows else 1}
            style |= {"width": weight, "height": 1, "ls": "-" if shows else (0, (3, 2))}
            tile(ax, start, y + 0.4, "weights", 0, **style)
            text = name if weight > 0.035 * len(name) else "\N{NO-BREAK SPACE}"
            ax.text(start + weight / 2, y + 0.9, text, gid=part("weights"), **_CENTRED)
        total = shown(sum(weights), None, 2)
        ax.text(1.02, y + 0.9, f"= {total}", weight="bold", va="center_baseline")
    ax.set(xlim=(-0.005, 1.16), ylim=(2 * len(rows) + 2.5, 0))
    ax.axis("off")
    return ax
