"""How words look, and the arcs between them: by the weight of each."""

from matplotlib.patches import PathPatch

from attention.figures.marks import LEAST, colour, part


def role_of(weight, is_query):
    """Return the role of a word: it asks, or it is looked at, or it does not matter."""
    return "query" if is_query else "key" if weight >= LEAST else None


def word_tint(role, weight):
    """Return how much of its colour a word gets: the more of it, the more it is looked at."""
    return {"query": 0.2, "key": _step(0.05 + 0.3 * weight, 20), None: 0}[role]


def stroke(ax, path, weight):
    """Draw an arc as wide as its weight, and one that does not matter unseen."""
    is_seen = weight >= LEAST
    wide, tint = (_step(1 + 6 * weight, 2), _step(0.3 + 0.6 * weight, 10)) if is_seen else (0, 0)
    style = {"fc": "none", "lw": wide, "capstyle": "round", "zorder": 0, "gid": part("weights")}
    ax.add_patch(PathPatch(path, ec=(colour("weights"), tint), **style))


def _step(number, steps):
    """Round to so many steps from one to the next: few looks of many pictures are soon told."""
    return round(steps * float(number)) / steps
