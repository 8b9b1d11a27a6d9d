"""What the plots of grids draw."""

import numpy as np
import pytest
from drawn import MATRIX, parts
from matplotlib.patches import Rectangle

from attention.figures import plots


def test_a_grid_writes_its_numbers_its_names_and_its_dimensions(ax):
    words = ["dog", "road"]
    assert plots.grid(ax, MATRIX, rows=words, role="query", dims=("L", "d_v"), name="Q") is ax
    said = [text.get_text() for text in ax.texts]
    numbers = ["0.50", "0.12", "0.38", "0.00", "−1.00", "2.00"]
    assert said == [*numbers, "dog", "road", "d_v = 3", "L = 2", "Q"]
    lines = [line.get_xydata().tolist() for line in ax.lines]
    assert lines[0][0][0] == 0
    assert lines[0][1][0] == 3
    assert lines[0][0][1] == lines[0][1][1] < 0  # above the cells, as long as they are wide
    assert (lines[1][0][1], lines[1][1][1]) == (0, 2)
    assert lines[1][0][0] == lines[1][1][0] < 0


def test_a_product_s_grids_share_their_edges(ax):
    left, right = np.arange(6.0).reshape(2, 3), np.arange(15.0).reshape(3, 5)
    plots.product(ax, left, right, left @ right, dims=("a", "b", "c"))
    boxes = {}
    for part, patches in [
        ("query", parts(ax, "query", Rectangle)),
        ("key", parts(ax, "key", Rectangle)),
        ("scores", [p for p in ax.patches if p.get_gid() is None]),
    ]:
        corners = np.array([p.get_xy() for p in patches])
        boxes[part] = (*corners.min(axis=0), *(corners.max(axis=0) + 1))
    x0, y0, x1, y1 = boxes["scores"]
    assert (x1 - x0, y1 - y0) == pytest.approx((5, 2))
    assert boxes["query"][1::2] == (y0, y1)  # its rows are those of the result
    assert boxes["query"][2] < x0
    assert boxes["key"][::2] == (x0, x1)  # its columns are
    assert boxes["key"][3] < y0
    said = [text.get_text() for text in ax.texts]
    assert said[:6] == ["0", "1", "2", "3", "4", "5"]
    assert said[21:31] == [f"{x:.0f}" for x in (left @ right).ravel()]
    assert said[31:] == ["a = 2", "b = 3", "c = 5", "Q", "Kᵀ", "scores"]


@pytest.mark.parametrize(("digits", "last"), [(None, "1.50"), ((0, 0, 1), "1.5")])
def test_a_product_writes_whole_numbers_as_such_unless_told(ax, digits, last):
    plots.product(ax, [[1, 2]], [[0.5], [0.5]], [[1.5]], digits=digits)
    said = [text.get_text() for text in ax.texts]
    assert said[:2] == ["1", "2"]
    assert said[4] == last


def test_a_product_names_what_it_multiplies_beside_the_cells(ax):
    left, right = np.ones((2, 3)), np.ones((3, 5))
    named = {"rows": ["it", "dog"], "inner": ["thing", "alive", "place"], "columns": list("abcde")}
    plots.product(ax, left, right, left @ right, **named)
    places = {t.get_text(): t.get_position() for t in ax.texts}
    x = y = 3.4  # where the result begins
    assert [places[name] for name in named["rows"]] == [(-0.2, y + 0.5), (-0.2, y + 1.5)]
    assert [places[name] for name in named["inner"]] == [(x - 0.2, i + 0.5) for i in range(3)]
    assert [places[name] for name in named["columns"]] == [(x + j + 0.4, -0.15) for j in range(5)]
    low, high = ax.get_xlim()
    assert low <= -0.2 - 0.3 * len("dog")
    assert high >= places["L = 2"][0] + 0.3 * len("L = 2")


def test_a_product_can_frame_one_number_and_what_it_is_made_of(ax):
    left, right = np.ones((2, 3)), np.ones((3, 5))
    plots.product(ax, left, right, left @ right, mark=(1, 4))
    framed = [(p.get_xy(), p.get_width(), p.get_height()) for p in ax.patches if p.get_lw() == 2]
    x = y = 3.4
    assert framed == [((0, y + 1), 3, 1), ((x + 4, 0), 1, 3), ((x + 4, y + 1), 1, 1)]
