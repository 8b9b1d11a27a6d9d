"""What the plots of charts draw."""

import pytest
from drawn import tick_names, written
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from attention.figures import plots


def test_bars_show_each_number_from_the_top_with_its_value_at_its_end(ax):
    assert plots.bars(ax, [0.5, -1.0, 2.0], labels=["a", "b", "c"], role="value") is ax
    assert [bar.get_width() for bar in ax.patches] == [0.5, -1.0, 2.0]
    assert [bar.get_center()[1] for bar in ax.patches] == pytest.approx([0, 1, 2])
    assert written(ax) == {(0.56, 0): "0.50", (0.06, 1): "−1.00", (2.06, 2): "2.00"}
    assert tick_names(ax.yaxis) == {0: "a", 1: "b", 2: "c"}
    assert list(ax.get_xticks()) == [-1, 0, 2]
    bottom, top = ax.get_ylim()
    assert bottom > 2 > 0 > top


def test_bars_of_one_span_can_be_compared():
    limits = set()
    for numbers in ([0.1, 0.2], [3.0, -3.0]):
        ax = Figure().subplots()
        plots.bars(ax, numbers, span=(-4, 4))
        limits.add(ax.get_xlim())
    assert limits == {(-4, 6)}


@pytest.mark.parametrize("role", plots.COLOURS)
def test_a_role_has_one_colour(ax, role):
    plots.bars(ax, [1.0], role=role)
    plots.heatmap(ax, [[1.0]], role=role)
    plots.blocks(ax, ["M"], [(0, 0)], [0.5], width=1, role=role)
    for patch in ax.patches:
        assert same_color(patch.get_facecolor()[:3], plots.COLOURS[role].light)


def test_numbers_without_a_role_are_grey(ax):
    plots.bars(ax, [1.0], role=None)
    assert same_color(ax.patches[0].get_facecolor()[:3], plots.INK)


def test_weight_bars_run_from_0_to_1_and_name_both_axes(ax):
    assert plots.weight_bars(ax, [0.2, 0.8], labels=["dog", "road"], digits=1) is ax
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("keys", "weight")
    assert list(ax.get_xticks()) == [0, 1]
    assert tick_names(ax.yaxis) == {0: "dog", 1: "road"}
    assert list(written(ax).values()) == ["0.2", "0.8"]


def test_a_mark_stands_where_a_bar_would_end(ax):
    plots.bars(ax, [1, 2, 3])
    assert plots.bar_marks(ax, [3, 1, 2]) is ax
    [lines] = ax.collections
    ends = [line.vertices.tolist() for line in lines.get_paths()]
    assert ends == [[[x, i - 0.35], [x, i + 0.35]] for i, x in enumerate([3, 1, 2])]
