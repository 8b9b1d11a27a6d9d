"""What the plots of writing draw."""

import re

import numpy as np
from drawn import NOTES, VECTORS
from matplotlib.figure import Figure

from attention.figures import figure, plots


def tags_of(draw):
    def drawn(ax):
        draw(ax)
        return "A sentence."

    return re.findall(r"<(\w+)", figure(drawn).frame.svg)


def test_pictures_that_glide_are_built_alike():
    vectors = {name: np.array(x) for name, x in VECTORS.items()}
    every = [
        tags_of(lambda ax, o=o, at=at: plots.block(ax, vectors, NOTES, order=o, at=at, word="it"))
        for o in (plots.PRE_NORM, plots.POST_NORM)
        for at in range(7)
    ]
    assert all(tags == every[0] for tags in every)
    words = ["the", "dog", "was", "hungry"]
    for draw in (
        lambda ax, n: plots.cache(ax, words, kept=n, read=1),
        lambda ax, n: plots.prose(ax, words, given=1, written=n),
        lambda ax, n: plots.chances(ax, words, [0.5, 0.2, 0.2, 0], drawn=n, rest=("2", 0.1)),
        lambda ax, n: plots.judged(ax, ["the dog " * 8 * n], [("✓", "right")]),
        lambda ax, n: plots.tower(ax, words, left=0, faint=range(n)).axis([0, 1, 0, 4]),
    ):
        first, *others = (tags_of(lambda ax, n=n, draw=draw: draw(ax, n)) for n in (1, 2, 3))
        assert all(tags == first for tags in others)


def test_prose_shows_what_is_written_and_keeps_room_for_the_rest(ax):
    words = ["the", "dog", "was", "hungry", "yesterday"]
    assert plots.prose(ax, words, given=2, written=1, line=14) is ax
    assert [text.get_text() for text in ax.texts] == words
    assert [text.get_alpha() for text in ax.texts] == [0.62, 0.62, 1, 0, 0]
    assert [patch.get_facecolor()[3] for patch in ax.patches] == [0, 0, 0.35, 0, 0]
    assert len({text.get_position()[1] for text in ax.texts}) == 2  # it breaks
    longer = Figure().subplots()
    plots.prose(longer, words, given=2, written=3, line=14)
    places = [[text.get_position() for text in each.texts] for each in (ax, longer)]
    assert places[0] == places[1]


def test_chances_mark_what_was_drawn_and_sum_up_the_rest(ax):
    rest = ("39 others", 0.05)
    assert plots.chances(ax, ["wide", "dark"], [0.7, 0.25], drawn=1, rest=rest) is ax
    assert [bar.get_width() for bar in ax.patches] == [0.7, 0.25, 0.05]
    bold = [text.get_text() for text in ax.texts if text.get_weight() == "bold"]
    assert bold == ["dark", "0.25 drawn"]
    assert [text.get_text() for text in ax.texts][-2:] == ["39 others", "0.05"]
    assert [bar.get_gid() for bar in ax.patches] == ["part-weights", "part-weights", None]


def test_judged_texts_have_their_mark_and_its_meaning(ax):
    marks = [("✓", "right"), ("✗", "no sentence")]
    assert plots.judged(ax, ["the dog was hungry", "dog " * 40], marks, width=20) is ax
    said = [text.get_text() for text in ax.texts]
    assert said[:2] == ["✓", "the dog was hungry"]
    assert said[4:6] == ["right", "✗"]
    assert said[-1] == "no sentence"
    assert said[-2].endswith("…")


def test_a_cache_keeps_keys_and_values_and_makes_one_row(ax):
    assert plots.cache(ax, ["a", "b", "c", "d"], kept=2, read=1) is ax
    tints = [patch.get_facecolor()[3] for patch in ax.patches]
    rows = np.reshape(tints, (4, 3 + 4))
    np.testing.assert_allclose(rows[:2], [[0, 0.22, 0.22, 0, 0, 0, 0]] * 2)  # kept: no query
    np.testing.assert_allclose(rows[2], [0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0])
    assert not rows[3].any()
    named = {text.get_text(): text for text in ax.texts}
    assert named["c"].get_weight() == "bold" != named["b"].get_weight()
    assert [named[word].get_alpha() for word in "abcd"] == [1, 1, 1, 0]
