"""The kept models of chapter 10: complete, and made by the script that says so."""

import itertools
import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from attention.learning.reader import trained
from attention.learning.recall import Recall
from benchmarks import seeds

RUNS = json.loads(seeds.RESULTS.read_text(encoding="utf-8"))


def kept(kind, seed):
    return next(run for run in RUNS if (run["kind"], run["seed"]) == (kind, seed))


def test_every_run_is_there_whole():
    named = [(run["kind"], run["seed"]) for run in RUNS]
    assert named == [*itertools.product(seeds.KINDS, seeds.SEEDS)]
    for run in RUNS:
        assert len(run["begin"]) == 5
        assert 0 <= run["right"] <= 1


@pytest.mark.parametrize(("kind", "seed"), [*zip(seeds.KINDS, (3, 1, 4, 2, 0), strict=True)])
def test_a_run_begins_as_it_was_kept(kind, seed):
    again = seeds.run(kind, seed, until=5)
    assert [*again] == [*kept(kind, seed)]
    assert_allclose(again["begin"], kept(kind, seed)["begin"], atol=0.011)  # two digits
    others = [run["begin"] for run in RUNS if run is not kept(kind, seed)]
    assert np.abs(np.subtract(others, again["begin"])).max(axis=1).min() > 0.02


def test_the_first_reader_is_the_one_that_is_stored():
    found = seeds.of_reader(trained(), blocks=2)
    for name, x in found.items():
        expected = kept("reader", 0)[name]
        assert x == expected if isinstance(x, str) else abs(x - expected) < 0.005


def test_previous_is_the_head_that_looks_back():
    class Steps:
        def __init__(self, weights):
            self.blocks = [self]
            self.attention = self.sublayer = self
            self.weights = weights

    task = Recall(letters=3, numbers=2, pairs=2)
    back = np.zeros((7, 7))
    back[1, 0], back[3, 2], back[2, 1], back[1, 1] = 0.9, 0.7, 0.1, 0.1
    weights = np.stack([np.full((7, 7), 1 / 7), back])[None]

    class Model:
        def steps(self, tokens):
            assert tokens.shape == (1, 7)
            return Steps(weights)

    assert_allclose(seeds.previous(Model(), task, np.zeros((1, 8), int)), 0.8)
