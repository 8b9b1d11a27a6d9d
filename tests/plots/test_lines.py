"""What the plots of lines draw."""

import numpy as np
import pytest
from drawn import tick_names
from matplotlib.figure import Figure

from attention.figures import plots
from attention.figures.picture import to_svg

CURVES = {"ours": [1.0, 3.0, 2.0], "theirs": [1.0, 1.0, 2.0], "far": [1.0, 9.0, 81.0]}


def test_curves_bear_their_names_at_their_ends_and_the_strong_one_its_numbers(ax):
    scale = {"span": (0.5, 9), "ticks": {1: "as fast", 3: "thrice"}, "title": "time"}
    assert plots.curves(ax, [2, 20, 200], CURVES, strong="ours", **scale) is ax
    heights = {text.get_text(): text.xy for text in ax.texts}
    assert [*heights][:3] == [*CURVES]  # then the numbers, each at its point
    numbers = [(text.get_text(), text.xy) for text in ax.texts[3:]]
    assert numbers == [("1.00", (2, 1.0)), ("3.00", (20, 3.0)), ("2.00", (200, 2.0))]
    assert heights["far"][1] == pytest.approx(9)  # where the picture ends
    assert heights["ours"][1] < 2 < heights["theirs"][1] < 9  # side by side they would touch
    assert tick_names(ax.yaxis) == {1: "as fast", 3: "thrice"}
    dashes = {name: ax.lines[2 * i].get_linestyle() for i, name in enumerate(CURVES)}
    assert len({*dashes.values()}) == 3
    assert [*ax.lines[0].get_ydata()] == CURVES["ours"]


def test_a_curve_that_ends_before_is_named_where_it_would_go_on(ax):
    lines = {"long": [1.0, 2.0, 4.0], "short": [1.0, 3.0, np.nan]}
    scale = {"span": (0.1, 100), "ticks": {}, "title": ""}
    plots.curves(ax, [1, 10, 100], lines, strong="long", **scale)
    assert ax.texts[1].get_text() == "short"
    assert ax.texts[1].xy[1] == pytest.approx(9)


def test_named_bars_stand_below_their_names_and_beside_a_mark(ax):
    numbers = {"one": 0.9, "other": 2.5}
    assert plots.named_bars(ax, numbers, span=(0, 3), role="key", mark=(1, "as before")) is ax
    assert [patch.get_width() for patch in ax.patches] == [0.9, 2.5]
    assert {patch.get_gid() for patch in ax.patches} == {"part-key"}
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert [*places] == ["one", "0.90", "other", "2.50", "as before"]
    for name, patch in zip(numbers, ax.patches, strict=True):
        assert places[name][1] < patch.get_y()
    assert places["0.90"][0] > 1  # not on the mark
    (marks_,) = ax.collections
    assert [segment[0][0] for segment in marks_.get_segments()] == [1, 1]


def test_what_is_kept_while_keys_arrive_is_drawn_by_the_same_parts(ax):
    scales = {"span": (-2, 2), "most": 4, "peak": 2}
    plots.running(ax, [-1, 1, np.nan], 1.0, 3.0, np.array([2.0, -1.0]), **scales)
    dot = next(line for line in ax.lines if line.get_marker() == "o")
    assert [*dot.get_xdata()] == [0.75]
    scores = [line for line in ax.lines if line.get_alpha() is not None]
    assert [line.get_xdata()[0] for line in scores] == [0.25, 0.75, 0]
    assert [line.get_alpha() > 0 for line in scores] == [True, True, False]
    total = next(patch for patch in ax.patches if patch.get_gid() == "part-weights")
    assert total.get_width() == 0.75
    output = [patch.get_height() for patch in ax.patches if patch.get_gid() == "part-output"]
    assert output == [-0.75, 0.375]  # up and down
    first = to_svg(ax.figure).count("<path")
    other = Figure().subplots()
    plots.running(other, [-1, np.nan, np.nan], -1.0, 1.0, np.array([0.0, 2.0]), **scales)
    assert to_svg(other.figure).count("<path") == first


def test_labels_that_would_touch_move_apart_and_others_stay():
    heights = [0.0, 0.1, 7.0, 0.2, 5.0]
    placed = plots.apart(heights, 1)
    assert list(np.argsort(placed)) == list(np.argsort(heights))
    assert np.diff(np.sort(placed)).min() > 0.999
    assert placed[2] == 7
    assert placed[4] == 5
