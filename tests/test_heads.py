"""The kept heads of chapter 7: complete, made by the script that says so, and cut where it says."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from attention.learning.reader import trained
from attention.learning.sentences import VOCABULARY, draw, encode
from attention.transformer import EncoderOnly
from benchmarks import heads

RUNS = json.loads(heads.RESULTS.read_text(encoding="utf-8"))
H = heads.SIZES.num_heads
WORDS = len(f"{heads.TEXT} wide".split())


def test_every_run_is_there_whole():
    assert [run["seed"] for run in RUNS] == heads.SEEDS
    for run in RUNS:
        assert len(run["losses"]) == heads.STEPS / heads.WINDOW
        assert np.shape(run["right_without"]) == (heads.BLOCKS, H)
        assert list(run["looks"]) == heads.ADJECTIVES
        for rows in run["looks"].values():
            assert np.shape(rows) == (heads.BLOCKS, H, WORDS, WORDS)
            assert_allclose(np.sum(rows, axis=-1), np.ones(np.shape(rows)[:-1]), atol=0.01)


@pytest.mark.parametrize("seed", [0, 3])
def test_a_run_begins_as_it_was_kept(seed):
    again = heads.run(seed, steps=2 * heads.WINDOW)
    assert_allclose(again["losses"], RUNS[seed]["losses"][:2], rtol=0.01)  # kept with four digits
    others = [run["losses"][0] for run in RUNS if run["seed"] != seed]
    assert np.abs(np.divide(others, again["losses"][0]) - 1).min() > 0.001


def test_a_head_that_is_cut_adds_nothing():
    rng = np.random.default_rng(0)
    model = EncoderOnly.init(rng, heads.SIZES, vocabulary=len(VOCABULARY), num_layers=2)
    cut = heads.without_head(model, block=1, head=2)
    tokens = encode([f"{heads.TEXT} wide"])
    whole, less = model.steps(tokens), cut.steps(tokens)
    assert_array_equal(whole.blocks[0].output, less.blocks[0].output)
    steps = whole.blocks[1].attention.sublayer
    share = (steps.weights @ steps.value)[:, 2] @ np.split(model.blocks[1].attention.W_o, H)[2]
    assert_allclose(less.blocks[1].attention.sublayer.output, steps.output - share, atol=1e-12)
    assert np.abs(share).max() > 0.01


def test_a_model_whose_only_head_is_cut_has_learned_in_vain():
    sentences = draw(np.random.default_rng(0), 200, test=True)
    assert heads.right(trained(), sentences) == 200
    assert heads.right(heads.without_head(trained(), block=1, head=0), sentences) < 150
