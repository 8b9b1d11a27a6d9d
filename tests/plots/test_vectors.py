"""What the plots of vectors draw."""

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from attention.figures import plots

KEYS = np.array([[1, 2], [2, 3], [-3, 0]])  # no square, so that a transposed plane cannot pass


def test_a_plane_s_arrows_end_at_their_vectors_as_wide_as_their_weights(ax):
    assert plots.plane(ax, [3, 4], KEYS, [0.25, 0.7, 0.05], rings={"far": 5}, ties=(-1, 1)) is ax
    *keys, query = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert [patch._posA_posB for patch in (*keys, query)] == [
        [(0, 0), tip] for tip in [(1, 2), (2, 3), (-3, 0), (3, 4)]
    ]
    assert [patch.get_linewidth() for patch in keys] == [2.0, 3.8, 1.2]
    assert [patch.get_gid() for patch in (*keys, query)] == ["part-key"] * 3 + ["part-query"]
    said = [text.get_text() for text in ax.texts]
    assert said == ["far", "k_1  0.25", "k_2  0.70", "k_3  0.05"]
    (ring,) = [patch for patch in ax.patches if isinstance(patch, Circle)]
    assert ring.radius == 5
    line, handle = ax.lines
    np.testing.assert_allclose(line.get_xdata(), -line.get_ydata())
    assert tuple(np.ravel(handle.get_data())) == (3, 4)


def test_what_is_nearest_to_an_angle_and_a_length_chooses_them(ax):
    angles, lengths = np.radians([0, 53, 90, 170, 260]), [1, 2, 5]
    plots.pick_ring(ax, angles, lengths, ("turn", "size"))
    areas = {patch.get_gid(): patch for patch in ax.patches}
    assert len(areas) == 15
    for i, angle in enumerate(angles):
        for j, length in enumerate(lengths):
            place = length * np.array([np.cos(angle), np.sin(angle)])
            within = [gid for gid, area in areas.items() if area.get_path().contains_point(place)]
            assert within == [f"part-.pick-turn-{i}.pick-size-{j}.data-drag"]


def test_shares_meet_at_the_first_weight_and_mark_what_they_are_told(ax):
    weights = np.array([[0.5, 0.5], [0.7, 0.3], [0.9, 0.1]])
    options = {"names": ("b", "a"), "at": 2, "marks": {4: "0.9"}, "pick": ("size", [1, 2, 4])}
    assert plots.shares(ax, [0, 2, 4], weights, **options) is ax
    whole, first, *areas = ax.patches
    assert whole.get_path().get_extents().bounds == (0, 0, 4, 1)
    assert first.get_path().vertices[1:4].tolist() == [[0, 0.5], [2, 0.7], [4, 0.9]]
    assert [area.get_bbox().intervalx.tolist() for area in areas] == [[0, 1.5], [1.5, 3], [3, 4]]
    assert areas[2].get_gid() == "part-.pick-size-2.data-drag"
    line, mark = ax.lines
    assert list(line.get_xdata()) == [2, 2]
    assert tuple(np.ravel(mark.get_data())) == (4, 0.9)
    height = {text.get_text(): round(text.get_position()[1], 2) for text in ax.texts}
    assert height == {"0.9": 0.8, "b": 0.45, "a": 0.95}


def test_turned_vectors_stand_where_they_were_and_where_they_went(ax):
    vectors = {"query": np.array([2.0, 0.0]), "key": np.array([0.0, 1.0])}
    options = {"texts": ["q at 1", "k at 0"]}
    assert plots.turned(ax, vectors, [np.pi / 2, 0], **options) is ax
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    tips = [np.round(arrow._posA_posB[1], 6).tolist() for arrow in arrows]
    assert tips == [[2, 0], [0, 2], [0, 1], [0, 1]]
    assert [arrow.get_alpha() for arrow in arrows] == [0.3, 1, 0.3, 1]
    assert [arrow.get_gid() for arrow in arrows] == ["part-query"] * 2 + ["part-key"] * 2
    places = {text.get_text(): np.round(text.get_position(), 2).tolist() for text in ax.texts}
    assert places == {"q at 1": [0, 2.42], "k at 0": [0, 1.42]}
    (arc,) = ax.lines
    np.testing.assert_allclose(np.hypot(*arc.get_data()), 0.396)
    np.testing.assert_allclose(arc.get_xydata()[[0, -1]], [[0, 0.396]] * 2, atol=1e-9)
    plots.pick_ring(ax, [0, 2, 4], [1], ["turn"])
    assert [patch.get_gid() for patch in ax.patches[-3:]] == [
        f"part-.pick-turn-{number}.data-drag" for number in range(3)
    ]
