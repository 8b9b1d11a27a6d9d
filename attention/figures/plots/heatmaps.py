"""Draw a matrix as a heatmap: tinted cells with their values, or a mask's ticks."""

import numpy as np

from attention.figures.marks import (
    DIGIT,
    Values,
    crowded,
    names,
    shown,
    tile,
    tints,
    written,
)


def heatmap(ax, matrix, *, rows=None, columns=None, role="weights", digits=2):
    """Draw a matrix (L, S) as tinted cells with their values written in them.

    Row i is query i and column j is key j, unless role says that the matrix holds queries, keys,
    values or outputs: then rows are positions and columns are components. The tint grows with the
    magnitude; a weight under 0.05 is a dot, negative numbers carry their sign, and -inf, a masked
    pair, is an empty cell with a dash.
    """
    matrix = np.asarray(matrix, dtype=float)
    tinted = tints(matrix, role)
    cells = [[written(x, digits) for x in row] for row in matrix]
    labels = DIGIT * max(map(len, names(rows, len(matrix))), default=0)
    room = 72 * ax.figure.get_figwidth() - 30 - labels
    short = crowded([x for row in cells for x in row], room / max(matrix.shape[1], 1))
    for (i, j), x in np.ndenumerate(matrix):
        tile(ax, j, i, role, tinted[i, j], shown(x, role, digits, short=short))
    _label_cells(ax, cells, matrix.shape, rows, columns, role)
    ax.set_aspect("auto")  # numbers are wider than tall
    return ax


def frame_cells(ax, which):
    """Frame the cells (L, S) of a heatmap or mask grid that are True: in them lies the finding."""
    for i, j in np.argwhere(which):
        tile(ax, j, i, None, 0, fc="none", lw=2, zorder=3)
    return ax


def beside_rows(ax, texts):
    """Write a text beside each row of a heatmap, such as its sum."""
    for i, text in enumerate(texts):
        ax.text(1.02, i + 0.5, text, va="center_baseline", transform=ax.get_yaxis_transform())
    return ax


def mask_grid(ax, mask, *, rows=None, columns=None):
    """Draw a boolean mask (L, S): a tick where a query may attend, a hatched cell where not."""
    mask = np.asarray(mask, dtype=bool)
    for (i, j), allowed in np.ndenumerate(mask):
        if allowed:
            tile(ax, j, i, "weights", 0.35, "✓")
        else:
            tile(ax, j, i, None, 0, hatch="////", fc="none")
    _label_cells(ax, np.where(mask, "✓", "–").tolist(), mask.shape, rows, columns, "weights")
    return ax


def _label_cells(ax, cells, shape, rows, columns, role):
    L, S = shape
    rows, columns = names(rows, L), names(columns, S)
    ax.add_artist(Values(rows, columns, cells))
    ax.set(xlim=(0, S), ylim=(L, 0), aspect="equal" if L == S else "auto")
    crowded = max(map(len, columns), default=0) * S > 40
    slope = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if crowded else {}
    ax.set_xticks(np.arange(S) + 0.5, labels=columns, **slope)
    ax.set_yticks(np.arange(L) + 0.5, labels=rows)
    ax.tick_params(length=0)
    if role == "weights":
        ax.set(xlabel="keys", ylabel="queries")
    else:
        plural = {"query": "queries", "key": "keys", "output": "outputs"}
        ax.set(xlabel="components", ylabel=plural.get(role, "values"))
    for spine in ax.spines.values():
        spine.set_visible(False)
