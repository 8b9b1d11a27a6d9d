"""A model as a dictionary of arrays, and back."""

import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from attention import DecoderOnly, Sizes, parameter_count
from attention.layers import LayerNorm
from attention.parameters import parameters, with_parameters

SIZES = Sizes(d_model=4, num_heads=2, d_ff=5, pre_norm=True, activation="gelu", scale=0.5)
MODEL = DecoderOnly.init(np.random.default_rng(0), SIZES, vocabulary=7, num_layers=2)


def test_names_say_where_an_array_is():
    named = parameters(MODEL)
    layer = ["attention.W_q", "attention.W_k", "attention.W_v", "attention.W_o"]
    layer += ["attention_norm.gain", "attention_norm.bias"]
    layer += ["feed_forward.W_1", "feed_forward.b_1", "feed_forward.W_2", "feed_forward.b_2"]
    layer += ["feed_forward_norm.gain", "feed_forward_norm.bias"]
    blocks = [f"blocks.{i}.{name}" for i in (0, 1) for name in layer]
    assert [*named] == ["embedding", *blocks, "final_norm.gain", "final_norm.bias"]
    assert named["blocks.1.feed_forward.W_1"] is MODEL.blocks[1].feed_forward.W_1


def test_there_and_back():
    doubled = with_parameters(MODEL, {name: 2 * x for name, x in parameters(MODEL).items()})
    for name, x in parameters(doubled).items():
        assert_array_equal(x, 2 * parameters(MODEL)[name])
    assert doubled.blocks[1].pre_norm is True
    assert doubled.blocks[0].attention.scale == 0.5
    assert doubled.blocks[0].feed_forward.activation == "gelu"


def test_count():
    block = 4 * 4 * 4 + 2 * 4 * 5 + 5 + 4 + 2 * 8
    assert parameter_count(MODEL) == 7 * 4 + 2 * block + 8


NORM = LayerNorm.init(3)
ERRORS = [
    (
        {"gain": np.ones(3), "bias": np.ones(2)},
        "got bias (2,) and the model has (3,)",
    ),
    ({"gain": np.ones(3)}, "got bias missing and the model has (3,)"),
    (
        {"gain": np.ones(3), "bias": np.ones(3), "W": np.ones(1)},
        "got W (1,) and the model has none of this name",
    ),
]


@pytest.mark.parametrize(("arrays", "end"), ERRORS, ids=[case[-1] for case in ERRORS])
def test_arrays_must_be_those_of_the_model(arrays, end):
    sentence = f"the arrays must be those of the model, {end}"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        with_parameters(NORM, arrays)


def test_frozen():
    with pytest.raises(AttributeError):
        NORM.gain = np.ones(3)
    assert replace(NORM, gain=np.full(3, 2.0)).gain[0] == 2
