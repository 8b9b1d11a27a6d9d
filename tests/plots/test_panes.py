"""What the plots of panes draw."""

import numpy as np
from drawn import cells, written
from matplotlib.patches import PathPatch

from attention.figures import plots


def test_blocks_stand_at_their_corners_with_their_texts(ax):
    corners = [(0, 0), (4, 1)]
    assert plots.blocks(ax, ["a", "b"], corners, [0.5, 0.1], width=3, role="query") is ax
    assert list(cells(ax)) == corners
    assert [tile.get_width() for tile in ax.patches] == [3, 3]
    assert [tile.get_facecolor()[3] for tile in ax.patches] == [0.5, 0.1]
    assert written(ax) == {(1.5, 0.5): "a", (5.5, 1.5): "b"}
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 1], [2, 2], [5, 5], [6, 6]]


def test_maps_stand_in_rows_and_show_where_each_head_looks(ax):
    weights = np.zeros((4, 2, 3))
    weights[3, 1] = 0.09, 0.3, 0.3  # the last map, on the right of the second row
    weights[0, 0] = 1.0, 0.0, 0.0
    options = {"rows": ["low", "high"], "chosen": 2, "looks": {1: "it"}, "pick": "head"}
    assert plots.maps(ax, weights, texts=list("abcd"), **options) is ax
    drawn = [patch.get_path() for patch in ax.patches if isinstance(patch, PathPatch)]
    assert len(drawn) == 4 * 5  # five steps a map, whatever it shows
    seen = {i: path.get_extents().bounds for i, path in enumerate(drawn) if len(path.vertices) > 1}
    right, below = 3 + 3, 2 + 5.5  # a map further
    # Drawn from where the map begins: the strongest step of the first, the second of the last.
    assert seen == {4: (0, 0, 1, 1), 16: (right, below, 3, 2)}
    assert drawn[16].vertices[1:3].tolist() == [[right + 1, below + 1], [right + 3, below + 1]]
    frames = [patch for patch in ax.patches if patch.get_gid() is None]
    assert [frame.get_linewidth() for frame in frames] == [0.5, 0.5, 2.5, 0.5]
    picked = [patch.get_gid() for patch in ax.patches if "pick" in (patch.get_gid() or "")]
    assert picked == [f"part-.pick-head-{number}" for number in range(4)]
    said = [text.get_text() for text in ax.texts]
    assert said == ["low", "it", "high", "it", "a", "b", "c", "d"]
    assert ax.texts[1].get_position()[1] == 1.5  # beside the row that it names
