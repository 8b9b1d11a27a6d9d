"""What the plots of diagrams draw."""

import re

import numpy as np
import pytest
from drawn import parts, written
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

from attention.figures import figure, plots


def test_tower_stacks_its_boxes_from_the_bottom_and_frames_the_repeated_ones(ax):
    assert plots.tower(ax, ["embed", "attend", "predict"], left=2, repeated=(1, 2)) is ax
    named = {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}
    assert named == {"embed": (2.5, 0.35), "attend": (2.5, 1.35), "predict": (2.5, 2.35)}
    *boxes, frame = (patch for patch in ax.patches if isinstance(patch, Rectangle))
    inside = [frame.get_bbox().fully_contains(*box.get_center()) for box in boxes]
    assert inside == [False, True, True]


WORDS = ["the", "dog", "crossed", "the", "road", "because", "it", "was", "hungry"]


ROW = [0.01, 0.6, 0.049, 0.0, 0.11, 0.0, 0.05, 0.0, 0.181]


def test_arcs_go_from_the_query_to_what_it_looks_at_as_wide_as_the_weight(ax):
    assert plots.arcs(ax, WORDS, ROW, query=6) is ax
    middle = {text.get_text(): text.get_position()[0] for text in ax.texts}
    every = parts(ax, "weights", PathPatch)
    assert len(every) == len(WORDS)  # the others are there, and not seen
    drawn = [arc for arc in every if arc.get_linewidth()]
    ends = [tuple(arc.get_path().vertices[[0, -1], 0]) for arc in drawn]
    it = middle["it"]
    assert ends == [
        (it, middle["dog"]),
        (it, middle["road"]),
        (it - 0.8, it + 0.8),  # a loop above "it" itself
        (it, middle["hungry"]),
    ]
    assert [arc.get_linewidth() for arc in drawn] == [4.5, 1.5, 1.5, 2]


def test_arcs_write_a_number_below_each_word_that_matters_and_else_a_dot(ax):
    plots.arcs(ax, WORDS, ROW, query=6)
    place = {text.get_text(): text.get_position() for text in ax.texts}
    numbers = [text.get_text() for text in parts(ax, "weights", Text)]
    assert numbers == ["·", "0.60", "·", "·", "0.11", "·", ".05", "·", "0.18"]
    for word, number in [("dog", "0.60"), ("road", "0.11"), ("hungry", "0.18")]:
        assert place[word][0] == place[number][0]
        assert place[word][1] < place[number][1]  # downwards


def test_arcs_name_the_query_and_the_keys_it_looks_at(ax):
    plots.arcs(ax, WORDS, ROW, query=6)
    named = {part: [a.get_text() for a in ax.texts if a.get_gid() == part] for part in PARTS}
    assert named == {
        "part-query": ["it"],
        "part-key": ["dog", "road", "hungry"],
        "part-": ["the", "crossed", "the", "because", "was"],
    }


PARTS = ["part-query", "part-key", "part-"]


def test_whatever_it_shows_a_sentence_is_drawn_by_the_same_parts_in_the_same_order():
    def tags(weights, query):
        def draw(ax):
            plots.arcs(ax, WORDS, weights, query=query, pick="word")
            return "A sentence."

        return re.findall(r"<(\w+)", figure(draw).frame.svg)

    assert tags(ROW, 6) == tags(ROW[::-1], 2) == tags(np.eye(9)[4], 4)


def test_a_sentence_fits_its_line_or_breaks_between_words():
    for line, rows in [(47, 1), (46, 2), (25, 2), (23, 3)]:
        ax = Figure().subplots()
        plots.arcs(ax, WORDS, ROW, query=6, line=line)
        words = [(t, t.get_position()) for t in ax.texts if t.get_gid() != "part-weights"]
        assert [t.get_text() for t, _ in words] == WORDS
        assert len({y for _, (_, y) in words}) == rows
        for t, (x, _) in words:
            half = len(t.get_text()) / 2
            assert x - half >= 0
            assert x + half <= line


def test_numbers_of_neighbours_in_a_sentence_do_not_touch(ax):
    plots.arcs(ax, ["the", "the", "neighbourhood"], [0.25, 0.25, 0.5], query=2)
    assert [text for text in written(ax).values() if text[-1].isdigit()] == [".25", ".25", "0.50"]


def test_each_word_of_a_sentence_can_be_clicked_where_a_choice_is_named(ax):
    words = ["the", "dog", "ran", "off"]
    plots.arcs(ax, words, [0.1, 0.2, 0.3, 0.4], query=0)
    assert not [patch for patch in ax.patches if "pick" in (patch.get_gid() or "")]
    other = Figure().subplots()
    plots.arcs(other, words, [0.1, 0.2, 0.3, 0.4], query=0, pick="word", line=8)
    picks = {patch.get_gid(): patch for patch in other.patches if "pick" in (patch.get_gid() or "")}
    assert [*picks] == ["part-query.pick-word-0"] + [f"part-key.pick-word-{j}" for j in (1, 2, 3)]
    texts = {text.get_text(): text.get_position() for text in other.texts}
    for word, patch in zip(words, picks.values(), strict=True):
        assert patch.get_bbox().contains(*texts[word])
        low, high = other.transData.transform(patch.get_bbox())[:, 1]
        assert abs(high - low) / other.figure.dpi * 72 == pytest.approx(44 * axes_share(other))
        assert patch.get_facecolor()[3] > 0  # or nothing could be clicked


def axes_share(ax):
    """Return how much of the figure's height is the axes'."""
    return ax.get_position().height


def test_a_word_that_a_mask_hides_is_hatched_and_has_a_dash(ax):
    hidden = np.array([False, True, False, True])
    plots.arcs(ax, ["the", "dog", "ran", "off"], [0.4, 0, 0.6, 0], query=2, hidden=hidden)
    numbers = [text.get_text() for text in parts(ax, "weights", Text)]
    assert numbers == ["0.40", "–", "0.60", "–"]
    hatched = [p for p in ax.patches if isinstance(p, PathPatch) and p.get_gid() is None]
    assert [bool(patch.get_linewidth()) for patch in hatched] == hidden.tolist()
    places = {text.get_text(): text.get_position()[0] for text in ax.texts}
    for word, patch in zip(["the", "dog", "ran", "off"], hatched, strict=True):
        assert patch.get_path().get_extents().intervalx.mean() == pytest.approx(places[word], abs=1)


def test_what_a_model_does_without_is_pale(ax):
    plots.tower(ax, ["embed", "attend", "predict"], left=0, repeated=(1, 1), faint=[1])
    assert [text.get_alpha() for text in ax.texts if text.get_text()] == [1, 0.22, 1]
    *_, frame = ax.patches
    assert frame.get_edgecolor()[3] == 1
    other = Figure().subplots()
    plots.tower(other, ["embed", "attend"], left=0, faint=range(2))
    *_, frame = other.patches
    assert frame.get_edgecolor()[3] == 0.22
