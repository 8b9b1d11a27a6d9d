"""What the plots of many_heads draw."""

import re

import numpy as np
from drawn import corners
from matplotlib.patches import PathPatch, Rectangle

from attention.figures import figure, plots

# Two layers of three heads, 5 queries, 7 keys: no two sizes alike.
SMALL = np.zeros((2, 3, 5, 7))
SMALL[1, 2, 3, 4] = 0.7  # one strong cell
SMALL[0, 1, 1:4, 0] = 0.3  # a column
SMALL[0, 1, 0, 1:4] = 0.2  # a row
SMALL[0, 1, 2, 6] = 0.14  # too little to be seen


def test_small_maps_draw_the_cells_that_matter_a_path_a_shade(ax):
    assert plots.small_maps(ax, SMALL) is ax
    ground, *shades = (patch for patch in ax.patches if isinstance(patch, PathPatch))
    assert corners(ground) == [(0, 0, 3, 2)]
    wide, tall = 1 / 7, 1 / 5
    assert [corners(path) for path in shades] == [
        [(1 + wide, 0, 1 + 4 * wide, tall), (1, tall, 1 + wide, 4 * tall)],
        [(2 + 4 * wide, 1 + 3 * tall, 2 + 5 * wide, 1 + 4 * tall)],
    ]
    tinted = [path.get_facecolor()[3] for path in shades]
    assert tinted == sorted(tinted)
    assert {path.get_gid() for path in shades} == {"part-weights"}
    assert {text.get_text() for text in ax.texts} == {"layer", "head", "0", "1", "2"}


def test_however_they_lie_strong_cells_are_covered_once(ax):
    weights = np.random.default_rng(0).choice([0.1, 0.2, 0.9], size=(3, 2, 7, 5))
    plots.small_maps(ax, weights)
    paths = [patch.get_path().vertices for patch in ax.patches if isinstance(patch, PathPatch)]
    for path, weight in zip(paths[1:], [0.2, 0.9], strict=True):
        found = np.zeros((3, 2, 7, 5), int)
        for box in path.reshape(-1, 5, 2):
            (x, y), (right, bottom) = box.min(0), box.max(0)
            i, j = int(y), int(x)
            left, right = (round((at - j) * 5) for at in (x, right))
            top, bottom = (round((at - i) * 7) for at in (y, bottom))
            found[i, j, top:bottom, left:right] += 1
        assert np.array_equal(found, weights == weight)


def test_a_small_map_is_framed_and_chosen_at_its_place(ax):
    plots.small_maps(ax, SMALL, chosen=(0, 2), pick=("layer", "head"))
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    picks = {box.get_gid(): box.get_xy() for box in boxes if box.get_gid()}
    assert picks == {
        f"part-.pick-layer-{i}.pick-head-{j}.data-drag": (j, i) for i, j in np.ndindex(2, 3)
    }
    (frame,) = (box for box in boxes if box.get_linewidth() == 2)
    assert frame.get_xy() == (2, 0)


def test_the_cells_of_eleven_tokens_begin_at_whole_points():
    def draw(ax):
        plots.small_maps(ax, np.eye(11)[None, None].repeat(6, 0).repeat(12, 1))
        return "The diagonals of 72 maps."

    drawn = figure(draw).frame.svg
    strong = max(re.findall(r"\bd='([^']*)'", drawn), key=len)
    places = re.findall(r"[-\d.]+", strong)
    assert len(places) == 72 * 11 * 5
    assert all(place.isdecimal() for place in places)
