"""What the plots draw: the right number in the right cell, named axes, roles by colour and word."""

import re

import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

from attention import causal_mask
from attention.figures import figure, marks, plots
from attention.figures.picture import to_svg

# L = 2 queries, S = 3 keys: no square, so that a transposed picture cannot pass.
MATRIX = np.array([[0.5, 0.125, 0.375], [0.0, -1.0, 2.0]])


@pytest.fixture
def ax():
    return Figure().subplots()


def written(ax):
    """Return what is written on the axes, by place."""
    return {text.get_position(): text.get_text() for text in ax.texts}


def cells(ax):
    """Return the drawn tiles by their corner."""
    return {patch.get_xy(): patch for patch in ax.patches}


def tick_names(axis):
    places = axis.get_ticklocs()
    names = [label.get_text() for label in axis.get_ticklabels()]
    return dict(zip(places, names, strict=True))


def test_heatmap_writes_each_value_in_its_cell(ax):
    assert plots.heatmap(ax, MATRIX, digits=3) is ax
    assert written(ax) == {
        (0.5, 0.5): "0.500",
        (1.5, 0.5): "0.125",
        (2.5, 0.5): "0.375",
        (0.5, 1.5): "·",
        (1.5, 1.5): "−1.000",
        (2.5, 1.5): "2.000",
    }


def test_a_weight_that_does_not_matter_is_a_dot_and_its_value_is_kept(ax):
    plots.heatmap(ax, [[0.049, 0.05, -0.01, 0.902]])
    assert list(written(ax).values()) == ["·", "0.05", "·", "0.90"]
    (values,) = ax.artists
    assert values.cells == [["0.05", "0.05", "−0.01", "0.90"]]
    assert (values.rows, values.columns) == (["0"], ["0", "1", "2", "3"])
    other = Figure().subplots()
    plots.heatmap(other, [[0.01]], role="value")  # of a vector every component matters
    assert list(written(other).values()) == ["0.01"]


def test_heatmap_has_queries_as_rows_from_the_top_and_keys_as_columns(ax):
    plots.heatmap(ax, MATRIX, rows=["who", "what"], columns=["the", "dog", "ran"])
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("queries", "keys")
    assert tick_names(ax.yaxis) == {0.5: "who", 1.5: "what"}
    assert tick_names(ax.xaxis) == {0.5: "the", 1.5: "dog", 2.5: "ran"}
    assert ax.get_xlim() == (0, 3)
    assert ax.get_ylim() == (2, 0)


def test_heatmap_numbers_its_rows_and_columns_without_names(ax):
    plots.heatmap(ax, MATRIX)
    assert list(tick_names(ax.yaxis).values()) == ["0", "1"]
    assert list(tick_names(ax.xaxis).values()) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("role", "rows"),
    [("query", "queries"), ("key", "keys"), ("value", "values"), ("output", "outputs")],
)
def test_a_matrix_of_vectors_has_components_as_columns(ax, role, rows):
    plots.heatmap(ax, MATRIX, role=role)
    assert (ax.get_ylabel(), ax.get_xlabel()) == (rows, "components")


def test_tint_grows_with_the_magnitude_up_to_one_limit(ax):
    plots.heatmap(ax, MATRIX)  # weights: 1 has the full tint
    assert cells(ax)[0, 0].get_facecolor() == to_rgba(plots.COLOURS["weights"].light, 0.3)
    assert cells(ax)[2, 1].get_facecolor()[3] == 0.6
    other = Figure().subplots()
    plots.heatmap(other, MATRIX, role="key")  # vectors: the largest magnitude has
    assert cells(other)[1, 1].get_facecolor() == to_rgba(plots.COLOURS["key"].light, 0.3)
    assert cells(other)[2, 1].get_facecolor()[3] == 0.6


def test_masked_scores_are_empty_cells_with_a_dash(ax):
    plots.heatmap(ax, [[1.0, -np.inf]], role="query")
    assert written(ax) == {(0.5, 0.5): "1.00", (1.5, 0.5): "–"}
    assert cells(ax)[1, 0].get_facecolor()[3] == 0


def test_nothing_but_zeros_has_no_tint(ax):
    plots.heatmap(ax, np.zeros((1, 2)), role="value")
    assert [patch.get_facecolor()[3] for patch in ax.patches] == [0, 0]


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
    plots.shapes(ax, {"M": np.zeros((1, 1))}, roles=[role])
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


def test_mask_grid_ticks_what_is_allowed_and_hatches_what_is_not(ax):
    assert plots.mask_grid(ax, causal_mask(2, 3), columns=["a", "b", "c"]) is ax
    assert written(ax) == {(0.5, 0.5): "✓", (0.5, 1.5): "✓", (1.5, 1.5): "✓"}
    hatched = {corner for corner, patch in cells(ax).items() if patch.get_hatch()}
    assert hatched == {(1, 0), (2, 0), (2, 1)}
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("queries", "keys")
    assert tick_names(ax.xaxis) == {0.5: "a", 1.5: "b", 2.5: "c"}


def test_shapes_are_tiles_to_scale_with_name_and_shape(ax):
    matrices = {"Q": np.zeros((2, 3)), "V": np.zeros((5, 1))}
    assert plots.shapes(ax, matrices, roles=["query", "value"]) is ax
    assert [text.get_text() for text in ax.texts] == ["Q", "2 × 3", "V", "5 × 1"]
    assert len(ax.patches) == 2 * 3 + 5 * 1
    heights = [y for _, y in cells(ax)]
    assert (min(heights), max(heights)) == (-2.5, 1.5)


def test_tower_stacks_its_boxes_from_the_bottom_and_frames_the_repeated_ones(ax):
    assert plots.tower(ax, ["embed", "attend", "predict"], left=2, repeated=(1, 2)) is ax
    named = {text.get_text(): text.get_position() for text in ax.texts if text.get_text()}
    assert named == {"embed": (2.5, 0.35), "attend": (2.5, 1.35), "predict": (2.5, 2.35)}
    *boxes, frame = (patch for patch in ax.patches if isinstance(patch, Rectangle))
    inside = [frame.get_bbox().fully_contains(*box.get_center()) for box in boxes]
    assert inside == [False, True, True]


WORDS = ["the", "dog", "crossed", "the", "road", "because", "it", "was", "hungry"]
ROW = [0.01, 0.6, 0.049, 0.0, 0.11, 0.0, 0.05, 0.0, 0.181]


def parts(ax, part, kind):
    """Return what is drawn for a role, of one kind."""
    return [a for a in ax.get_children() if a.get_gid() == f"part-{part}" and isinstance(a, kind)]


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
    assert [arc.get_linewidth() for arc in drawn] == [4.6, 1.7, 1.3, 2.1]


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


def test_clock_hands_stand_at_position_times_frequency(ax):
    assert plots.clock_hands(ax, [0, 2], [np.pi / 4, np.pi], columns=1) is ax
    hands = [tuple(np.round(np.subtract(a.xy, a.xyann), 3)) for a in ax.texts if not a.get_text()]
    # The last position first: a quarter of a turn clockwise, and a whole one.
    assert hands == [(0.95, 0), (0, 0.95), (-0.0, 0.95), (0, 0.95)]
    said = [text.get_text() for text in ax.texts if text.get_text()]
    # There 0 stands under 2: a blank, so that other positions are drawn by the same parts.
    assert said == ["2", "0", "0.785 a step", "2", "\u00a0", "3.14 a step"]


def test_a_hand_can_be_dragged_to_where_it_stands_in_its_first_turn(ax):
    values, rates = [0, 1, 2, 3, 5], [np.pi / 2, 0.3, 0.01]
    plots.clock_hands(ax, [0, 2], rates, columns=3, pick=("time", values))
    areas = [(area.get_gid(), area.get_path()) for area in ax.patches if "pick" in area.get_gid()]
    assert len(areas) == 4 + 5  # at 5 the first hand is in its second turn; the last hardly turns
    for number, rate in enumerate(rates[:2]):
        for value in values[: 4 + number]:
            place = 3 * number + np.sin(value * rate), np.cos(value * rate)
            within = [gid for gid, area in areas if area.contains_point(place)]
            assert within == [f"part-.pick-time-{values.index(value)}.data-drag"]
    rims = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) == 2]
    assert len(rims) == 3 * len(values)
    np.testing.assert_allclose(rims[1], [[0.9, 0], [1, 0]], atol=1e-12)


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
    assert widths == [1.6, 4.0, 1.6, 0, 2.6, 0, 2.6, 1.7, 1.6, 4.0]
    assert arcs[1].get_path().vertices[:, 0].tolist()[::3] == [place["saw"][0], place["dog"][0]]
    assert [np.sign(arc.get_path().vertices[1, 1]) for arc in arcs] == [-1] * 5 + [1] * 5


def test_tiles_are_read_row_by_row_and_cut_at_the_edge(ax):
    assert plots.tiles(ax, 5, 7, (2, 3), done=5) is ax
    sizes = [(*p.get_xy(), p.get_width(), p.get_height()) for p in ax.patches]
    assert sizes[:4] == [(0, 0, 3, 2), (3, 0, 3, 2), (6, 0, 1, 2), (0, 2, 3, 2)]
    assert sizes[-1] == (6, 4, 1, 1)
    assert [text.get_text() for text in ax.texts if text.get_text() != " "] == ["✓"] * 4 + ["now"]
    assert ax.texts[4].get_position() == (4.5, 3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("keys", "queries")


def test_beside_tiles_stands_what_is_kept_of_their_row(ax):
    plots.tiles(ax, 6, 6, (2, 3), done=3, kept=True, pick="tile")
    beside = [(p.get_xy(), p.get_gid()) for p in ax.patches if p.get_xy()[0] > 6]
    assert beside == [((6.24, top), "part-output") for top in (0, 2, 4)]
    assert [text.get_text() for text in ax.texts[-3:]] == ["output", "m, ℓ, o", " "]
    picked = [(p.get_xy(), p.get_gid()) for p in ax.patches if "pick" in p.get_gid()]
    places = [(0, 0), (3, 0), (0, 2), (3, 2), (0, 4), (3, 4)]
    gids = [f"part-weights.pick-tile-{number}.data-drag" for number in range(6)]
    assert picked == [*zip(places, gids, strict=True)]


CURVES = {"ours": [1.0, 3.0, 2.0], "theirs": [1.0, 1.0, 2.0], "far": [1.0, 9.0, 81.0]}


def test_curves_bear_their_names_at_their_ends_and_the_strong_one_its_numbers(ax):
    scale = {"span": (0.5, 9), "ticks": {1: "as fast", 3: "thrice"}, "title": "time"}
    assert plots.curves(ax, [2, 20, 200], CURVES, strong="ours", **scale) is ax
    heights = {text.get_text(): text.xy for text in ax.texts}
    assert [*heights][:3] == [*CURVES]  # then the numbers, each at its point
    numbers = [(text.get_text(), text.xy) for text in ax.texts[3:]]
    assert numbers == [("1.00", (2, 1.0)), ("3.00", (20, 3.0)), ("2.00", (200, 2.0))]
    assert heights["far"][1] == pytest.approx(9)  # where the picture ends
    assert heights["ours"][1] < 2 < heights["theirs"][1] < 9  # side by side they would touch
    assert tick_names(ax.yaxis) == {1: "as fast", 3: "thrice"}
    dashes = {name: ax.lines[2 * i].get_linestyle() for i, name in enumerate(CURVES)}
    assert len({*dashes.values()}) == 3
    assert [*ax.lines[0].get_ydata()] == CURVES["ours"]


def test_a_curve_that_ends_before_is_named_where_it_would_go_on(ax):
    lines = {"long": [1.0, 2.0, 4.0], "short": [1.0, 3.0, np.nan]}
    scale = {"span": (0.1, 100), "ticks": {}, "title": ""}
    plots.curves(ax, [1, 10, 100], lines, strong="long", **scale)
    assert ax.texts[1].get_text() == "short"
    assert ax.texts[1].xy[1] == pytest.approx(9)


def test_named_bars_stand_below_their_names_and_beside_a_mark(ax):
    numbers = {"one": 0.9, "other": 2.5}
    assert plots.named_bars(ax, numbers, span=(0, 3), role="key", mark=(1, "as before")) is ax
    assert [patch.get_width() for patch in ax.patches] == [0.9, 2.5]
    assert {patch.get_gid() for patch in ax.patches} == {"part-key"}
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert [*places] == ["one", "0.90", "other", "2.50", "as before"]
    for name, patch in zip(numbers, ax.patches, strict=True):
        assert places[name][1] < patch.get_y()
    assert places["0.90"][0] > 1  # not on the mark
    (marks_,) = ax.collections
    assert [segment[0][0] for segment in marks_.get_segments()] == [1, 1]


def test_what_is_kept_while_keys_arrive_is_drawn_by_the_same_parts(ax):
    scales = {"span": (-2, 2), "most": 4, "peak": 2}
    plots.running(ax, [-1, 1, np.nan], 1.0, 3.0, np.array([2.0, -1.0]), **scales)
    dot = next(line for line in ax.lines if line.get_marker() == "o")
    assert [*dot.get_xdata()] == [0.75]
    scores = [line for line in ax.lines if line.get_alpha() is not None]
    assert [line.get_xdata()[0] for line in scores] == [0.25, 0.75, 0]
    assert [line.get_alpha() > 0 for line in scores] == [True, True, False]
    total = next(patch for patch in ax.patches if patch.get_gid() == "part-weights")
    assert total.get_width() == 0.75
    output = [patch.get_height() for patch in ax.patches if patch.get_gid() == "part-output"]
    assert output == [-0.75, 0.375]  # up and down
    first = to_svg(ax.figure).count("<path")
    other = Figure().subplots()
    plots.running(other, [-1, np.nan, np.nan], -1.0, 1.0, np.array([0.0, 2.0]), **scales)
    assert to_svg(other.figure).count("<path") == first


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


def luminance(colour):
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgba(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], linear[:3])


@pytest.mark.parametrize("role", plots.COLOURS)
def test_text_in_a_role_s_colour_is_legible_on_light_pages_and_on_dark_ones(role):
    light, dark = (luminance(colour) + 0.05 for colour in plots.COLOURS[role])
    assert (luminance("white") + 0.05) / light >= 4.5
    assert dark / (luminance("#222832") + 0.05) >= 4.5  # the theme's lighter surface


@pytest.mark.parametrize("role", plots.COLOURS)
def test_ink_is_legible_on_the_darkest_cell(ax, role):
    plots.heatmap(ax, [[1.0]], role=role)
    *colour, tint = ax.patches[0].get_facecolor()
    cell = tint * np.array(colour) + 1 - tint
    assert (luminance(cell) + 0.05) / (luminance(plots.INK) + 0.05) >= 4.5


def test_shades_are_the_stronger_the_nearer_to_the_top(ax):
    assert plots.shades(ax, MATRIX, span=(-1, 2), row=1) is ax
    faces = {patch.get_xy(): patch.get_facecolor()[3] for patch in ax.patches[: MATRIX.size]}
    assert faces[2, 1] == 0.9  # the top of the span
    assert faces[1, 1] == 0  # its bottom
    assert faces[0, 0] == 0.45
    assert not ax.texts
    frame = ax.patches[-1]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((0, 1), 3, 1)
    assert tick_names(ax.yaxis) == {0.5: "0", 1.5: "1"}
    assert tick_names(ax.xaxis) == {0.5: "0", 2.5: "2"}


def test_where_numbers_would_touch_they_begin_with_their_point():
    narrow = Figure(figsize=(2, 2)).subplots()
    plots.heatmap(narrow, [[0.5, -0.125, 1.0, 2.5, -0.75]], role="value")
    assert list(written(narrow).values()) == [".50", "−.12", "1.00", "2.50", "−.75"]
    assert narrow.artists[0].cells == [["0.50", "−0.12", "1.00", "2.50", "−0.75"]]
    wide = Figure(figsize=(8, 2)).subplots()
    plots.heatmap(wide, [[0.5, -0.125, 1.0, 2.5, -0.75]], role="value")
    assert list(written(wide).values()) == ["0.50", "−0.12", "1.00", "2.50", "−0.75"]


def test_numbers_of_neighbours_in_a_sentence_do_not_touch(ax):
    plots.arcs(ax, ["the", "the", "neighbourhood"], [0.25, 0.25, 0.5], query=2)
    assert [text for text in written(ax).values() if text[-1].isdigit()] == [".25", ".25", "0.50"]


def test_frames_stand_around_the_cells_that_are_true(ax):
    before = len(plots.heatmap(ax, MATRIX).patches)
    assert plots.frame_cells(ax, MATRIX > 0.4) is ax
    frames = ax.patches[before:]
    assert [frame.get_xy() for frame in frames] == [(0, 0), (2, 1)]
    assert all(frame.get_facecolor()[3] == 0 and frame.get_linewidth() == 2 for frame in frames)


def test_texts_stand_beside_their_rows(ax):
    assert plots.beside_rows(plots.heatmap(ax, MATRIX), ["a", "b"]) is ax
    places = {text.get_text(): text.get_position() for text in ax.texts}
    assert (places["a"], places["b"]) == ((1.02, 0.5), (1.02, 1.5))


def test_a_mark_stands_where_a_bar_would_end(ax):
    plots.bars(ax, [1, 2, 3])
    assert plots.bar_marks(ax, [3, 1, 2]) is ax
    [lines] = ax.collections
    ends = [line.vertices.tolist() for line in lines.get_paths()]
    assert ends == [[[x, i - 0.35], [x, i + 0.35]] for i, x in enumerate([3, 1, 2])]


def test_labels_that_would_touch_move_apart_and_others_stay():
    heights = [0.0, 0.1, 7.0, 0.2, 5.0]
    placed = plots.apart(heights, 1)
    assert list(np.argsort(placed)) == list(np.argsort(heights))
    assert np.diff(np.sort(placed)).min() > 0.999
    assert placed[2] == 7
    assert placed[4] == 5


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


def test_an_area_chooses_values_of_several_controls_and_may_be_dragged(ax):
    marks.pick_area(ax, (2, 3), 5, 7, {"layer": 11, "head": 2}, role="key", drag=True)
    marks.pick_area(ax, (2, 3), 5, 7, {"layer": 13})
    assert [patch.get_gid() for patch in ax.patches] == [
        "part-key.pick-layer-11.pick-head-2.data-drag",
        "part-.pick-layer-13",
    ]
    svg = to_svg(ax.figure)
    assert "data-pick='layer-11 head-2'\ndata-drag=''" in svg
    assert svg.count("data-drag") == 1
    assert "data-pick='layer-13'" in svg


def test_shades_may_name_their_rows_and_columns_and_have_a_role(ax):
    plots.shades(ax, MATRIX, span=(-1, 2), rows=["a", "b"], columns=["x", "y", "z"], role="weights")
    assert tick_names(ax.yaxis) == {0.5: "a", 1.5: "b"}
    assert tick_names(ax.xaxis) == {0.5: "x", 1.5: "y", 2.5: "z"}
    strongest = cells(ax)[(2, 1)]
    assert strongest.get_gid() == "part-weights"
    assert strongest.get_facecolor() == pytest.approx(to_rgba(plots.COLOURS["weights"].light, 0.9))


# Two layers of three heads, 5 queries, 7 keys: no two sizes alike.
SMALL = np.zeros((2, 3, 5, 7))
SMALL[1, 2, 3, 4] = 0.7  # one strong cell
SMALL[0, 1, 1:4, 0] = 0.3  # a column
SMALL[0, 1, 0, 1:4] = 0.2  # a row
SMALL[0, 1, 2, 6] = 0.14  # too little to be seen


def corners(path):
    """Return the rectangles of a path as (left, top, right, bottom)."""
    boxes = path.get_path().vertices.reshape(-1, 5, 2)
    return [pytest.approx((*box.min(0), *box.max(0)), abs=1e-3) for box in boxes]


def test_small_maps_draw_the_cells_that_matter_a_path_a_shade(ax):
    assert plots.small_maps(ax, SMALL) is ax
    cards, *shades = (patch for patch in ax.patches if isinstance(patch, PathPatch))
    assert len(corners(cards)) == 6
    wide, tall = 0.9 / 7, 0.9 / 5
    assert [corners(path) for path in shades] == [
        [(1.05 + wide, 0.05, 1.05 + 4 * wide, 0.05 + tall)],
        [(1.05, 0.05 + tall, 1.05 + wide, 0.05 + 4 * tall)],
        [(2.05 + 4 * wide, 1.05 + 3 * tall, 2.05 + 5 * wide, 1.05 + 4 * tall)],
    ]
    tinted = [path.get_facecolor()[3] for path in shades]
    assert tinted == sorted(tinted)
    assert {path.get_gid() for path in shades} == {"part-weights"}
    assert {text.get_text() for text in ax.texts} == {"layer", "head", "0", "1", "2"}


def test_however_they_lie_strong_cells_are_covered_once(ax):
    weights = np.random.default_rng(0).choice([0.1, 0.2, 0.5, 0.9], size=(3, 2, 7, 5))
    plots.small_maps(ax, weights)
    paths = [patch.get_path().vertices for patch in ax.patches if isinstance(patch, PathPatch)]
    for path, weight in zip(paths[1:], [0.2, 0.5, 0.9], strict=True):
        found = np.zeros((3, 2, 7, 5), int)
        for box in path.reshape(-1, 5, 2):
            (x, y), (right, bottom) = box.min(0), box.max(0)
            i, j = int(y), int(x)
            left, right = (round((at - j - 0.05) / 0.9 * 5) for at in (x, right))
            top, bottom = (round((at - i - 0.05) / 0.9 * 7) for at in (y, bottom))
            found[i, j, top:bottom, left:right] += 1
        assert np.array_equal(found, weights == weight)


def test_a_small_map_is_framed_pale_and_chosen_at_its_place(ax):
    faded = np.array([[True, True, False], [True, True, True]])
    plots.small_maps(ax, SMALL, chosen=(0, 2), pick=("layer", "head"), faded=faded)
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    picks = {box.get_gid(): box.get_xy() for box in boxes if box.get_gid()}
    assert picks == {
        f"part-.pick-layer-{i}.pick-head-{j}.data-drag": (j, i) for i, j in np.ndindex(2, 3)
    }
    (frame,) = (box for box in boxes if box.get_linewidth() == 2)
    assert frame.get_xy() == (2, 0)
    veils = [box for box in boxes if same_color(box.get_facecolor()[:3], "white")]
    assert {(box.get_x() // 1, box.get_y() // 1) for box in veils} == set(picks.values())
    clear = [box.get_xy() for box in veils if box.get_facecolor()[3] == 0]
    assert clear == [pytest.approx((2.05, 0.05))]


def test_links_go_from_queries_on_the_left_to_keys_on_the_right_as_wide_as_the_weight(ax):
    weights = [[0.5, 0.5, 0.0], [0.04, 0.96, 0.0], [0.2, 0.3, 0.5]]
    assert plots.links(ax, ["a", "dog", "ran"], weights, query=2) is ax
    lines = parts(ax, "weights", PathPatch)
    assert len(lines) == 9  # the others are there, and not seen
    drawn = {
        tuple(line.get_path().vertices[[0, -1], 1]): line for line in lines if line.get_linewidth()
    }
    assert [*drawn] == [(0, 0), (0, 1), (1, 1), (2, 0), (2, 1), (2, 2)]
    assert [line.get_linewidth() for line in drawn.values()] == [3, 3, 5.3, 1.5, 2, 3]
    stand_out = [ends for ends, line in drawn.items() if line.get_edgecolor()[3] == 1]
    assert stand_out == [(2, 0), (2, 1), (2, 2)]
    texts = {part: [t.get_text() for t in parts(ax, part, Text)] for part in ("query", "key")}
    assert texts["query"] == ["a", "dog", "ran", "queries"]
    assert texts["key"] == ["a", "dog", "ran", "keys"]
    left, right = (
        {t.get_position()[0] for t in parts(ax, part, Text)} for part in ("query", "key")
    )
    assert max(left) < min(right)


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


KEYS = np.array([[1, 2], [2, 3], [-3, 0]])  # no square, so that a transposed plane cannot pass


def test_a_plane_s_arrows_end_at_their_vectors_as_wide_as_their_weights(ax):
    assert plots.plane(ax, [3, 4], KEYS, [0.25, 0.7, 0.05], rings={"far": 5}, ties=(-1, 1)) is ax
    *keys, query = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert [patch._posA_posB for patch in (*keys, query)] == [
        [(0, 0), tip] for tip in [(1, 2), (2, 3), (-3, 0), (3, 4)]
    ]
    assert [patch.get_linewidth() for patch in keys] == [2.0, 3.8, 1.2]
    assert [patch.get_gid() for patch in (*keys, query)] == ["part-key"] * 3 + ["part-query"]
    said = [text.get_text() for text in ax.texts]
    assert said == ["far", "k_1  0.25", "k_2  0.70", "k_3  0.05"]
    (ring,) = [patch for patch in ax.patches if isinstance(patch, Circle)]
    assert ring.radius == 5
    line, handle = ax.lines
    np.testing.assert_allclose(line.get_xdata(), -line.get_ydata())
    assert tuple(np.ravel(handle.get_data())) == (3, 4)


def test_what_is_nearest_to_an_angle_and_a_length_chooses_them(ax):
    angles, lengths = np.radians([0, 53, 90, 170, 260]), [1, 2, 5]
    plots.pick_ring(ax, angles, lengths, ("turn", "size"))
    areas = {patch.get_gid(): patch for patch in ax.patches}
    assert len(areas) == 15
    for i, angle in enumerate(angles):
        for j, length in enumerate(lengths):
            place = length * np.array([np.cos(angle), np.sin(angle)])
            within = [gid for gid, area in areas.items() if area.get_path().contains_point(place)]
            assert within == [f"part-.pick-turn-{i}.pick-size-{j}.data-drag"]


def test_shares_meet_at_the_first_weight_and_mark_what_they_are_told(ax):
    weights = np.array([[0.5, 0.5], [0.7, 0.3], [0.9, 0.1]])
    options = {"names": ("b", "a"), "at": 2, "marks": {4: "0.9"}, "pick": ("size", [1, 2, 4])}
    assert plots.shares(ax, [0, 2, 4], weights, **options) is ax
    whole, first, *areas = ax.patches
    assert whole.get_path().get_extents().bounds == (0, 0, 4, 1)
    assert first.get_path().vertices[1:4].tolist() == [[0, 0.5], [2, 0.7], [4, 0.9]]
    assert [area.get_bbox().intervalx.tolist() for area in areas] == [[0, 1.5], [1.5, 3], [3, 4]]
    assert areas[2].get_gid() == "part-.pick-size-2.data-drag"
    line, mark = ax.lines
    assert list(line.get_xdata()) == [2, 2]
    assert tuple(np.ravel(mark.get_data())) == (4, 0.9)
    height = {text.get_text(): round(text.get_position()[1], 2) for text in ax.texts}
    assert height == {"0.9": 0.8, "b": 0.45, "a": 0.95}


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
    assert [arc.get_linewidth() for arc in arcs] == [0, 6.4, 1.5, 4.0, 4.0, 0]
    rows = {text.get_text(): text.get_position()[1] for text in ax.texts}
    first, last = arcs[1].get_path().vertices[[0, -1], 1]
    assert (first, last) == (rows["ran"], rows["dog"])
    returned = [patch for patch in ax.patches if patch.get_gid() == "part-output"]
    assert [patch.get_facecolor()[3] for patch in returned] == [0.54, 0.02, 0.3, 0.15]


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


# L = 2 queries, S = 3 keys, d_k = 5, d_v = 2: no two sizes that could be taken for one another.
FLOWING = np.arange(10.0).reshape(2, 5), np.arange(15.0).reshape(3, 5) - 4, np.eye(3, 2) * 7
STEPS = FLOWING[0] @ FLOWING[1].T, np.full((2, 3), 1.5), MATRIX, np.array([[4.25, 8], [5, 6]])
NAMES = [["it", "ran"], ["dog", "road", "was"], list("abcde"), ["alive", "place"]]


def flow(**options):
    axes = [Figure().subplots(), Figure().subplots()]
    assert plots.flow(axes, FLOWING, STEPS, labels=NAMES, **options) is axes
    return axes


def visible(ax):
    return [t.get_text() for t in ax.texts if t.get_text().strip() and t.get_alpha() != 0]


def test_a_flow_fills_its_stations_step_by_step():
    scores, scaled = ["−10", "40", "90", "−60", "115", "290"], ["1.50"] * 6
    weights, output = [".50", ".12", ".38", ".00", "−1.00", "2.00"], ["4.25", "8.00", "5.00"]
    for step, there, missing in [
        (0, ["Q", "Kᵀ", "scores"], scores + scaled),
        (1, scores, scaled),
        (2, scores + scaled, []),
    ]:
        shown = visible(flow(step=step)[0])
        assert set(there) <= set(shown)
        assert not set(missing) & set(shown)
    for step, there, missing in [
        (2, ["V", "weights", "output"], weights + output),
        (3, weights, output),
        (4, weights + output, []),
    ]:
        shown = visible(flow(step=step)[1])
        assert set(there) <= set(shown)
        assert not set(missing) & set(shown)


def test_a_flow_writes_what_the_followed_numbers_are_made_of():
    left, right = map(visible, flow(follow=(1, 2, 0)))
    sum_ = ["5", "·", "6", "+", "6", "·", "7", "+", "7", "·", "8", "+", "8", "·", "9", "+"]
    assert "  ".join([*sum_, "9", "·", "10", "= 290"]) in "  ".join(left)
    assert "290 / √5 = 1.50" in left
    assert "e¹·⁵⁰ / (e¹·⁵⁰ + e¹·⁵⁰ + e¹·⁵⁰)" in right
    assert "= 2.00" in right
    sum_ = [".00", "·", "7", "+", "−1.00", "·", "0", "+", "2.00", "·", "0", "= 5.00"]
    assert "  ".join(sum_) in "  ".join(right)


def test_a_flow_frames_what_its_step_computes_with():
    def framed(ax):
        strong = [p for p in ax.patches if p.get_lw() == 2 and p.get_edgecolor()[3] == 1]
        return [(p.get_width(), p.get_height()) for p in strong]

    low, tall = 22, 24
    for step, sizes in {1: [(5, 1), (1, 5), (1, 1)], 2: [(1, 1), (1, 1)], 3: [(1, 1)]}.items():
        ax = flow(step=step, follow=(1, 2, 0))[0]
        assert len(framed(ax)) == len(sizes)
        assert {height for _, height in framed(ax)} <= {tall, 5 * low}
        narrow = framed(ax)[0][0] / sizes[0][0]
        assert narrow >= 24
    ax = flow(step=4, follow=(1, 2, 1))[1]
    (row, _), (column, high), (number, _) = framed(ax)
    assert (high, column) == (3 * low, number)
    assert row == pytest.approx(3 * (6.3 * len("road") + 5))


def test_a_flow_s_numbers_choose_the_query_and_the_key_and_its_names_the_step():
    def picks(pick):
        gids = [p.get_gid() or "" for ax in flow(pick=pick) for p in ax.patches]
        return {gid.partition(".")[2] for gid in gids if "pick-" in gid}

    steps = {f"pick-step-{number}" for number in range(4)}
    assert picks((None, None)) == steps
    pairs = {f"pick-asks-{i}.pick-answers-{j}" for i in range(2) for j in range(3)}
    sides = {f"pick-asks-{i}" for i in range(2)} | {f"pick-answers-{j}" for j in range(3)}
    assert picks(("asks", "answers")) == steps | pairs | sides


def test_a_flow_is_drawn_by_the_same_parts_at_every_step():
    def tags(**options):
        def draw(axes):
            plots.flow(axes, FLOWING, STEPS, labels=NAMES, pick=("asks", "answers"), **options)
            return "A flow."

        return re.findall(r"<(\w+)", figure(draw, axes=2, height=4).frame.svg)

    whole = tags()
    assert all(tags(step=step, follow=(step % 2, step % 3, 0)) == whole for step in range(4))


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


VECTORS = {
    "x": [0.5, -1.0, 0.0],
    "norm": [1.0, -1.2, 0.2],
    "attention": [0.5, 0.5, 2.0],
    "+": [1.0, -0.5, 2.0],
    "norm 2": [0.1, -1.5, 1.4],
    "feed-forward": [-1.0, 0.0, 0.0],
    "+ 2": [0.0, -0.5, 2.0],
}
NOTES = {name: f"{name} holds" for name in VECTORS}


def heights_of_bars(ax):
    """Return the heights of the bars of each strip: of what was before, and of what is now."""
    bars = [p.get_height() for p in ax.patches if isinstance(p, Rectangle) and p.get_width() < 0.8]
    return np.reshape(bars, (7, 2, 3)) / 0.24  # the largest number, 2, is 0.48 high


def block(order, at):
    ax = Figure().subplots()
    vectors = {name: np.array(x) for name, x in VECTORS.items()}
    assert plots.block(ax, vectors, NOTES, order=order, at=at, word="it", pick="part") is ax
    return ax


def test_a_block_draws_what_leaves_each_part_up_to_now():
    ax = block(plots.PRE_NORM, 3)
    strips = dict(zip(plots.PRE_NORM, heights_of_bars(ax), strict=True))
    for number, name in enumerate(plots.PRE_NORM):
        wanted = VECTORS[name] if number <= 3 else [0, 0, 0]
        np.testing.assert_allclose(strips[name][1], wanted, atol=0.01)
    np.testing.assert_allclose(strips["+"][0], VECTORS["x"], atol=0.01)  # what was before
    sizes = [t.get_text() for t in ax.texts if t.get_alpha() == 0.75 and "." in t.get_text()]
    assert sizes == ["0.6", "0.9", "1.2", "1.3"]
    yellow = [p for p in ax.patches if p.get_gid() == "part-output"]
    assert len(yellow) == 6  # what attention writes is its output


def test_at_a_sum_the_paler_bars_are_the_stream_before_it():
    for order, before in [(plots.PRE_NORM, "+"), (plots.POST_NORM, "norm")]:
        strips = dict(zip(plots.PRE_NORM, heights_of_bars(block(order, 6)), strict=True))
        np.testing.assert_allclose(strips["+ 2"][0], VECTORS[before], atol=0.01)


def test_norms_stand_on_the_branch_or_on_the_stream():
    def middles(order):
        return {t.get_text().split("\n")[0]: t.get_position() for t in block(order, 6).texts}

    pre, post = middles(plots.PRE_NORM), middles(plots.POST_NORM)
    assert pre["norm"][0] == pre["attention"][0] == post["attention"][0] > pre["it"][0]
    assert post["norm"][0] == post["it"][0]
    for order in (plots.PRE_NORM, plots.POST_NORM):
        heights = list(order.values())
        assert heights == sorted(heights)
        assert set(order) == set(VECTORS)
    picked = [p.get_gid() for p in block(plots.POST_NORM, 2).patches if "pick" in str(p.get_gid())]
    parts = ["x", "norm", "attention", "+", "norm 2", "feed-forward", "+ 2"]
    order = list(plots.POST_NORM)
    assert picked == [f"part-.pick-part-{order.index(part)}" for part in parts]


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


def test_what_a_model_does_without_is_pale(ax):
    plots.tower(ax, ["embed", "attend", "predict"], left=0, repeated=(1, 1), faint=[1])
    assert [text.get_alpha() for text in ax.texts if text.get_text()] == [1, 0.22, 1]
    *_, frame = ax.patches
    assert frame.get_edgecolor()[3] == 1
    other = Figure().subplots()
    plots.tower(other, ["embed", "attend"], left=0, faint=range(2))
    *_, frame = other.patches
    assert frame.get_edgecolor()[3] == 0.22


def test_turned_vectors_stand_where_they_were_and_where_they_went(ax):
    vectors = {"query": np.array([2.0, 0.0]), "key": np.array([0.0, 1.0])}
    options = {"texts": ["q at 1", "k at 0"]}
    assert plots.turned(ax, vectors, [np.pi / 2, 0], **options) is ax
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    tips = [np.round(arrow._posA_posB[1], 6).tolist() for arrow in arrows]
    assert tips == [[2, 0], [0, 2], [0, 1], [0, 1]]
    assert [arrow.get_alpha() for arrow in arrows] == [0.3, 1, 0.3, 1]
    assert [arrow.get_gid() for arrow in arrows] == ["part-query"] * 2 + ["part-key"] * 2
    places = {text.get_text(): np.round(text.get_position(), 2).tolist() for text in ax.texts}
    assert places == {"q at 1": [0, 2.42], "k at 0": [0, 1.42]}
    (arc,) = ax.lines
    np.testing.assert_allclose(np.hypot(*arc.get_data()), 0.39)
    np.testing.assert_allclose(arc.get_xydata()[[0, -1]], [[0, 0.39]] * 2, atol=1e-9)
    plots.pick_ring(ax, [0, 2, 4], [1], ["turn"])
    assert [patch.get_gid() for patch in ax.patches[-3:]] == [
        f"part-.pick-turn-{number}.data-drag" for number in range(3)
    ]


def equation(show):
    axes = [Figure().subplots(), Figure().subplots()]
    labels = [["it", "ran"], ["dog", "road", "was"], ["alive", "place"]]
    assert plots.equation(axes, FLOWING, *STEPS[2:], labels=labels, show=show) is axes
    return axes


def test_an_equation_goes_from_letters_to_shapes_to_numbers():
    letters = [["softmax", "Q", "Kᵀ", "√d_k"], ["V", "=", "output"]]
    dims = [["L × d_k", "d_k × S", "L × S", "weights", "dog"], ["S × d_v", "L × d_v", "place"]]
    lengths = [["2 × 5", "5 × 3", "2 × 3", "weights", "dog"], ["3 × 2", "2 × 2", "place"]]
    for number in range(2):
        assert visible(equation("symbols")[number]) == letters[number]
        shown = visible(equation("shapes")[number])
        assert set(letters[number] + dims[number]) <= set(shown)
        assert not any(re.search(r"\d", text) for text in shown)
        shown = visible(equation("numbers")[number])
        named = [text.replace("d_k", "5") for text in letters[number]]
        assert set(named + lengths[number]) <= set(shown)
    said = visible(equation("numbers")[0])
    keys = [f"{x:.0f}".replace("-", "−") for x in FLOWING[1].T.ravel()]
    assert " ".join(keys) in " ".join(said)  # transposed
    assert " ".join([".50", ".12", ".38", ".00", "−1.00", "2.00"]) in " ".join(said)


def test_an_equation_s_matrices_are_gathered_in_their_letters():
    for show, most in [("symbols", 0.1), ("shapes", 200)]:
        for ax, role, count in zip(equation(show), ["key", "value"], [15, 6], strict=True):
            found = parts(ax, role, Rectangle)
            corners = np.array([cell.get_xy() for cell in found])
            letter = next(t for t in ax.texts if t.get_text() in {"Kᵀ", "V"})
            assert len(found) == count
            assert np.abs(corners - letter.get_position()).max() < most
            assert (np.ptp(corners, axis=0).min() > 20) == (show == "shapes")


def test_an_equation_is_drawn_by_the_same_parts_however_it_is_shown():
    def tags(show):
        def draw(axes):
            labels = [["it", "ran"], ["dog", "road", "was"], ["alive", "place"]]
            plots.equation(axes, FLOWING, *STEPS[2:], labels=labels, show=show)
            return "An equation."

        return re.findall(r"<(?!tspan)(\w+)", figure(draw, axes=2, height=3).frame.svg)

    assert tags("symbols") == tags("shapes") == tags("numbers")
