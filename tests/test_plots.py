"""What the plots draw: the right number in the right cell, named axes, roles by colour and word."""

import re

import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
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
    assert said == ["2", "0", "0.785 a step", "2", "3.14 a step"]  # 0 stands under 2 there


def test_tiles_are_read_row_by_row_and_cut_at_the_edge(ax):
    assert plots.tiles(ax, 5, 7, (2, 3), done=5) is ax
    sizes = [(*p.get_xy(), p.get_width(), p.get_height()) for p in ax.patches]
    assert sizes[:4] == [(0, 0, 3, 2), (3, 0, 3, 2), (6, 0, 1, 2), (0, 2, 3, 2)]
    assert sizes[-1] == (6, 4, 1, 1)
    assert [text.get_text() for text in ax.texts] == ["✓"] * 4 + ["now"]
    assert ax.texts[-1].get_position() == (4.5, 3)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("keys", "queries")


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
