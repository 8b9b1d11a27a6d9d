"""Masks: what they hold, what shape they have, what they refuse."""

import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from attention import causal_mask, padding_mask


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((3,), [[1, 0, 0], [1, 1, 0], [1, 1, 1]]),
        ((2, 5), [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0]]),
        ((5, 2), [[1, 0], [1, 1], [1, 1], [1, 1], [1, 1]]),
        ((1,), [[1]]),
    ],
)
def test_causal_mask(shape, expected):
    mask = causal_mask(*shape)
    assert mask.dtype == bool
    assert mask.shape == np.shape(expected)
    assert_array_equal(mask, expected)


def test_causal_mask_of_empty_sequences():
    assert causal_mask(0).shape == (0, 0)
    assert causal_mask(0, 3).shape == (0, 3)
    assert causal_mask(3, 0).shape == (3, 0)


def test_causal_mask_takes_numpy_integers_and_names():
    assert_array_equal(causal_mask(L=np.int64(2), S=np.uint8(3)), [[1, 0, 0], [1, 1, 0]])


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([0, 1, 4], [[[0, 0, 0, 0]], [[1, 0, 0, 0]], [[1, 1, 1, 1]]]),
        (2, [[1, 1, 0, 0]]),
        ([[3], [2]], [[[[1, 1, 1, 0]]], [[[1, 1, 0, 0]]]]),
        (np.array([1, 3], dtype=np.uint8), [[[1, 0, 0, 0]], [[1, 1, 1, 0]]]),
    ],
)
def test_padding_mask(lengths, expected):
    mask = padding_mask(lengths, 4)
    assert mask.dtype == bool
    assert mask.shape == np.shape(expected)
    assert_array_equal(mask, expected)


def test_padding_mask_of_nothing():
    assert padding_mask([], 4).shape == (0, 1, 4)
    assert padding_mask([0, 0], 0).shape == (2, 1, 0)


def test_padding_mask_leaves_lengths_alone():
    lengths = np.array([1, 2])
    padding_mask(lengths, 3)[...] = False
    assert_array_equal(lengths, [1, 2])


ERRORS = [
    (causal_mask, [-1], ValueError("L must not be negative, got -1")),
    (causal_mask, [2, -3], ValueError("S must not be negative, got -3")),
    (causal_mask, [2.0], TypeError("L must be an integer, got 2.0")),
    (causal_mask, [2, "3"], TypeError("S must be an integer, got '3'")),
    (padding_mask, [[1], -1], ValueError("S must not be negative, got -1")),
    (padding_mask, [[1], 2.5], TypeError("S must be an integer, got 2.5")),
    (padding_mask, [[1, 4], 3], ValueError("lengths must lie between 0 and S = 3, got [1, 4]")),
    (padding_mask, [-1, 3], ValueError("lengths must lie between 0 and S = 3, got -1")),
    (padding_mask, [[1.0], 3], TypeError("lengths must be integers, got dtype float64")),
    (
        padding_mask,
        [[[1], [2, 3]], 3],
        ValueError("lengths must be rectangular, got rows of different lengths"),
    ),
    (padding_mask, [[True], 3], TypeError("lengths must be integers, got dtype bool")),
]


@pytest.mark.parametrize(
    ("function", "arguments", "error"), ERRORS, ids=[str(case[-1]) for case in ERRORS]
)
def test_errors_word_for_word(function, arguments, error):
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        function(*arguments)
