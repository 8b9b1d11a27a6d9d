"""What the plots of formulas draw."""

import re

import numpy as np
from drawn import FLOWING, STEPS, parts, visible
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention.figures import figure, plots


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
