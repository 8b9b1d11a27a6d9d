"""The sinusoidal encoding against its formula, one number at a time, and for what it is good."""

import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from attention import (
    rotary_positional_encoding,
    scaled_dot_product_attention,
    sinusoidal_positional_encoding,
)

L, D_MODEL, D_K, SEEDS = 11, 7, 6, range(5)


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


def by_halves(x, positions, base=10_000.0):
    """Pair component i with i + d_k / 2, as some libraries do: a rotation too, but another one."""
    cos, sin = (
        f(np.multiply.outer(positions, base ** (-np.arange(0, x.shape[-1], 2) / x.shape[-1])))
        for f in (np.cos, np.sin)
    )
    a, b = np.split(x, 2, axis=-1)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


def without_distance(x, positions, base=10_000.0):
    """Add the sinusoids in place of turning by them."""
    return x + sinusoidal_positional_encoding(max(positions) + 1, x.shape[-1])[positions]


def turned_back(x, positions, base=10_000.0):
    return rotary_positional_encoding(x, -np.asarray(positions), base=base)


def assert_is_a_product_of_complex_numbers(rotate):
    """Su et al. (2021), equation 12: a pair is a complex number, and its position a factor."""
    x = np.random.default_rng(0).normal(size=(2, 3, L, D_K))
    pairs = x[..., 0::2] + 1j * x[..., 1::2]
    for base in (10_000.0, 100.0):
        turned = rotate(x, np.arange(L), base=base)
        for pos, i in np.ndindex(L, D_K // 2):
            expected = pairs[..., pos, i] * np.exp(1j * pos / base ** (2 * i / D_K))
            assert_allclose(turned[..., pos, 2 * i], expected.real, rtol=1e-12, atol=1e-12)
            assert_allclose(turned[..., pos, 2 * i + 1], expected.imag, rtol=1e-12, atol=1e-12)


def assert_scores_know_only_the_distance(rotate):
    """Two words, wherever they stand and whatever W_q and W_k are: the same score."""
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        word, other = rng.normal(size=(2, D_MODEL))
        W_q, W_k = rng.normal(size=(2, D_MODEL, D_K))
        query = rotate(np.tile(word @ W_q, (L, 1)), np.arange(L))
        key = rotate(np.tile(other @ W_k, (L, 1)), np.arange(L))
        scores = query @ key.T
        for distance in range(-L + 1, L):
            along = np.diagonal(scores, distance)
            assert_allclose(along, along[0], rtol=1e-9, atol=1e-9)
        assert np.ptp(scores[0]) > 0.1  # the distance itself does count


def test_rotary_is_a_product_of_complex_numbers():
    assert_is_a_product_of_complex_numbers(rotary_positional_encoding)


def test_rotary_scores_know_only_the_distance():
    assert_scores_know_only_the_distance(rotary_positional_encoding)


@pytest.mark.parametrize("wrong", [by_halves, turned_back, without_distance])
def test_another_pairing_or_direction_is_caught(wrong):
    with pytest.raises(AssertionError):
        assert_is_a_product_of_complex_numbers(wrong)


def test_only_the_distance_is_lost_by_adding_not_by_another_pairing():
    assert_scores_know_only_the_distance(by_halves)
    with pytest.raises(AssertionError):
        assert_scores_know_only_the_distance(without_distance)


def test_rotary_keeps_lengths_and_what_stands_at_0():
    x = np.random.default_rng(1).normal(size=(L, D_K))
    turned = rotary_positional_encoding(x, np.arange(L))
    assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(x, axis=1), rtol=1e-12)
    assert np.array_equal(turned[0], x[0])
    part = rotary_positional_encoding(x[5:], np.arange(5, L))  # with a cache, what is new
    assert np.array_equal(part, turned[5:])


def test_rotary_keeps_the_dtype_and_its_input():
    x = np.random.default_rng(2).normal(size=(L, D_K)).astype(np.float32)
    before = x.copy()
    turned = rotary_positional_encoding(x, range(L))
    assert turned.dtype == np.float32
    assert np.array_equal(x, before)
    assert_allclose(
        turned, rotary_positional_encoding(x.astype(np.float64), range(L)), rtol=1e-5, atol=1e-6
    )


def test_attention_with_rotary_positions_is_no_longer_blind():
    x, order = np.random.default_rng(3).normal(size=(L, D_K)), np.arange(L)[::-1]

    def attend(x, positions):
        turned = rotary_positional_encoding(x, positions)
        return scaled_dot_product_attention(turned, turned, x)

    still = np.zeros(L)
    assert_allclose(attend(x[order], still), attend(x, still)[order], rtol=1e-12, atol=1e-12)
    assert not np.allclose(attend(x[order], np.arange(L)), attend(x, np.arange(L))[order])


ROTARY_ERRORS = [
    ((3, 5), range(3), {}, "x must have shape (..., L, d_k) with d_k even and positions (L,), "
     "got x (3, 5) and positions (3,)"),
    ((3, 4), range(2), {}, "x must have shape (..., L, d_k) with d_k even and positions (L,), "
     "got x (3, 4) and positions (2,)"),
    ((4,), range(4), {}, "x must have shape (..., L, d_k) with d_k even and positions (L,), "
     "got x (4,) and positions (4,)"),
    ((3, 4), range(3), {"base": -1}, "base must be positive and finite, got -1"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "positions", "options", "sentence"), ROTARY_ERRORS)
def test_rotary_errors_word_for_word(shape, positions, options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        rotary_positional_encoding(np.zeros(shape), positions, **options)
