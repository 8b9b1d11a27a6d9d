"""What the plots of programs draw."""

import numpy as np
from matplotlib.patches import PathPatch

from attention.figures import plots

PROGRAM = {
    "lines": [(0, 9), (4, 8), (0, 0), (0, 7), (4, 5)],
    "parts": {"inner": (1, 2), "outer": (4, 5)},
    "calls": {"inner": [], "outer": ["inner"]},
    "shapes": {"inner": "2 → 3", "outer": "5 → 7"},
}


def test_a_program_is_a_map_of_its_lines_and_of_what_calls_what(ax):
    assert plots.program(ax, **PROGRAM, chosen="outer", pick="part") is ax
    code = [line for line in ax.lines if line.get_linestyle() == "-"]
    assert [line.get_ydata()[0] for line in code] == [1, 2, 3, 4, 5]
    ends = np.array([line.get_xdata() for line in code]) * 9 / code[0].get_xdata()[1]
    assert ends.tolist() == [[0, 9], [4, 12], [0, 0], [0, 7], [4, 9]]
    strengths = [line.get_alpha() for line in code]
    assert strengths[3] == strengths[4] > strengths[0] == strengths[1] > strengths[2]
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights == {"inner": 1.5, "2 → 3": 1.5, "outer": 4.5, "5 → 7": 4.5}
    (arc,) = (patch for patch in ax.patches if isinstance(patch, PathPatch))
    assert [y for _, y in arc.get_path().vertices] == [4.5, 4.5, 1.5, 1.5]
    (head,) = (line for line in ax.lines if line.get_marker() == ">")
    assert [*head.get_ydata()] == [1.5]
    picks = [patch.get_gid() for patch in ax.patches if patch.get_gid()]
    assert picks == ["part-.pick-part-0.data-drag", "part-.pick-part-1.data-drag"]
