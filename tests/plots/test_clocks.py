"""What the plots of clocks draw."""

import numpy as np

from attention.figures import plots


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
    assert len(rims) == 2 * len(values)
    np.testing.assert_allclose(rims[1], [[0.9, 0], [1, 0]], atol=1e-12)
