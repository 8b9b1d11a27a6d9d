"""What the plots of many_heads draw."""

import numpy as np
import pytest
from drawn import corners, parts
from matplotlib.colors import same_color
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from attention.figures import plots

# Two layers of three heads, 5 queries, 7 keys: no two sizes alike.
SMALL = np.zeros((2, 3, 5, 7))
SMALL[1, 2, 3, 4] = 0.7  # one strong cell
SMALL[0, 1, 1:4, 0] = 0.3  # a column
SMALL[0, 1, 0, 1:4] = 0.2  # a row
SMALL[0, 1, 2, 6] = 0.14  # too little to be seen


def test_small_maps_draw_the_cells_that_matter_a_path_a_shade(ax):
    assert plots.small_maps(ax, SMALL) is ax
    cards, *shades = (patch for patch in ax.patches if isinstance(patch, PathPatch))
    assert len(corners(cards)) == 6
    wide, tall = 0.9 / 7, 0.9 / 5
    assert [corners(path) for path in shades] == [
        [(1.05 + wide, 0.05, 1.05 + 4 * wide, 0.05 + tall)],
        [(1.05, 0.05 + tall, 1.05 + wide, 0.05 + 4 * tall)],
        [(2.05 + 4 * wide, 1.05 + 3 * tall, 2.05 + 5 * wide, 1.05 + 4 * tall)],
    ]
    tinted = [path.get_facecolor()[3] for path in shades]
    assert tinted == sorted(tinted)
    assert {path.get_gid() for path in shades} == {"part-weights"}
    assert {text.get_text() for text in ax.texts} == {"layer", "head", "0", "1", "2"}


def test_however_they_lie_strong_cells_are_covered_once(ax):
    weights = np.random.default_rng(0).choice([0.1, 0.2, 0.5, 0.9], size=(3, 2, 7, 5))
    plots.small_maps(ax, weights)
    paths = [patch.get_path().vertices for patch in ax.patches if isinstance(patch, PathPatch)]
    for path, weight in zip(paths[1:], [0.2, 0.5, 0.9], strict=True):
        found = np.zeros((3, 2, 7, 5), int)
        for box in path.reshape(-1, 5, 2):
            (x, y), (right, bottom) = box.min(0), box.max(0)
            i, j = int(y), int(x)
            left, right = (round((at - j - 0.05) / 0.9 * 5) for at in (x, right))
            top, bottom = (round((at - i - 0.05) / 0.9 * 7) for at in (y, bottom))
            found[i, j, top:bottom, left:right] += 1
        assert np.array_equal(found, weights == weight)


def test_a_small_map_is_framed_pale_and_chosen_at_its_place(ax):
    faded = np.array([[True, True, False], [True, True, True]])
    plots.small_maps(ax, SMALL, chosen=(0, 2), pick=("layer", "head"), faded=faded)
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    picks = {box.get_gid(): box.get_xy() for box in boxes if box.get_gid()}
    assert picks == {
        f"part-.pick-layer-{i}.pick-head-{j}.data-drag": (j, i) for i, j in np.ndindex(2, 3)
    }
    (frame,) = (box for box in boxes if box.get_linewidth() == 2)
    assert frame.get_xy() == (2, 0)
    veils = [box for box in boxes if same_color(box.get_facecolor()[:3], "white")]
    assert {(box.get_x() // 1, box.get_y() // 1) for box in veils} == set(picks.values())
    clear = [box.get_xy() for box in veils if box.get_facecolor()[3] == 0]
    assert clear == [pytest.approx((2.05, 0.05))]


def test_links_go_from_queries_on_the_left_to_keys_on_the_right_as_wide_as_the_weight(ax):
    weights = [[0.5, 0.5, 0.0], [0.04, 0.96, 0.0], [0.2, 0.3, 0.5]]
    assert plots.links(ax, ["a", "dog", "ran"], weights, query=2) is ax
    lines = parts(ax, "weights", PathPatch)
    assert len(lines) == 9  # the others are there, and not seen
    drawn = {
        tuple(line.get_path().vertices[[0, -1], 1]): line for line in lines if line.get_linewidth()
    }
    assert [*drawn] == [(0, 0), (0, 1), (1, 1), (2, 0), (2, 1), (2, 2)]
    assert [line.get_linewidth() for line in drawn.values()] == [3, 3, 5.3, 1.5, 2, 3]
    stand_out = [ends for ends, line in drawn.items() if line.get_edgecolor()[3] == 1]
    assert stand_out == [(2, 0), (2, 1), (2, 2)]
    texts = {part: [t.get_text() for t in parts(ax, part, Text)] for part in ("query", "key")}
    assert texts["query"] == ["a", "dog", "ran", "queries"]
    assert texts["key"] == ["a", "dog", "ran", "keys"]
    left, right = (
        {t.get_position()[0] for t in parts(ax, part, Text)} for part in ("query", "key")
    )
    assert max(left) < min(right)
