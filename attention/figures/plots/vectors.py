"""Draw vectors of two components: a plane in which the reader drags a query."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, Polygon

from attention.figures.marks import INK, colour, part, pick_area, pick_shape, written

_CENTRED = {"ha": "center", "va": "center_baseline"}


def plane(ax, query, key, weights, *, rings=None, ties=None, digits=2):
    """Draw keys (S, 2) and a query (2,) as arrows, each key's as wide as its weight (S,).

    Each key bears its weight. rings {name: length} are circles that measure the query. On the line
    through the origin in the direction ties (2,) a query gives all keys the same.
    """
    query, key = np.asarray(query, dtype=float), np.asarray(key, dtype=float)
    far = max([*(rings or {}).values(), np.abs(key).max()])
    reach = 1.12 * far
    for name, length in (rings or {}).items():
        ax.add_patch(Circle((0, 0), length, fc="none", ec=(INK, 0.35), lw=0.6))
        ax.text(0, -length - 0.06 * reach, name, **_CENTRED)
    if ties is not None:
        end = far * np.asarray(ties) / np.hypot(*ties)
        ax.plot(*zip(-end, end, strict=True), ":", color=INK, lw=0.8)
    for number, (tip, weight) in enumerate(zip(key, weights, strict=True), start=1):
        _vector(ax, tip, "key", 1 + 4 * float(weight))
        style = {"ha": "right", "va": "center_baseline", "color": colour("key")}
        text = f"k_{number}  {written(weight, digits)}"
        ax.text(tip[0] - 0.05 * reach, tip[1] + 0.02 * reach, text, gid=part("key"), **style)
    _vector(ax, query, "query", 2)
    ax.plot(*query, "o", color=colour("query"), ms=11, mew=0, gid=part("query"))
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.axis("off")
    return ax


def _vector(ax, tip, role, width, alpha=1):
    style = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0}
    style |= {"lw": round(width, 1), "color": colour(role), "gid": part(role)}
    ax.add_patch(FancyArrowPatch((0, 0), tuple(tip), joinstyle="miter", alpha=alpha, **style))


def pick_ring(ax, angles, lengths, choices):
    """Lay over a plane what can be clicked and dragged: each angle, in radians, at each length.

    choices names the controls of angles and of lengths, or that of angles alone. What is nearer to
    one angle and length than to the others chooses them.
    """
    angles, lengths = np.asarray(angles, dtype=float), np.asarray(lengths, dtype=float)
    around = np.concatenate([angles[-1:] - 2 * np.pi, angles, angles[:1] + 2 * np.pi])
    edges = (around[1:] + around[:-1]) / 2
    middles = (lengths[1:] + lengths[:-1]) / 2
    reach = [0, *middles, 2 * lengths[-1]]  # a pointer may run ahead of the tip
    for i, j in np.ndindex(len(angles), len(lengths)):
        corners = [(reach[j + b], edges[i + a]) for a, b in [(0, 0), (0, 1), (1, 1), (1, 0)]]
        points = [(r * np.cos(a), r * np.sin(a)) for r, a in corners]
        chosen = dict(zip(choices, (i, j), strict=False))
        pick_shape(ax, Polygon(points), chosen, drag=True)
    return ax


def turned(ax, vectors, turns, *, texts):
    """Draw vectors {role: (2,)} where they were, pale, and turned by turns (radians), with texts.

    An arc joins the first, turned, to the second: it shows the angle between them.
    """
    reach = 1.32 * max(np.hypot(*vector) for vector in vectors.values())
    angles = []
    for (role, vector), turn, text in zip(vectors.items(), turns, texts, strict=True):
        length, before = np.hypot(*vector), np.arctan2(*vector[::-1])
        angles.append(before + turn)
        tip = np.array([np.cos(angles[-1]), np.sin(angles[-1])])
        ax.add_patch(Circle((0, 0), length, fc="none", ec=(INK, 0.25), lw=0.6))
        _vector(ax, vector, role, 1.5, alpha=0.3)
        _vector(ax, length * tip, role, 2.5)
        style = {"color": colour(role), "gid": part(role)} | _CENTRED
        ax.text(*((length + 0.16 * reach) * tip), text, **style)
    ends = angles[1] + (angles[0] - angles[1]) * np.linspace(0, 1, 11)
    ax.plot(*(0.15 * reach * np.array([np.cos(ends), np.sin(ends)])), "-", color=INK, lw=1)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.axis("off")
    return ax


def shares(ax, places, weights, *, names, at, marks=None, pick=None, role="query"):
    """Draw how two weights (n, 2) share 1 at each of the places (n,), the first at the bottom.

    names are those of the two. A line of role stands at the place at; marks {place: text} are
    points of the first weight. pick (name, values) lays over the values what chooses in a control.
    """
    places, first = np.asarray(places, dtype=float), np.round(np.asarray(weights)[:, 0], 3)
    left, right = places[[0, -1]]
    style = {"color": colour("weights"), "lw": 0, "gid": part("weights")}
    ax.fill([left, left, right, right], [0, 1, 1, 0], alpha=0.15, **style)
    ax.fill([left, *places, right], [0, *first, 0], alpha=0.4, **style)
    ax.plot([at, at], [0, 1], color=colour(role), lw=2, gid=part(role))
    for place, text in (marks or {}).items():
        height = np.interp(place, places, first)
        ax.plot(place, round(height, 3), "o", color=INK, ms=5, clip_on=False)
        ends = place > (left + right) / 2  # the text stands at the side where there is room
        x = place + (-0.02 if ends else 0.02) * (right - left)
        y = round(height + (-0.1 if height > 0.5 else 0.07), 3)
        ax.text(x, y, text, ha="right" if ends else "left")
    middle = first[-1] / 2  # of the first at the end; that of the second is half above it
    for name, height in zip(names, np.clip([middle, middle + 0.5], 0.04, 0.96), strict=True):
        style = {"va": "center_baseline", "color": colour("key"), "gid": part("key")}
        ax.text(right + 0.02 * (right - left), round(height, 3), name, **style)
    if pick:
        name, values = pick
        middles = np.add(values[1:], values[:-1]) / 2
        edges = [left, *middles, right]
        for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            pick_area(ax, (start, 0), end - start, 1, {name: number}, drag=True)
    ax.set(xlim=(left, right + 0.12 * (right - left)), ylim=(0, 1), yticks=[0, 1])
    ax.spines["bottom"].set_bounds(left, right)
    return ax
