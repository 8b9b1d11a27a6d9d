"""What the plots of marks draw."""

import numpy as np
import pytest
from drawn import luminance
from matplotlib.colors import to_hex, to_rgb

from attention.figures import marks, plots
from attention.figures.picture import to_svg


@pytest.mark.parametrize("role", plots.COLOURS)
def test_text_in_a_role_s_colour_is_legible_on_light_pages_and_on_dark_ones(role):
    light, dark = (luminance(colour) + 0.05 for colour in plots.COLOURS[role])
    assert (luminance("white") + 0.05) / light >= 4.5
    assert dark / (luminance("#222832") + 0.05) >= 4.5  # the theme's lighter surface


# Ink and the surfaces of the site: extensions/site.css has them.
PAGES = {"light": ("#1d2420", ["#ffffff", "#f7f6f1"]), "dark": ("#e6eae7", ["#1b2124", "#20272b"])}


@pytest.mark.parametrize("mode", PAGES)
@pytest.mark.parametrize("role", [*plots.COLOURS, None])
def test_a_number_is_legible_on_the_strongest_cell(role, mode):
    ink, surfaces = PAGES[mode]
    tint = marks.tints(np.array([[1.0, 0.5]]), role).max()
    full = np.array(to_rgb(getattr(plots.COLOURS[role], mode) if role else ink))
    for surface in surfaces:
        cell = to_hex(tint * full + (1 - tint) * np.array(to_rgb(surface)))
        darker, lighter = sorted(luminance(colour) + 0.05 for colour in (ink, cell))
        assert lighter / darker >= 4.5


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
