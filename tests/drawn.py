"""What tests of plots look at: what is drawn on axes, by place, role and kind."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

# L = 2 queries, S = 3 keys: no square, so that a transposed picture cannot pass.
MATRIX = np.array([[0.5, 0.125, 0.375], [0.0, -1.0, 2.0]])


def written(ax):
    """Return what is written on the axes, by place."""
    return {text.get_position(): text.get_text() for text in ax.texts}


def cells(ax):
    """Return the drawn tiles by their corner."""
    return {patch.get_xy(): patch for patch in ax.patches}


def tick_names(axis):
    places = axis.get_ticklocs()
    names = [label.get_text() for label in axis.get_ticklabels()]
    return dict(zip(places, names, strict=True))


def parts(ax, part, kind):
    """Return what is drawn for a role, of one kind."""
    return [a for a in ax.get_children() if a.get_gid() == f"part-{part}" and isinstance(a, kind)]


def luminance(colour):
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgba(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], linear[:3])


def corners(path):
    """Return the rectangles of a path as (left, top, right, bottom)."""
    boxes = path.get_path().vertices.reshape(-1, 5, 2)
    return [pytest.approx((*box.min(0), *box.max(0)), abs=1e-3) for box in boxes]


WEB = [[(0, j) for j in range(3)]] * 3


# L = 2 queries, S = 3 keys, d_k = 5, d_v = 2: no two sizes that could be taken for one another.
FLOWING = np.arange(10.0).reshape(2, 5), np.arange(15.0).reshape(3, 5) - 4, np.eye(3, 2) * 7


STEPS = FLOWING[0] @ FLOWING[1].T, np.full((2, 3), 1.5), MATRIX, np.array([[4.25, 8], [5, 6]])


def visible(ax):
    return [t.get_text() for t in ax.texts if t.get_text().strip() and t.get_alpha() != 0]


VECTORS = {
    "x": [0.5, -1.0, 0.0],
    "norm": [1.0, -1.2, 0.2],
    "attention": [0.5, 0.5, 2.0],
    "+": [1.0, -0.5, 2.0],
    "norm 2": [0.1, -1.5, 1.4],
    "feed-forward": [-1.0, 0.0, 0.0],
    "+ 2": [0.0, -0.5, 2.0],
}


NOTES = {name: f"{name} holds" for name in VECTORS}
