"""What the plots of stations draw."""

import re

import pytest
from drawn import FLOWING, STEPS, visible
from matplotlib.figure import Figure

from attention.figures import figure, plots

NAMES = [["it", "ran"], ["dog", "road", "was"], list("abcde"), ["alive", "place"]]


def flow(**options):
    axes = [Figure().subplots(), Figure().subplots()]
    assert plots.flow(axes, FLOWING, STEPS, labels=NAMES, **options) is axes
    return axes


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
