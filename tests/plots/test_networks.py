"""What the plots of networks draw."""

import numpy as np
import pytest
from drawn import parts
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

from attention.figures import plots

# A chain of three and a web of three: (0, j) is a word, (1, j) an output.
CHAIN = [[(0, 0)], [(0, 1), (1, 0)], [(0, 2), (1, 1)]]


WEB = [[(0, j) for j in range(3)]] * 3


def test_a_network_shows_what_is_done_now_and_waits_by_form_and_word(ax):
    stages = ["done", "now", "waits"]
    given = {"stages": stages, "message": [(0, 0), (1, 0), (1, 1)], "title": "a chain"}
    assert plots.wiring(ax, ["the", "dog", "ran"], CHAIN, **given) is ax
    x = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert [x[stage] for stage in stages] == [x["the"], x["dog"], x["ran"]]
    assert "arrived" not in x
    assert x["from"] < x["dog"] < x["to"]
    circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
    rings, cores = circles[::2], circles[1::2]
    assert [ring.center[0] for ring in rings] == [x["the"], x["dog"], x["ran"]]
    assert rings[1].radius > rings[0].radius == rings[2].radius
    assert [core.radius > 0.1 for core in cores] == [True, True, False]
    assert [ring.get_linestyle() for ring in rings] == ["-", "-", ":"]


def test_the_message_goes_where_it_was_and_links_are_as_many_as_an_output_reads():
    for reads, message, arrived in [
        (CHAIN, [(0, 0), (1, 0), (1, 1)], False),
        (CHAIN, [(0, 0), (1, 0), (1, 1), (1, 2)], True),
        (WEB, [(0, 0), (1, 2)], True),
    ]:
        ax = Figure(figsize=(4, 2)).subplots()
        stages = ["done"] * 3
        plots.wiring(ax, ["the", "dog", "ran"], reads, stages=stages, message=message, title="a")
        *links, way = [patch.get_path() for patch in ax.patches if isinstance(patch, PathPatch)]
        x = {text.get_text(): text.get_position()[0] for text in ax.texts}
        middles = [x["the"], x["dog"], x["ran"]]
        assert list(dict.fromkeys(way.vertices[:, 0])) == list(
            dict.fromkeys(middles[j] for _, j in message)
        )
        assert len(way.vertices) == 4
        assert ("arrived" in x) == arrived
        begun = [sum(link.codes == Path.MOVETO) for link in links]
        heads = [sum(kind for kind, _ in sources) for sources in reads]
        assert begun == [len(s) + head for s, head in zip(reads, heads, strict=True)]


def test_a_score_shows_which_features_meet(ax):
    words, features = ["dog", "road", "it"], ["thing", "alive"]
    vectors = np.array([[[1, 2], [3, 4], [5, 0]], [[6, 7], [8, 9], [2, 3]]])
    style = {"query": 2, "key": 0}
    assert plots.score(ax, words, features, vectors, [30, 0], 30, **style) is ax
    said = [text.get_text() for text in ax.texts]
    assert {"5·6 = 30", "0·7 = 0", "= 30", "looks for", "offers"} <= set(said)
    for role, matrix in zip(("query", "key"), vectors, strict=True):
        numbers = [t.get_text() for t in parts(ax, role, Text) if t.get_text().isdigit()]
        assert numbers == [str(number) for number in matrix.ravel()]
        strong, faint = parts(ax, role, PathPatch)
        assert strong.get_linewidth() > 10 * faint.get_linewidth()
    picks = {patch.get_gid(): patch for patch in ax.patches if "pick" in (patch.get_gid() or "")}
    assert len(picks) == 6
    frames = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linewidth() == 2]
    for frame, gid in zip(frames, ["part-query.pick-query-2", "part-key.pick-key-0"], strict=True):
        assert frame.get_bbox().extents == pytest.approx(picks[gid].get_bbox().extents)
