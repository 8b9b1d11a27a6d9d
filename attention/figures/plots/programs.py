"""Draw a program as a map of its lines."""

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from attention.figures.marks import INK, pick_area

_LEFT, _NAMES, _SHAPES, _RIGHT = 0, 17.5, 33, 51  # from the left, in shares of 52


def program(ax, lines, parts, calls, shapes, *, chosen, pick=None):
    """Draw the lines of a program, (indent, length) each, and beside them what calls what.

    parts gives {name: (first line, last line)}, counted from 1, calls {name: [names]} and shapes
    {name: text}. The chosen part, what it calls and what calls it stand out. pick names a choice
    with a value for each part, which a click on it chooses.
    """
    middles = {name: (first + last) / 2 for name, (first, last) in parts.items()}
    for number, (indent, length) in enumerate(lines, 1):
        inside = [name for name, (first, last) in parts.items() if first <= number <= last]
        strength = max((_strength(name, chosen, calls) for name in inside), default=0.15)
        ends = (_LEFT + indent / 8, _LEFT + (indent + length) / 8)
        ax.plot(ends, [number, number], "-", lw=2.5, color=INK, alpha=strength)
    for caller, called in calls.items():
        for name in called:
            strong = chosen in (caller, name)
            _call(ax, middles[caller], middles[name], 0.8 if strong else 0.12)
    for number, (name, (first, last)) in enumerate(parts.items()):
        strength = max(_strength(name, chosen, calls), 0.7)
        style = {"va": "center_baseline", "alpha": strength}
        weight = "bold" if name == chosen else "normal"
        ax.text(_NAMES, middles[name], name, weight=weight, **style)
        ax.text(_SHAPES, middles[name], shapes[name], **style)
        if pick:
            corner, size = (_LEFT, first - 1.4), (_RIGHT, last - first + 2.8)
            pick_area(ax, corner, *size, {pick: number}, drag=True)
    ax.set(xlim=(_LEFT - 0.5, _RIGHT), ylim=(len(lines) + 1, 0))
    ax.axis("off")
    return ax


def _strength(name, chosen, calls):
    if name == chosen:
        return 0.9
    return 0.5 if name in calls.get(chosen, ()) else 0.15


def _call(ax, start, end, strength):
    """Draw an arc at the left of the names, from the caller to what it calls."""
    x = _NAMES - 0.6
    out = x - 1.5 - abs(end - start) / 6
    path = Path([(x, start), (out, start), (out, end), (x, end)], [1, 4, 4, 4])
    style = {"fc": "none", "ec": (INK, strength), "lw": 2 if strength > 0.5 else 1}
    ax.add_patch(PathPatch(path, **style))
    ax.plot([x], [end], ">", ms=5, color=INK, alpha=strength)
