"""Draw what was measured: curves with their names at their ends, and bars below their names."""

import numpy as np

from attention.figures.marks import INK, TINT, colour, part, tile, written

_DASHES = ("-", "--", ":", "-.", (0, (6, 2, 1, 2, 1, 2)))
_ROOM = 14  # points from one name to the next
_CENTRED = {"ha": "center", "va": "center_baseline"}


def curves(ax, places, lines, *, strong, span, ticks, title, digits=2):
    """Draw {name: heights} over places, all on a scale of factors, with each name at its end.

    The strong line bears its numbers, and each line has dashes of its own. Lines are cut where
    span (low, high) ends; names stand at the right, never on one another. ticks is {height: text}.
    """
    low, high = span
    points = 72 * ax.figure.get_figheight() * 0.75 / np.log(high / low)
    ends = np.clip([_end(np.log(heights)) for heights in lines.values()], *np.log(span))
    names = apart(ends, _ROOM / points)
    names += min(np.log(high) - names.max(), 0)  # not above the axes
    for (name, heights), dashes, end in zip(lines.items(), _DASHES, names, strict=False):
        bold = name == strong
        ax.plot(places, heights, ls=dashes, lw=2.5 if bold else 1.2, color=INK)
        ax.plot(places, heights, "o", ms=5 if bold else 2.5, color=INK)
        right = {"xytext": (18, 0), "textcoords": "offset points", "va": "center_baseline"}
        weight = "bold" if bold else "normal"
        ax.annotate(name, (places[-1], np.exp(end)), weight=weight, annotation_clip=False, **right)
    for place, height in zip(places, lines[strong], strict=True):
        text = written(height, digits)
        ground = {"fc": "#ffffff", "ec": "none", "pad": 0.5}
        up = {"xytext": (0, 11), "textcoords": "offset points", "bbox": ground}
        ax.annotate(text, (place, height), zorder=4, **_CENTRED | up)
    ax.set(xscale="log", yscale="log", ylim=span)
    ax.set_xlim(places[0] * (places[0] / places[1]) ** 0.45, places[-1])
    ax.minorticks_off()
    ax.set_xticks(places[::2], labels=[f"{place:,}" for place in places[::2]])
    ax.set_yticks([*ticks], labels=[*ticks.values()])
    ax.set_ylim(span)
    ax.set_title(title, loc="left")
    return ax


def _end(heights):
    """Return the last height, or where a line that ends before would go on to."""
    missing = int(np.isnan(heights).sum())
    *_, before, last = heights[np.isfinite(heights)]
    return last + missing * (last - before)


def named_bars(ax, numbers, *, span, role=None, mark=None, digits=2):
    """Draw {name: number} as bars, each below its name, with its value at its end.

    mark (number, text) is a line across each bar, such as that of as much as before.
    """
    low, high = span
    for place, (name, number) in enumerate(numbers.items()):
        ax.text(low, place + 0.1, name, va="center_baseline", gid=part(role))
        size = {"width": min(number, high) - low, "height": 0.38}
        tile(ax, low, place + 0.4, role, 0, fc=(colour(role), TINT), **size)
        end = min(number, high)
        if mark and 0 <= mark[0] - end < 0.15 * (high - low):
            end = mark[0]  # a number does not stand on the mark
        end += 0.02 * (high - low)
        text = written(number, digits)
        ax.text(end, place + 0.6, text, va="center_baseline", gid=part(role))
    if mark:
        number, text = mark
        starts = np.arange(len(numbers)) + 0.3
        ax.vlines([number] * len(numbers), starts, starts + 0.58, color=INK, lw=2)
        ax.text(number, len(numbers) + 0.15, text, **_CENTRED)
    ax.set(xlim=(low, low + 1.2 * (high - low)), ylim=(len(numbers) + 0.45, -0.3))
    ax.axis("off")
    return ax


def running(ax, scores, maximum, total, output, *, span, most, peak):
    """Draw what is kept while keys arrive: scores read and their maximum, the sum, the output.

    Scores (S,) that are NaN have not been read; output (d_v,) is the average of the values so far.
    span (low, high) is that of scores, most the largest sum, peak the largest component.
    """
    low, high = span

    def along(score):
        return (score - low) / (high - low)

    ax.text(0, 0, "scores read, and their maximum m", va="center_baseline")
    ax.plot([0, 1], [0.8, 0.8], "-", color=INK, lw=0.8)
    for score in scores:  # drawn in any case, so that one frame glides into the next
        seen = bool(np.isfinite(score))
        x = along(score if seen else low)
        ax.plot([x, x], [0.6, 1.0], "-", color=INK, lw=1.5, alpha=0.6 * seen)
    ax.plot([along(maximum)], [0.8], "o", ms=9, color=INK)
    ax.text(1.04, 0.8, written(maximum, 2), va="center_baseline", weight="bold")
    ax.text(0, 1.9, "sum ℓ of exp(score − m)", va="center_baseline")
    tile(ax, 0, 2.4, None, 0, fc="none", width=1, height=0.6)
    size = {"width": total / most, "height": 0.6}
    tile(ax, 0, 2.4, "weights", TINT, **size)
    ax.text(1.04, 2.7, written(total, 2), va="center_baseline", weight="bold")
    ax.text(0, 3.8, "output o / ℓ", va="center_baseline", gid=part("output"))
    wide, zero = 1 / len(output), 5.0
    for place, number in enumerate(output):
        size = {"width": 0.8 * wide, "height": -0.75 * float(number) / peak}
        tile(ax, (place + 0.1) * wide, zero, "output", TINT, **size)
    ax.plot([0, 1], [zero, zero], "-", color=INK, lw=0.8)
    ax.set(xlim=(-0.02, 1.24), ylim=(5.9, -0.5))
    ax.axis("off")
    return ax


def apart(heights, gap):
    """Return heights, of which none is nearer to another than gap, so that labels do not touch.

    >>> [float(height) for height in apart([1, 5, 1], 2)]
    [0.0, 5.0, 2.0]
    """
    placed = np.array(heights, dtype=float)
    order = np.argsort(placed, kind="stable")
    for _ in range(50):  # each pass moves neighbours that touch away from each other by the same
        for low, high in zip(order, order[1:], strict=False):
            missing = gap - (placed[high] - placed[low])
            if missing > 0:
                placed[low] -= missing / 2
                placed[high] += missing / 2
    return placed
