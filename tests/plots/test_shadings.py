"""What the plots of shadings draw."""

import pytest
from drawn import MATRIX, cells, tick_names
from matplotlib.colors import to_rgba

from attention.figures import plots


def test_tiles_are_read_row_by_row_and_cut_at_the_edge(ax):
    assert plots.tiles(ax, 5, 7, (2, 3), done=5) is ax
    sizes = [(*p.get_xy(), p.get_width(), p.get_height()) for p in ax.patches]
    assert sizes[:4] == [(0, 0, 3, 2), (3, 0, 3, 2), (6, 0, 1, 2), (0, 2, 3, 2)]
    assert sizes[-1] == (6, 4, 1, 1)
    assert [text.get_text() for text in ax.texts if text.get_text() != " "] == ["✓"] * 4 + ["now"]
    assert ax.texts[4].get_position() == (4.5, 3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("keys", "queries")


def test_beside_tiles_stands_what_is_kept_of_their_row(ax):
    plots.tiles(ax, 6, 6, (2, 3), done=3, kept=True, pick="tile")
    beside = [(p.get_xy(), p.get_gid()) for p in ax.patches if p.get_xy()[0] > 6]
    assert beside == [((6.24, top), "part-output") for top in (0, 2, 4)]
    assert [text.get_text() for text in ax.texts[-3:]] == ["output", "m, ℓ, o", " "]
    picked = [(p.get_xy(), p.get_gid()) for p in ax.patches if "pick" in p.get_gid()]
    places = [(0, 0), (3, 0), (0, 2), (3, 2), (0, 4), (3, 4)]
    gids = [f"part-weights.pick-tile-{number}.data-drag" for number in range(6)]
    assert picked == [*zip(places, gids, strict=True)]


def test_shades_are_the_stronger_the_nearer_to_the_top(ax):
    assert plots.shades(ax, MATRIX, span=(-1, 2), row=1) is ax
    faces = {patch.get_xy(): patch.get_facecolor()[3] for patch in ax.patches[: MATRIX.size]}
    assert faces[2, 1] == 0.9  # the top of the span
    assert faces[1, 1] == 0  # its bottom
    assert faces[0, 0] == 0.45
    assert not ax.texts
    frame = ax.patches[-1]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((0, 1), 3, 1)
    assert tick_names(ax.yaxis) == {0.5: "0", 1.5: "1"}
    assert tick_names(ax.xaxis) == {0.5: "0", 2.5: "2"}


def test_shades_may_name_their_rows_and_columns_and_have_a_role(ax):
    plots.shades(ax, MATRIX, span=(-1, 2), rows=["a", "b"], columns=["x", "y", "z"], role="weights")
    assert tick_names(ax.yaxis) == {0.5: "a", 1.5: "b"}
    assert tick_names(ax.xaxis) == {0.5: "x", 1.5: "y", 2.5: "z"}
    strongest = cells(ax)[(2, 1)]
    assert strongest.get_gid() == "part-weights"
    assert strongest.get_facecolor() == pytest.approx(to_rgba(plots.COLOURS["weights"].light, 0.9))
