"""What the plots draw: the right number in the right cell, named axes, roles by colour and word."""

import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgba
from matplotlib.figure import Figure

from attention import causal_mask
from attention.figures import plots

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
        (0.5, 1.5): "0.000",
        (1.5, 1.5): "−1.000",
        (2.5, 1.5): "2.000",
    }


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
    ("role", "rows"), [("query", "queries"), ("key", "keys"), ("value", "values")]
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
    *boxes, frame = (patch for patch in ax.patches if isinstance(patch, plots.Rectangle))
    inside = [frame.get_bbox().fully_contains(*box.get_center()) for box in boxes]
    assert inside == [False, True, True]


def luminance(colour):
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgba(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], linear[:3])


@pytest.mark.parametrize("role", plots.COLOURS)
def test_text_in_a_role_s_colour_is_legible_on_light_pages(role):
    contrast = (luminance("white") + 0.05) / (luminance(plots.COLOURS[role].light) + 0.05)
    assert contrast >= 4.5


@pytest.mark.parametrize("role", plots.COLOURS)
def test_ink_is_legible_on_the_darkest_cell(ax, role):
    plots.heatmap(ax, [[1.0]], role=role)
    *colour, tint = ax.patches[0].get_facecolor()
    cell = tint * np.array(colour) + 1 - tint
    assert (luminance(cell) + 0.05) / (luminance(plots.INK) + 0.05) >= 4.5
