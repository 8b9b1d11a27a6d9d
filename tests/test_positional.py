"""The sinusoidal encoding against its formula, one number at a time, and for what it is good."""

import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from attention import sinusoidal_positional_encoding


@pytest.mark.parametrize("d_model", [1, 2, 7, 8, 13])
def test_formula(d_model):
    encoding = sinusoidal_positional_encoding(11, d_model)
    assert encoding.shape == (11, d_model)
    assert encoding.dtype == np.float64
    for pos in range(11):
        for column in range(d_model):
            angle = pos / 10_000 ** (2 * (column // 2) / d_model)
            expected = math.cos(angle) if column % 2 else math.sin(angle)
            assert_allclose(encoding[pos, column], expected, rtol=1e-12, atol=1e-12)


def test_base():
    encoding = sinusoidal_positional_encoding(3, 4, base=100)
    assert_allclose(encoding[2], [np.sin(2), np.cos(2), np.sin(0.2), np.cos(0.2)], rtol=1e-12)


def test_the_product_of_two_positions_knows_only_their_distance():
    encoding = sinusoidal_positional_encoding(17, 6)
    products = encoding @ encoding.T
    for distance in range(17):
        diagonal = np.diagonal(products, distance)
        expected = sum(math.cos(distance / 10_000 ** (2 * i / 6)) for i in range(3))
        assert_allclose(diagonal, expected, rtol=0, atol=1e-12)


def test_nothing_has_no_position():
    assert sinusoidal_positional_encoding(0, 5).shape == (0, 5)


ERRORS = [
    ([-1, 4], {}, ValueError("L must be at least 0, got -1")),
    ([3, 0], {}, ValueError("d_model must be at least 1, got 0")),
    ([2.0, 4], {}, TypeError("L must be an integer, got 2.0")),
    ([2, "4"], {}, TypeError("d_model must be an integer, got '4'")),
    ([2, 4], {"base": 0}, ValueError("base must be positive and finite, got 0")),
    ([2, 4], {"base": np.nan}, ValueError("base must be positive and finite, got nan")),
]


@pytest.mark.parametrize(
    ("arguments", "options", "error"), ERRORS, ids=[str(case[-1]) for case in ERRORS]
)
def test_errors_word_for_word(arguments, options, error):
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        sinusoidal_positional_encoding(*arguments, **options)
