"""What the plots of heatmaps draw."""

import numpy as np
import pytest
from drawn import MATRIX, cells, luminance, tick_names, written
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from attention import causal_mask
from attention.figures import plots


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


def test_mask_grid_ticks_what_is_allowed_and_hatches_what_is_not(ax):
    assert plots.mask_grid(ax, causal_mask(2, 3), columns=["a", "b", "c"]) is ax
    assert written(ax) == {(0.5, 0.5): "✓", (0.5, 1.5): "✓", (1.5, 1.5): "✓"}
    hatched = {corner for corner, patch in cells(ax).items() if patch.get_hatch()}
    assert hatched == {(1, 0), (2, 0), (2, 1)}
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("queries", "keys")
    assert tick_names(ax.xaxis) == {0.5: "a", 1.5: "b", 2.5: "c"}


@pytest.mark.parametrize("role", plots.COLOURS)
def test_ink_is_legible_on_the_darkest_cell(ax, role):
    plots.heatmap(ax, [[1.0]], role=role)
    *colour, tint = ax.patches[0].get_facecolor()
    cell = tint * np.array(colour) + 1 - tint
    assert (luminance(cell) + 0.05) / (luminance(plots.INK) + 0.05) >= 4.5


def test_where_numbers_would_touch_they_begin_with_their_point():
    narrow = Figure(figsize=(2, 2)).subplots()
    plots.heatmap(narrow, [[0.5, -0.125, 1.0, 2.5, -0.75]], role="value")
    assert list(written(narrow).values()) == [".50", "−.12", "1.00", "2.50", "−.75"]
    assert narrow.artists[0].cells == [["0.50", "−0.12", "1.00", "2.50", "−0.75"]]
    wide = Figure(figsize=(8, 2)).subplots()
    plots.heatmap(wide, [[0.5, -0.125, 1.0, 2.5, -0.75]], role="value")
    assert list(written(wide).values()) == ["0.50", "−0.12", "1.00", "2.50", "−0.75"]


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
