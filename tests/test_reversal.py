"""The encoder-decoder that learns to reverse: its gradient, its lessons, and the kept runs."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from test_gradients import assert_model_gradient
from test_transformer import scrambled

from attention import Sizes, Transformer
from attention.learning.gradients import cross_entropy
from attention.learning.reversal import (
    BEGIN,
    LENGTH,
    WORDS,
    encode,
    learn,
    look,
    shifted,
    start,
    transformer_backward,
    write,
)
from benchmarks import reversal

KEPT = json.loads(reversal.RESULTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("pre_norm", "activation"), [(False, "relu"), (True, "gelu")])
def test_the_gradient_of_encoder_and_decoder(pre_norm, activation):
    sizes = Sizes(4, num_heads=2, d_ff=5, pre_norm=pre_norm, activation=activation)
    rng = np.random.default_rng(5)
    model = scrambled(Transformer.init(rng, sizes, vocabulary=7, num_layers=2))
    source, target = rng.integers(7, size=(2, 5)), rng.integers(7, size=(2, 4))
    marked = np.array([False, True, True])

    def loss(model):
        return cross_entropy(model(source, target[:, :-1]), target[:, 1:], marked)[0]

    steps = model.steps(source, target[:, :-1])
    _, grad = cross_entropy(steps.logits, target[:, 1:], marked)
    gradient = transformer_backward(model, steps, grad)
    assert_model_gradient(gradient, loss, model)


def test_the_decoder_reads_what_it_has_written():
    target = encode("the dog was wide")[np.newaxis]
    assert_array_equal(shifted(target), [[BEGIN, *encode("the dog was")]])


def test_what_is_written_uses_no_word_of_the_answer():
    """Word by word, each the most probable one after those before it."""
    model, source = learn(start(0), 30).model, encode("road dog the it wide was it it dog")
    written = write(model, source)
    for t in range(LENGTH):
        logits = model(source, shifted(written)[: t + 1])
        assert written[t] == logits[t, :-1].argmax()


def test_the_map_is_that_of_the_cross_attention():
    model, source = start(1).model, encode("road dog the it wide was it it dog")
    memory = model.encode(source)
    block = model.decoder[0]
    assert_allclose(look(model, source).sum(axis=1), 1)
    steps = model.steps(source, shifted(source[::-1]))
    inner = steps.decoder.blocks[0].cross_attention.sublayer
    assert_array_equal(look(model, source), inner.weights[0])
    x = steps.decoder.blocks[0].attention.output
    again = block.cross_attention.weights(block.cross_attention_norm(x), memory)[0]
    assert_allclose(look(model, source), again)


def test_every_run_is_there_whole_and_learns():
    assert [run["seed"] for run in KEPT["runs"]] == reversal.SEEDS
    for run in KEPT["runs"]:
        assert [entry["step"] for entry in run["after"]] == reversal.STEPS
        for entry in run["after"]:
            assert_allclose(np.sum(entry["weights"], axis=1), 1, atol=0.05)
        assert run["after"][0]["right"] == 0
        assert run["after"][-1]["right"] > 0.99


@pytest.mark.parametrize("seed", [0, 3])
def test_a_run_begins_as_it_was_kept(seed):
    until = reversal.STEPS[:4]
    kept_entries = KEPT["runs"][seed]["after"][: len(until)]
    for entry, kept in zip(reversal.run(seed, until)["after"], kept_entries, strict=True):
        assert entry["right"] == pytest.approx(kept["right"], abs=0.002)
        assert_allclose(entry["weights"], kept["weights"], atol=0.0101)  # kept with two digits


def test_no_row_that_tests_was_learned():
    rows = np.random.default_rng(1000).integers(len(WORDS), size=(1000, LENGTH))
    places = len(WORDS) ** np.arange(LENGTH)
    tested = {*(rows @ places).tolist(), int(encode(KEPT["sentence"]) @ places)}
    for seed in reversal.SEEDS:
        for step in range(reversal.STEPS[-1]):
            drawn = np.random.default_rng([seed, step]).integers(len(WORDS), size=(64, LENGTH))
            assert not tested & {*(drawn @ places).tolist()}
