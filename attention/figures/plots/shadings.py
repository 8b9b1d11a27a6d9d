"""Draw large matrices: in shades, where no number fits, and cut into tiles."""

import numpy as np

from attention.figures.marks import TINT, colour, names, pick_area, tile

_CENTRED = {"ha": "center", "va": "center_baseline"}


def shades(ax, matrix, *, span, row=None, rows=None, columns=None, role=None):
    """Draw a matrix (L, S) as cells without numbers, the stronger the nearer to the top of span.

    row frames the row of this number. rows and columns name all of them; without names the first
    and the last are numbered.
    """
    low, high = span
    height, width = np.shape(matrix)
    for (i, j), number in np.ndenumerate(matrix):
        tint = round(0.9 * (number - low) / (high - low), 2)
        tile(ax, j, i, role, 0, fc=(colour(role), tint), ec="none")
    tile(ax, 0, 0, None, 0, fc="none", width=width, height=height)
    if row is not None:
        tile(ax, 0, row, None, 0, fc="none", lw=2, width=width, height=1, zorder=3)
    ax.set(xlim=(-0.2, width + 0.2), ylim=(height + 0.2, -0.2))
    for axis, count, texts in [(ax.xaxis, width, columns), (ax.yaxis, height, rows)]:
        places = [0, count - 1] if texts is None else np.arange(count)
        axis.set_ticks(np.add(places, 0.5), labels=places if texts is None else names(texts, count))
    if columns is not None:
        ax.tick_params(axis="x", rotation=40)
        for label in ax.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def tiles(ax, L, S, block, done, *, kept=False, pick=None):
    """Draw a score matrix (L, S) cut into blocks, the first done of which have been read.

    block is the side of a block, or its (queries, keys). Blocks are read row by row; the last one
    read is in memory now, those before are forgotten but for three numbers a query, the rest waits.
    kept writes beside each row of blocks what is left of it, m, ℓ and o while it is read, and then
    its output. pick names a choice with a value for each block, which a click on it chooses.
    """
    tall, wide = (block, block) if np.isscalar(block) else block
    corners = [(i, j) for i in range(0, L, tall) for j in range(0, S, wide)]
    for number, (i, j) in enumerate(corners):
        size = {"width": min(wide, S - j), "height": min(tall, L - i)}
        is_read, is_now = number < done, number == done - 1
        tile(ax, j, i, "weights", TINT if is_now else 0.15 * is_read, **size)
        text = "now" if is_now else "✓" if is_read else " "
        ax.text(j + size["width"] / 2, i + size["height"] / 2, text, **_CENTRED)
    across = -(-S // wide)
    for row, top in enumerate(range(0, L, tall) if kept else ()):
        read = np.clip(done - row * across, 0, across)
        size = {"width": 0.3 * S, "height": min(tall, L - top)}
        tile(ax, 1.04 * S, top, "output", 0.6 if read == across else 0.15 * (read > 0), **size)
        text = "output" if read == across else "m, ℓ, o" if read else " "
        ax.text(1.19 * S, top + size["height"] / 2, text, **_CENTRED)
    for number, (i, j) in enumerate(corners if pick else ()):
        size = {"width": min(wide, S - j), "height": min(tall, L - i)}
        pick_area(ax, (j, i), choices={pick: number}, role="weights", drag=True, **size)
    right = (1.36 if kept else 1) * S
    ax.set(xlim=(0, right), ylim=(L, 0), aspect="equal", xlabel="keys", ylabel="queries")
    ax.set(xticks=[0, S], yticks=[0, L])
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax
