"""What the plots of streams draw."""

import numpy as np
from drawn import NOTES, VECTORS
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from attention.figures import plots


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
