"""Attention by blocks: the same numbers as by the textbook, in less memory, whatever the blocks."""

import re
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from itertools import permutations

import mpmath
import numpy as np
import pytest
from calls import (
    CALL,
    ERRORS,
    NUMBERS,
    PAIRS,
    calls,
    draw,
    every_dtype,
    every_option,
    promised_dtype,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from loops import B, H, L, S, attention_by_loops, rounding
from numpy.testing import assert_allclose, assert_array_equal, assert_array_less

from attention import attention_steps, scaled_dot_product_attention
from attention._checks import check_call
from attention._fast import Tiling, are_mild, average
from attention.blockwise import Partial, blockwise_attention, merge, partial_attention


def by_rows(query, key, value, *, rows=2, small_scores=1, **options):
    """Let few numbers suffice for what scaled_dot_product_attention does with many."""
    options = {"attn_mask": None, "is_causal": False, "scale": None} | options
    tiling = Tiling(rows, rows, most_scores=1, small_scores=small_scores, many_keys=1)
    return average(check_call(query, key, value, **options), tiling)


def by_tiles(*inputs, **options):
    return blockwise_attention(*inputs, **options, block_size=3)


def by_merging(query, key, value, **options):
    """Read the keys one at a time."""
    mask = options.pop("attn_mask", None)
    if options.pop("is_causal", False):
        seen = np.tri(L, S, dtype=bool)
        mask = (
            seen if mask is None else np.where(seen, mask, False if mask.dtype == bool else -np.inf)
        )
    parts = (
        partial_attention(
            query,
            key[..., i : i + 1, :],
            value[..., i : i + 1, :],
            attn_mask=None if mask is None else mask[..., i : i + 1],
            **options,
        )
        for i in range(S)
    )
    return reduce(merge, parts).average()


FUNCTIONS = [by_rows, by_tiles]
every_function = pytest.mark.parametrize("function", FUNCTIONS)


# The specification


@every_dtype
@every_option
@every_function
def test_agrees_with_the_loops(function, options, dtype):
    query, key, value = draw(dtype)
    output = function(query, key, value, **options)
    expected = attention_by_loops(query, key, value, **options)[1]
    bound = rounding(query, key, **options, dtype=dtype) * np.abs(value).max()
    assert output.dtype == dtype
    assert_array_less(np.abs(output - expected), bound)


@every_option
def test_keys_read_one_by_one_give_attention(options):
    inputs = draw()
    expected = attention_by_loops(*inputs, **options)[1]
    bound = rounding(*inputs[:2], **options, dtype="float64") * np.abs(inputs[2]).max()
    assert_array_less(np.abs(by_merging(*inputs, **options) - expected), bound)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(calls(), st.integers(1, 5), st.integers(1, 5), st.sampled_from([1, 16, 2**18]))
def test_any_call_in_any_blocks_agrees_with_the_loops(call, rows, block_size, tile):
    inputs, options = call
    expected = attention_by_loops(*inputs, **options)[1]
    dtype = promised_dtype(*inputs)
    largest = np.abs(np.asarray(inputs[2], dtype=np.float64)).max(initial=0)
    tiny = np.finfo(np.promote_types(dtype, np.float32)).tiny
    bound = rounding(*inputs[:2], **options, dtype=dtype) * largest + tiny
    bound += np.finfo(dtype).smallest_subnormal
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outputs = [
            by_rows(*inputs, **options, rows=rows, small_scores=tile),
            blockwise_attention(*inputs, **options, block_size=block_size),
            partial_attention(*inputs, **options).average().astype(dtype),
        ]
    for output in outputs:
        assert output.dtype == dtype
        assert output.shape == expected.shape
        assert_array_less(np.abs(output - expected), bound)


@every_function
@pytest.mark.parametrize("size", [1e4, -1e4])
@every_dtype
def test_scores_around_ten_thousand(function, size, dtype):
    query, key, value = draw(dtype, leading=())
    query[:, 0] = 100
    key[:, 0] = size / 100 * 11**0.5
    exact = attention_by_loops(query, key, value)[1]
    bound = rounding(query, key, dtype=dtype) * np.abs(value).max()
    assert np.abs(query.astype(float) @ key.T.astype(float) / 11**0.5).min() > 9_900
    assert_array_less(np.abs(function(query, key, value) - exact), bound)


def test_partial_holds_what_its_fields_say():
    query, key, value = draw(leading=())
    part = partial_attention(query, key, value, attn_mask=PAIRS)
    with mpmath.workdps(50):
        for i in range(L):
            keys = [j for j in range(S) if PAIRS[i, j]]
            scores = [
                mpmath.fdot(query[i].tolist(), key[j].tolist()) / mpmath.sqrt(11) for j in keys
            ]
            peak = max(scores, default=-mpmath.inf)
            chances = [mpmath.exp(score - peak) for score in scores]
            sums = [mpmath.fdot(chances, value[keys, c].tolist()) for c in range(13)]
            assert_allclose(part.maximum[i], float(peak), rtol=1e-13)
            assert_allclose(part.total[i], float(mpmath.fsum(chances)), rtol=1e-13)
            assert_allclose(part.output[i], [float(x) for x in sums], rtol=1e-12, atol=1e-14)


# Merging


def parts_of(count=4, dtype="float64"):
    rng = np.random.default_rng(0)
    query = rng.standard_normal((B, L, 11)).astype(dtype)
    parts = []
    for i in range(count):
        key, value = (rng.standard_normal((B, i + 1, n)).astype(dtype) for n in (11, 13))
        # Scores far apart: without rescaling to the common maximum the sums would be far off.
        mask = np.arange(L)[:, np.newaxis] != i
        parts.append(partial_attention(query, key * 20 * (i + 1), value, attn_mask=mask))
    return parts


def assert_same(a, b):
    for x, y in zip(a, b, strict=True):
        assert_allclose(x, y, rtol=1e-12, atol=1e-12)


def test_merging_is_associative_and_commutative():
    expected = reduce(merge, parts_of())
    assert np.ptp([part.maximum[0, 0] for part in parts_of()[1:]]) > 20
    for a, b, c, d in permutations(parts_of()):
        assert_same(merge(merge(merge(a, b), c), d), expected)
        assert_same(merge(merge(a, b), merge(c, d)), expected)
        assert_same(merge(a, merge(b, merge(c, d))), expected)


def test_the_empty_partial_changes_nothing():
    for part in parts_of():
        empty = Partial(
            *(np.full_like(x, fill) for x, fill in zip(part, (-np.inf, 0, 0), strict=True))
        )
        for merged in (merge(part, empty), merge(empty, part)):
            for x, y in zip(merged, part, strict=True):
                assert_array_equal(x, y)
        assert_array_equal(merge(empty, empty).average(), 0)


def test_no_keys_are_the_empty_partial():
    query, key, value = draw()
    part = partial_attention(query, key[..., :0, :], value[..., :0, :])
    assert np.all(np.isneginf(part.maximum))
    assert not part.total.any()
    assert part.output.shape == (B, H, L, 13)
    assert not part.average().any()


def test_merging_leaves_its_parts_alone():
    a, b = parts_of(2)
    before = [x.copy() for x in (*a, *b)]
    merge(a, b)
    for x, y in zip((*a, *b), before, strict=True):
        assert_array_equal(x, y)


# What the rows of one block must not hide


@every_dtype
@every_function
@pytest.mark.parametrize("harm", [np.nan, np.inf, -np.inf])
def test_harm_in_a_later_key_stays_there(function, harm, dtype):
    query, key, value = draw(dtype)
    unharmed = function(query, key, value, is_causal=True)
    key[..., 6, :] = harm  # L = 5: no query reaches key 6
    assert_array_equal(function(query, key, value, is_causal=True), unharmed)


@every_dtype
@every_function
@pytest.mark.parametrize("harm", [np.nan, np.inf])
def test_harm_in_a_later_value_shows(function, harm, dtype):
    query, key, value = draw(dtype)
    value[1, 2, 6, 12] = harm
    shows = np.zeros((B, H, L, 13), dtype=bool)
    shows[1, 2, :, 12] = True
    output = function(query, key, value, is_causal=True)
    assert_array_equal(np.isnan(output), shows)
    assert_array_equal(np.isnan(attention_steps(query, key, value, is_causal=True).output), shows)


@every_function
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize("signs", [np.sign, np.abs, lambda x: -np.abs(x)], ids=["±", "+", "-"])
def test_values_near_the_end_of_the_range(function, signs, is_causal, dtype):
    query, key, value = draw(dtype)
    largest = float(np.finfo(dtype).max) / 2  # at the end itself the textbook rounds to inf, too
    value[...] = largest * np.sign(signs(value))  # their sum, before the division, is beyond it
    output = function(query, key, value, is_causal=is_causal)
    expected = attention_steps(query, key, value, is_causal=is_causal).output
    assert np.all(np.isfinite(output))
    assert_allclose(output / largest, expected / largest, atol=100 * np.finfo(dtype).eps)


@every_function
def test_no_query_sees_a_later_key(function):
    query, key, value = draw()
    before = function(query, key, value, is_causal=True)
    for t in range(L):
        changed = key.copy(), value.copy()
        for x in changed:
            x[..., t + 1 :, :] += 1
        after = function(query, *changed, is_causal=True)
        assert_array_equal(after[..., : t + 1, :], before[..., : t + 1, :])
        assert t == L - 1 or not np.allclose(after[..., t + 1, :], before[..., t + 1, :])


# Layout, memory, threads


@every_function
@pytest.mark.parametrize("is_causal", [False, True])
def test_layout_means_nothing_and_inputs_stay(function, is_causal):
    query, key, value = draw()
    expected = function(query, key[:, :1], value, is_causal=is_causal, attn_mask=NUMBERS)
    views = [
        np.asfortranarray(query),
        np.broadcast_to(key[:, :1], key.shape),  # zero stride
        value[..., ::-1][..., ::-1],
    ]
    mask = np.repeat(NUMBERS, 2, axis=1)[:, ::2]
    before = [x.copy() for x in (*views, mask)]
    for x in (*views, mask):
        x.flags.writeable = False
    output = function(*views, is_causal=is_causal, attn_mask=mask)
    assert_allclose(output, expected, rtol=0, atol=1e-13)
    output[...] = 0  # is the caller's own
    for x, same in zip((*views, mask), before, strict=True):
        assert_array_equal(x, same)


MIB = 2**20


@pytest.mark.parametrize("is_causal", [False, True])
@pytest.mark.parametrize(
    ("function", "most"), [(scaled_dot_product_attention, 24), (blockwise_attention, 2)]
)
def test_memory_does_not_grow_with_the_square(function, most, is_causal):
    n, d = 16_384, 64
    query, key, value = np.random.default_rng(0).standard_normal((3, n, d)).astype(np.float32)
    tracemalloc.start()
    output = function(query, key, value, is_causal=is_causal)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0 < peak - output.nbytes < most * MIB  # all the scores would take 1,024 MiB


@pytest.mark.parametrize("function", [scaled_dot_product_attention, blockwise_attention])
def test_memory_does_not_grow_with_the_heads(function):
    query, key, value = np.random.default_rng(0).standard_normal((3, 8, 16, 512, 2))
    tracemalloc.start()
    output = function(query, key, value)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0 < peak - output.nbytes < 8 * MIB  # the scores of all heads would take 256 MiB


def test_memory_of_the_textbook_would_fail_that_test():
    n = 2048
    query, key, value = np.random.default_rng(0).standard_normal((3, n, 2)).astype(np.float32)
    tracemalloc.start()
    attention_steps(query, key, value)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak > 3 * 4 * n * n


@pytest.mark.parametrize("function", [scaled_dot_product_attention, blockwise_attention])
def test_threads_may_share_arrays(function):
    rng = np.random.default_rng(0)
    query, key, value = rng.standard_normal((3, 2, 3, 601, 17))
    expected = [function(query * i, key, value, is_causal=True) for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        results = pool.map(lambda i: function(query * i, key, value, is_causal=True), range(8))
        for result, same in zip(results, expected, strict=True):
            assert_array_equal(result, same)


# Real sizes, at which the blocks are those of use


@pytest.mark.parametrize("options", [{}, {"is_causal": True}, {"attn_mask": "padding"}], ids=str)
@pytest.mark.parametrize("shape", [(3, 1031, 7), (2, 5, 37, 7), (1, 601, 7)])
def test_real_sizes_agree_with_the_textbook(shape, options):
    rng = np.random.default_rng(0)
    query, key, value = (rng.standard_normal(shape).astype(np.float32) for _ in range(3))
    if "attn_mask" in options:
        options = {"attn_mask": np.arange(shape[-2]) < shape[-2] // 3}
    expected = attention_steps(*(x.astype(np.float64) for x in (query, key, value)), **options)
    for function in (scaled_dot_product_attention, blockwise_attention):
        output = function(query, key, value, **options)
        assert output.dtype == np.float32
        assert_allclose(output, expected.output, rtol=0, atol=2e-6)


# Mild scores, of which no maximum is subtracted


def draw_bounded(bound, dtype):
    """Draw a query, keys and values whose longest query and key have this product, scaled."""
    rng = np.random.default_rng(0)
    query, key, value = (rng.standard_normal((n, 4)) for n in (3, 257, 257))
    key[0] = query[0] = 2 * np.abs(query).max()  # the two longest, and parallel: a score reaches it
    longest = np.linalg.norm(query[0]) * max(np.linalg.norm(key, axis=-1)) / 2
    return (query * bound / longest).astype(dtype), key.astype(dtype), value.astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("bound", "is_mild"), [(15.9, True), (16.1, False), (700, False)])
@pytest.mark.parametrize("size", [1e-36, 1, 1e33, 1e36])
def test_mild_scores_change_rounding_alone(size, bound, is_mild, dtype):
    query, key, value = draw_bounded(bound, dtype)
    value *= size
    assert are_mild(query, key, 0.5) == is_mild
    expected = attention_by_loops(query, key, value)[1]
    most = rounding(query, key, dtype=dtype) * np.abs(value).max() + np.finfo(dtype).tiny
    for function in (scaled_dot_product_attention, blockwise_attention):
        assert_array_less(np.abs(function(query, key, value) - expected), most)


def test_what_a_float_mask_adds_is_not_mild():
    query, key, value = draw_bounded(1, "float32")
    for mask in np.full(257, 1e4), np.full(257, -1e4):
        output = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        assert_allclose(output, scaled_dot_product_attention(query, key, value), atol=1e-2)


def test_a_key_whose_length_is_beyond_the_range_is_not_mild():
    query, key, value = draw_bounded(1, "float32")
    key[7] = 1e30
    key[8, 0] = np.nan
    output = scaled_dot_product_attention(np.abs(query), key, value, attn_mask=np.arange(257) != 8)
    assert_array_equal(output, np.broadcast_to(value[7], output.shape))


@pytest.mark.parametrize("harm", [np.nan, np.inf, -np.inf])
def test_harm_in_a_hidden_key_does_not_stop_being_mild(harm):
    query, key, value = draw_bounded(1, "float32")
    hidden = {"attn_mask": np.arange(257) != 8}
    unharmed = scaled_dot_product_attention(query, key, value, **hidden)
    key[8] = harm
    assert_array_equal(scaled_dot_product_attention(query, key, value, **hidden), unharmed)
    shown = scaled_dot_product_attention(np.abs(query), key, value)
    # Not hidden, it shows: NaN spoils each row, +inf takes it all (inf - inf), -inf gets weight 0.
    spoiled = harm != -np.inf
    assert np.isnan(shown).all(axis=-1).tolist() == [spoiled] * len(query)


# Errors


@pytest.mark.parametrize("function", [partial_attention, blockwise_attention])
@pytest.mark.parametrize(("wrong", "error"), ERRORS, ids=str)
def test_errors_are_those_of_attention(function, wrong, error):
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        function(**CALL | wrong)


@pytest.mark.parametrize("block_size", [0, -1, 2.0, None])
def test_a_block_holds_at_least_one_key(block_size):
    sentence = f"block_size must be an integer of at least 1, got {block_size!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        blockwise_attention(**CALL, block_size=block_size)
