"""What the plots of sentences draw."""

import numpy as np
from drawn import parts
from matplotlib.patches import PathPatch

from attention.figures import plots


def test_the_same_words_in_two_orders_are_joined_and_compared(ax):
    words, order = ["the", "dog", "saw", "a", "cat"], [3, 4, 2, 0, 1]
    above, below = [0.1, 0.5, 0.1, 0.03, 0.27], [0.02, 0.27, 0.11, 0.1, 0.5]
    assert plots.reordered(ax, words, order, above, below, query=2) is ax
    said = [(text.get_text(), text.get_position()) for text in ax.texts]
    upper, lower = said[:5], said[5:10]
    assert [word for word, _ in upper] == words
    assert [word for word, _ in lower] == ["a", "cat", "saw", "the", "dog"]
    assert {y for _, (_, y) in upper} == {0}
    numbers = dict(zip(["a", "cat", "saw", "the", "dog"], said[10:], strict=False))
    assert [text for text, _ in said[10:]] == [
        *("·", "·"),
        *("0.27", "= 0.27"),
        *("0.10", "≠ 0.11"),
        *("0.10", "= 0.10"),
        *("0.50", "= 0.50"),
    ]
    assert numbers["a"][1][0] == upper[3][1][0]
    joins = [tuple(line.get_xdata()) for line in ax.lines]
    place = {word: (x, dict(lower)[word][0]) for word, (x, _) in upper}
    assert joins == [place[word] for word in ["a", "cat", "saw", "the", "dog"]]
    assert [line.get_linewidth() for line in ax.lines] == [1.5, 1.5, 1, 1.5, 1.5]
    arcs = parts(ax, "weights", PathPatch)
    widths = [arc.get_linewidth() for arc in arcs]
    assert widths == [1.5, 4.0, 1.5, 0, 2.5, 0, 2.5, 1.5, 1.5, 4.0]
    assert arcs[1].get_path().vertices[:, 0].tolist()[::3] == [place["saw"][0], place["dog"][0]]
    assert [np.sign(arc.get_path().vertices[1, 1]) for arc in arcs] == [-1] * 5 + [1] * 5


def test_heads_stand_beside_each_other_each_with_its_words_and_what_it_returns(ax):
    looks = {"who": [0.02, 0.9, 0.08], "where": [0.5, 0.5, 0.0]}
    answers = [{"dog": 0.9, "road": 0.04}, {"dog": 0.5, "road": 0.25}]
    assert plots.heads(ax, ["the", "dog", "ran"], looks, query=2, answers=answers) is ax
    said = [text.get_text() for text in ax.texts if text.get_text()]
    assert said == [
        *("who", "the", "·", "dog", "0.90", "ran", "0.08", "dog 0.90", "road 0.04"),
        *("where", "the", "0.50", "dog", "0.50", "ran", "·", "dog 0.50", "road 0.25"),
    ]
    place = [text.get_position() for text in ax.texts if text.get_text() in ("who", "where")]
    assert place[1][0] - place[0][0] > 60
    assert place[1][1] == place[0][1]
    arcs = [patch for patch in ax.patches if isinstance(patch, PathPatch)]
    assert [arc.get_linewidth() for arc in arcs] == [0, 6.5, 1.5, 4.0, 4.0, 0]
    rows = {text.get_text(): text.get_position()[1] for text in ax.texts}
    first, last = arcs[1].get_path().vertices[[0, -1], 1]
    assert (first, last) == (rows["ran"], rows["dog"])
    returned = [patch for patch in ax.patches if patch.get_gid() == "part-output"]
    assert [patch.get_facecolor()[3] for patch in returned] == [0.54, 0.02, 0.3, 0.15]
