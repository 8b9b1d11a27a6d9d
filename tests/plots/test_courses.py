"""What the plots of courses draw."""

import numpy as np
from drawn import tick_names
from matplotlib.figure import Figure

from attention.figures import plots


def test_a_course_has_its_points_where_it_stands_now(ax):
    lines = {"right": ([0, 1, 3], [0, 0.5, 1]), "loss": ([0, 2, 3], [1, 0.2, 0])}
    ticks = {0: "start", 3: "end"}
    options = {"said": "now", "pick": "step", "ticks": ticks}
    assert plots.course(ax, lines, places=np.array([0, 1, 3]), at=1, **options) is ax
    points = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(points, [(1, 0.5), (1, 0.6)])
    ends = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert (ends["right"], ends["loss"]) == (1, 0)
    assert tick_names(ax.xaxis) == ticks
    areas = {patch.get_gid(): patch.get_bbox().intervalx for patch in ax.patches}
    assert [gid.split(".")[1:] for gid in areas] == [
        [f"pick-step-{i}", "data-drag"] for i in range(3)
    ]
    for (left, right), place in zip(areas.values(), [0, 1, 3], strict=True):
        assert left < place < right


def test_what_a_course_says_stays_inside():
    for at in (0, 1, 2):
        ax = Figure().subplots()
        lines = {"a": ([0, 4], [0, 1]), "b": ([0, 4], [1, 0])}
        plots.course(ax, lines, places=np.array([0, 2, 4]), at=at, said="x" * 30, ticks={})
        x, _ = next(text.get_position() for text in ax.texts if text.get_text() == "x" * 30)
        low, high = ax.get_xlim()
        assert low < x - 4 * 0.029 * 15 + 0.2
        assert x + 4 * 0.029 * 15 - 0.2 < high
