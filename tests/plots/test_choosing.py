"""What the plots of choosing draw."""

import numpy as np
from drawn import MATRIX, parts
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from attention.figures import plots


def test_strands_go_from_a_query_to_its_keys_as_wide_as_the_weight(ax):
    words, weights = ["dog", "ran", "off"], np.array([0.7, 0.04, 0.26])
    assert plots.strands(ax, words, weights, query=1, pick="row") is ax
    strands = parts(ax, "weights", PathPatch)
    ends = [strand.get_path().vertices[[0, -1], 1].tolist() for strand in strands]
    assert ends == [[1.5, 0.5], [1.5, 1.5], [1.5, 2.5]]
    assert [strand.get_linewidth() for strand in strands] == [7.3, 0, 3.3]
    numbers = [text.get_text() for text in parts(ax, "weights", Text)]
    assert numbers == ["0.70", "·", "0.26"]
    assert [text.get_text() for text in parts(ax, "query", Text)] == ["ran", "queries"]
    assert [text.get_text() for text in parts(ax, "key", Text)] == ["dog", "off", "keys"]
    picked = [patch.get_y() for patch in ax.patches if "pick-row" in (patch.get_gid() or "")]
    assert picked == [0, 1, 2]


def test_a_row_and_a_cell_are_framed_and_any_can_be_clicked(ax):
    plots.heatmap(ax, MATRIX)
    assert plots.choose_row(ax, 1, pick="row") is ax
    [frame] = [patch for patch in ax.patches if patch.get_linewidth() == 2]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((0, 1), 3, 1)
    rows = {p.get_gid(): p.get_xy() for p in ax.patches if "pick" in (p.get_gid() or "")}
    assert rows == {f"part-weights.pick-row-{i}": (0, i) for i in (0, 1)}
    other = Figure().subplots()
    plots.mask_grid(other, MATRIX > 0)
    assert plots.choose_cell(other, 1, 2, picks=("query", "key")) is other
    [frame] = [patch for patch in other.patches if patch.get_linewidth() == 2.5]
    assert frame.get_xy() == (2, 1)
    cells = {p.get_gid(): p.get_xy() for p in other.patches if "pick" in (p.get_gid() or "")}
    name = "part-weights.pick-query-{}.pick-key-{}"
    assert cells == {name.format(i, j): (j, i) for i in range(2) for j in range(3)}
    assert plots.frame_rows(other, 0, tall=2) is other
    assert (other.patches[-1].get_width(), other.patches[-1].get_height()) == (3, 2)


def test_strips_show_how_a_whole_is_shared_out_and_keys_can_be_hidden(ax):
    rows = {"before": ([0, 0.75], [0.75, 0.25]), "after": ([0.125, 0.5], [0.125, 0.25])}
    seen = np.array([True, False])
    assert plots.wholes(ax, ["dog", "it"], rows, seen=seen, picks=["a", "b"]) is ax
    pieces = [p for p in ax.patches if p.get_gid() == "part-weights"]
    assert [(p.get_x(), p.get_width()) for p in pieces] == [
        (0, 0.75),
        (0.75, 0.25),
        (0.125, 0.125),
        (0.5, 0.25),
    ]
    assert [p.get_linestyle() == "-" for p in pieces] == [True, False] * 2
    said = [text.get_text() for text in ax.texts]
    assert {"= 1.00", "= 0.38", "before", "after"} <= set(said)
    picks = [p.get_gid() for p in ax.patches if "pick" in (p.get_gid() or "")]
    assert picks == [f"part-key.pick-{name}-{value}" for name in "ab" for value in (0, 1)]
    framed = [p.get_linewidth() == 2 for p in ax.patches if p.get_gid() == "part-key"]
    assert framed == [True, False, False, True]
