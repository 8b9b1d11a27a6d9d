"""The kept runs of chapter 10: complete, and made by the script that says so."""

import itertools
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from benchmarks import scaling

RUNS = json.loads(scaling.RESULTS.read_text(encoding="utf-8"))


def test_every_run_is_there_whole():
    named = [(run["d_k"], run["divisor"], run["seed"]) for run in RUNS]
    assert named == [*itertools.product(scaling.WIDTHS, scaling.SCALES, scaling.SEEDS)]
    for run in RUNS:
        assert len(run["losses"]) == len(run["gradient_norms"]) == scaling.STEPS / scaling.WINDOW
        assert 0 <= run["accuracy"] <= 1
        assert min(run["losses"]) > 0


@pytest.mark.parametrize(
    ("d_k", "divisor", "seed"), [(8, "√d_k", 1), (256, "1", 2), (256, "d_k", 0)]
)
def test_a_run_begins_as_it_was_kept(d_k, divisor, seed):
    kept = next(r for r in RUNS if (r["d_k"], r["divisor"], r["seed"]) == (d_k, divisor, seed))
    again = scaling.run(d_k, divisor, seed, steps=2 * scaling.WINDOW)
    for kind in ("losses", "gradient_norms"):
        assert_allclose(again[kind], kept[kind][:2], rtol=0.01)  # kept with three digits
        others = [r[kind][0] for r in RUNS if r is not kept]
        assert np.abs(np.divide(others, again[kind][0]) - 1).min() > 0.001


def test_scales_are_one_over_the_divisor():
    assert [scale(256) for scale in scaling.SCALES.values()] == [1, 1 / 16, 1 / 256]
