"""Attention against its specification, its meaning, and an independent implementation."""

import re
from fractions import Fraction

import numpy as np
import onnx
import pytest
from calls import (
    CALL,
    DTYPES,
    ERRORS,
    NUMBERS,
    OPTIONS,
    PAIRS,
    calls,
    draw,
    every_dtype,
    every_option,
    promised_dtype,
)
from hypothesis import given, settings
from loops import D_K, D_V, B, H, L, S, attention_by_loops, rounding
from numpy.testing import assert_allclose, assert_array_equal, assert_array_less
from onnx.reference import ReferenceEvaluator

from attention import (
    AttentionSteps,
    attention_steps,
    attention_weights,
    causal_mask,
    padding_mask,
    scaled_dot_product_attention,
    softmax,
)

ROUNDED = 1000 * np.finfo(np.float64).eps  # scores below 10 and sums of 7 stay far below it


def assert_right(query, key, value, **options):
    """Hold the three functions against the loops, as closely as the dtype allows."""
    weights, output = attention_by_loops(query, key, value, **options)

    def assert_close(actual, expected, dtype, size):
        relative = rounding(query, key, **options, dtype=dtype)
        # Below the smallest normal number exp has fewer digits, or none.
        tiny = np.finfo(np.promote_types(dtype, np.float32)).tiny
        tiny += np.finfo(dtype).smallest_subnormal
        assert actual.dtype == dtype
        assert_array_less(np.abs(actual - expected), relative * size + tiny)

    dtype = promised_dtype(query, key, value)
    largest = np.abs(np.asarray(value, dtype=np.float64)).max(initial=0)
    steps = attention_steps(query, key, value, **options)
    assert steps.output.shape == output.shape
    assert_close(steps.weights, weights, dtype, size=weights)
    assert_close(steps.output, output, dtype, size=largest)

    alone = attention_weights(query, key, **options)
    assert_close(alone, weights, promised_dtype(query, key), size=weights)
    alone = scaled_dot_product_attention(query, key, value, **options)
    assert alone.shape == output.shape
    assert_close(alone, output, dtype, size=largest)


# The specification


def test_example_worked_by_hand():
    steps = attention_steps([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]])
    assert_array_equal(steps.scores, [[11, 18]])
    assert_allclose(steps.scaled_scores, [[7.77817459, 12.72792206]], atol=5e-9, rtol=0)
    assert_allclose(steps.weights, [[0.00703535, 0.99296465]], atol=5e-9, rtol=0)
    assert_allclose(steps.output, [[8.9859293, 9.9859293]], atol=5e-8, rtol=0)


def test_key_is_transposed():
    # Square and not symmetric: query @ key exists too, and is [15, 22].
    query, key, value = [[3, 4]], [[1, 2], [3, 4]], [[7, 8], [9, 10]]
    assert_array_equal(attention_steps(query, key, value).scores, [[11, 25]])
    assert_right(query, key, value)


@every_dtype
@every_option
def test_agrees_with_the_loops(options, dtype):
    assert_right(*draw(dtype), **options)


@every_option
def test_the_four_steps(options):
    query, key, value = draw()
    steps = attention_steps(query, key, value, **options)
    assert isinstance(steps, AttentionSteps)
    assert steps._fields == ("scores", "scaled_scores", "weights", "output")

    mask, scale = options.get("attn_mask", np.array(True)), options.get("scale", 1 / D_K**0.5)
    hidden = np.broadcast_to(~mask if mask.dtype == bool else mask == -np.inf, (L, S))
    if options.get("is_causal"):
        hidden = hidden | ~np.tri(L, S, dtype=bool)
    scores = np.einsum("bhlk,bhsk->bhls", query, key)  # neither scaled nor masked
    scaled = scores * scale + (0 if mask.dtype == bool else mask)
    scaled[..., hidden] = -np.inf
    assert_allclose(steps.scores, scores, rtol=0, atol=ROUNDED)
    assert_allclose(steps.scaled_scores, scaled, rtol=0, atol=ROUNDED)
    assert np.all(np.isneginf(steps.scaled_scores) == hidden)
    assert np.all((steps.weights == 0) == hidden)


@every_option
def test_one_computation_two_functions(options):
    query, key, value = draw()
    steps = attention_steps(query, key, value, **options)
    assert_array_equal(attention_weights(query, key, **options), steps.weights)


def test_default_scale_is_one_over_the_root_of_d_k():
    query, key, _ = draw()
    assert_array_equal(
        attention_weights(query, key), attention_weights(query, key, scale=1 / np.sqrt(D_K))
    )


@pytest.mark.parametrize("scale", [2, np.float32(2), np.int64(2), Fraction(2)])
def test_scale_is_any_real_number(scale):
    query, key, _ = draw("float32")
    weights = attention_weights(query, key, scale=scale)
    assert weights.dtype == np.float32
    assert_array_equal(weights, attention_weights(query, key, scale=2.0))


# Large numbers


@pytest.mark.parametrize("size", [1, 100, 1e4])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scores_crowded_at(size, dtype):
    rng = np.random.default_rng(0)
    direction = np.full(D_K, D_K**-0.5)
    query = size * D_K**0.5 * direction + rng.standard_normal((L, D_K))
    key = direction + rng.standard_normal((S, D_K)) / size
    query, key = query.astype(dtype), key.astype(dtype)
    scores = attention_steps(query, key, key).scaled_scores
    assert size / 3 < scores.max() < 3 * size + 10
    assert_right(query, key, rng.standard_normal((S, D_V)).astype(dtype))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scores_spread_over(dtype):
    query, key, value = draw(dtype)
    query *= 1e4 / np.abs(attention_steps(query, key, value).scaled_scores).max()
    assert_right(query, key, value)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_exact_scores_lose_nothing(dtype):
    # All products are whole numbers and the scale is 1/2, so only softmax and average round.
    query = np.array([[100, 100, 1, 0]], dtype=dtype)
    key = np.array([[100, 100, j, 7] for j in range(-3, S - 3)], dtype=dtype)
    value = np.eye(S, dtype=dtype)
    steps = attention_steps(query, key, value)
    assert_array_equal(steps.scaled_scores, [np.arange(-3, S - 3) / 2 + 10_000])
    weights, output = attention_by_loops(query, key, value)
    assert_allclose(steps.weights, weights, rtol=(S + 4) * np.finfo(dtype).eps)
    assert_allclose(steps.output, output, rtol=(S + 4) * np.finfo(dtype).eps)


@every_dtype
def test_raw_scores_beyond_the_range(dtype):
    # In float32 they are 6e38, where the largest number is 3.4e38. Scaled by 1/2 they fit.
    query = np.full((1, 4), np.sqrt(np.finfo(dtype).max) * 0.66)
    key = np.stack([query[0], query[0], -query[0]])
    value = np.array([[1, 2], [3, 6], [5, 5]], dtype=dtype)
    assert query.dtype == dtype
    steps = attention_steps(query, key, value)
    assert_array_equal(steps.scores, [[np.inf, np.inf, -np.inf]])
    assert np.all(np.isfinite(steps.scaled_scores))
    for weights in steps.weights, attention_weights(query, key):
        assert_array_equal(weights, [[0.5, 0.5, 0]])
    for output in steps.output, scaled_dot_product_attention(query, key, value):
        assert_array_equal(output, [[2, 4]])


# Meaning


@every_dtype
@every_option
def test_weights_are_chances(options, dtype):
    weights = attention_weights(*draw(dtype)[:2], **options)
    assert weights.shape == (B, H, L, S)
    assert np.all(weights >= 0)
    expected = np.ones((B, H, L))
    if "attn_mask" in options:
        expected[..., 2] = 0  # may attend to nothing
    total = weights.sum(axis=-1, dtype=np.float64)
    assert_allclose(total, expected, rtol=0, atol=S * np.finfo(dtype).eps)


def test_order_of_key_value_pairs_means_nothing():
    query, key, value = draw()
    order = [3, 0, 6, 1, 5, 2, 4]
    weights = attention_weights(query, key, attn_mask=NUMBERS)
    output = scaled_dot_product_attention(query, key, value, attn_mask=NUMBERS)
    key, value, mask = key[..., order, :], value[..., order, :], NUMBERS[:, order]
    steps = attention_steps(query, key, value, attn_mask=mask)
    assert_allclose(steps.weights, weights[..., order], rtol=ROUNDED)
    assert_allclose(steps.output, output, rtol=0, atol=ROUNDED)


def test_a_constant_added_to_all_scores_means_nothing():
    query, key, value = draw()
    for constant in -300.0, 1.0, 1e4:
        steps = attention_steps(query, key, value, attn_mask=np.full((L, 1), constant))
        bound = ROUNDED * abs(constant)
        assert_allclose(steps.weights, attention_weights(query, key), rtol=bound)
        expected = scaled_dot_product_attention(query, key, value)
        assert_allclose(steps.output, expected, rtol=0, atol=bound)


def test_each_query_is_answered_alone():
    query, key, value = draw()
    output = scaled_dot_product_attention(query, key, value)
    for i in range(L):
        alone = scaled_dot_product_attention(query[..., i : i + 1, :], key, value)
        assert_allclose(alone, output[..., i : i + 1, :], rtol=0, atol=ROUNDED)


def test_scale_to_zero_gives_the_plain_average():
    query, key, value = draw()
    average = np.broadcast_to(value.mean(axis=-2, keepdims=True), (B, H, L, D_V))
    for scale, bound in (0, ROUNDED), (1e-9, 1e-7):
        steps = attention_steps(query, key, value, scale=scale)
        assert_allclose(steps.weights, np.full((B, H, L, S), 1 / S), rtol=0, atol=bound)
        assert_allclose(steps.output, average, rtol=0, atol=bound)


def test_large_scale_gives_the_best_match():
    query, key, value = draw()
    best = np.einsum("bhlk,bhsk->bhls", query, key).argmax(axis=-1)
    steps = attention_steps(query, key, value, scale=1e9)
    assert_array_equal(steps.weights, np.arange(S) == best[..., np.newaxis])
    assert_array_equal(steps.output, np.take_along_axis(value, best[..., np.newaxis], axis=-2))


def test_a_single_key_gives_its_value():
    query, key, value = draw()
    output = scaled_dot_product_attention(query, key[..., :1, :], value[..., :1, :])
    assert_array_equal(output, np.broadcast_to(value[..., :1, :], (B, H, L, D_V)))


# Masks


def test_true_means_may_attend():
    query, key, value = draw()
    only = np.array([4, 0, 6, 2, 2])  # the one key of each query
    steps = attention_steps(query, key, value, attn_mask=np.arange(S) == only[:, np.newaxis])
    assert_array_equal(steps.output, value[..., only, :])


@pytest.mark.parametrize("shape", [(), (1,), (S,), (L, 1), (1, S), (L, S), (H, L, S), (B, 1, 1, S)])
def test_mask_broadcasts(shape):
    rng = np.random.default_rng(0)
    for mask in rng.random(shape) < 0.6, rng.standard_normal(shape):
        assert_right(*draw(), attn_mask=np.asarray(mask))


def test_mask_may_be_a_list():
    query, key, value = [[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]]
    hide = scaled_dot_product_attention(query, key, value, attn_mask=[True, False])
    assert_array_equal(hide, [[7, 8]])
    add = scaled_dot_product_attention(query, key, value, attn_mask=[0.0, -np.inf])
    assert_array_equal(add, [[7, 8]])


def test_minus_infinity_means_false():
    query, key, value = draw()
    for is_causal in False, True:
        boolean = attention_steps(query, key, value, attn_mask=PAIRS, is_causal=is_causal)
        mask = np.where(PAIRS, 0, -np.inf)
        floating = attention_steps(query, key, value, attn_mask=mask, is_causal=is_causal)
        for step, expected in zip(floating, boolean, strict=True):
            assert_array_equal(step, expected)


def test_a_large_negative_number_is_not_minus_infinity():
    # Everywhere the same, it means nothing. Only -inf gives zeros.
    query, key, _ = draw()
    weights = attention_weights(query, key, attn_mask=np.full((L, S), -1e9))
    assert_allclose(weights, attention_weights(query, key), rtol=ROUNDED * 1e9)


@pytest.mark.parametrize("mask_dtype", DTYPES)
@every_dtype
def test_float_mask_takes_the_width_of_the_scores(dtype, mask_dtype):
    query, key, value = draw(dtype, leading=())
    mask = np.where(PAIRS, np.arange(L * S).reshape(L, S) / 8, -np.inf).astype(mask_dtype)
    assert_right(query, key, value, attn_mask=mask)


def test_float_mask_below_the_range_is_minus_infinity():
    query, key, value = draw("float32")
    mask = np.where(PAIRS, 0, np.finfo(np.float64).min)
    output = scaled_dot_product_attention(query, key, value, attn_mask=mask)
    expected = scaled_dot_product_attention(query, key, value, attn_mask=PAIRS)
    assert_array_equal(output, expected)


def test_causal_aligns_first_with_first():
    query, key, value = draw()
    for rows, columns in (L, S), (L, 3), (L, L), (1, S):
        short = query[..., :rows, :], key[..., :columns, :], value[..., :columns, :]
        steps = attention_steps(*short, is_causal=True)
        hidden = [[j > i for j in range(columns)] for i in range(rows)]
        assert_array_equal(steps.weights == 0, np.broadcast_to(hidden, steps.weights.shape))
        assert_array_equal(steps.output[..., 0, :], value[..., 0, :])


def test_causal_combines_with_a_mask():
    query, key, value = draw()
    both = PAIRS & np.tri(L, S, dtype=bool)
    expected = attention_steps(query, key, value, attn_mask=both)
    combined = attention_steps(query, key, value, attn_mask=PAIRS, is_causal=True)
    for step, same in zip(combined, expected, strict=True):
        assert_array_equal(step, same)
    by_name = attention_weights(query, key, attn_mask=causal_mask(L, S))
    assert_array_equal(attention_weights(query, key, is_causal=True), by_name)


def test_no_later_key_leaks_into_a_causal_query():
    query, key, value = draw()
    output = scaled_dot_product_attention(query, key, value, is_causal=True)
    for i in range(L):
        changed_key, changed_value = key.copy(), value.copy()
        changed_key[..., i + 1 :, :] = 1e6
        changed_value[..., i + 1 :, :] = -1e6
        changed = scaled_dot_product_attention(query, changed_key, changed_value, is_causal=True)
        assert_array_equal(changed[..., : i + 1, :], output[..., : i + 1, :])
        assert np.all(changed[..., i + 1 :, :] != output[..., i + 1 :, :])


@every_dtype
@pytest.mark.parametrize("shape", [(), (L, S), (H, 1, 1), (L, 1)])
@pytest.mark.parametrize("nothing", [False, -np.inf])
def test_a_query_that_may_attend_to_nothing_gets_zeros(nothing, shape, dtype):
    query, key, value = draw(dtype)
    for is_causal in False, True:
        options = {"attn_mask": np.full(shape, nothing), "is_causal": is_causal}
        steps = attention_steps(query, key, value, **options)
        assert_array_equal(steps.scaled_scores, np.full((B, H, L, S), -np.inf))
        assert_array_equal(steps.weights, np.zeros((B, H, L, S)))
        assert_array_equal(steps.output, np.zeros((B, H, L, D_V)))
        assert steps.weights.dtype == steps.output.dtype == dtype


def test_padding_changes_nothing():
    query, key, value = draw()
    mask = padding_mask(np.array([[3], [S]]), S)
    output = scaled_dot_product_attention(query, key, value, attn_mask=mask)
    short = scaled_dot_product_attention(query[0], key[0, :, :3], value[0, :, :3])
    assert_allclose(output[0], short, rtol=0, atol=ROUNDED)
    whole = scaled_dot_product_attention(query[1], key[1], value[1])
    assert_allclose(output[1], whole, rtol=0, atol=ROUNDED)


@every_dtype
@pytest.mark.parametrize("harm", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    "options",
    [
        {"attn_mask": np.arange(S) != 6},
        {"attn_mask": np.where(np.arange(S) != 6, 0.5, -np.inf)},
        {"is_causal": True},  # L = 5: no query reaches key 6
        {"is_causal": True, "attn_mask": np.zeros((L, S))},
    ],
    ids=["boolean", "float", "causal", "causal and float"],
)
def test_harm_in_a_hidden_key_stays_there(options, harm, dtype):
    query, key, value = draw(dtype)
    expected = attention_steps(query, key, value, **options)
    unharmed = scaled_dot_product_attention(query, key, value, **options)
    key[..., 6, :] = harm
    steps = attention_steps(query, key, value, **options)
    assert_array_equal(steps.scaled_scores, expected.scaled_scores)
    assert_array_equal(steps.weights, expected.weights)
    assert_array_equal(steps.output, expected.output)
    assert_array_equal(attention_weights(query, key, **options), expected.weights)
    alone = scaled_dot_product_attention(query, key, value, **options)
    assert_array_equal(alone, unharmed)


def test_nan_in_a_visible_key_shows():
    query, key, value = draw()
    key[..., 1, 0] = np.nan
    output = scaled_dot_product_attention(query, key, value, is_causal=True)
    assert np.all(np.isfinite(output[..., 0, :]))
    assert np.all(np.isnan(output[..., 1:, :]))


@every_dtype
@pytest.mark.parametrize("rows", [1, L])
@pytest.mark.parametrize("mask", [np.arange(S) != 6, np.full(S, -np.inf)], ids=["6", "all"])
def test_nan_in_a_hidden_value_shows(mask, rows, dtype):
    query, key, value = draw(dtype)
    value[1, 2, 6, 12] = np.nan
    for output in (
        attention_steps(query[..., :rows, :], key, value, attn_mask=mask).output,
        scaled_dot_product_attention(query[..., :rows, :], key, value, attn_mask=mask),
    ):
        shows = np.zeros((B, H, rows, D_V), dtype=bool)
        shows[1, 2, :, 12] = True
        assert_array_equal(np.isnan(output), shows)


# Dtypes


def test_integers_and_lists_are_not_truncated():
    integers = [(9 * x).astype(np.int8) for x in draw(leading=())]
    lists = [x.tolist() for x in integers]
    unsigned = [np.abs(x).astype(np.uint64) for x in integers]
    for inputs in integers, lists, unsigned:
        assert_right(*inputs, scale=0.01)


@pytest.mark.parametrize("value_dtype", [*DTYPES, "int16"])
@pytest.mark.parametrize("key_dtype", [*DTYPES, "int16"])
@pytest.mark.parametrize("query_dtype", [*DTYPES, "int16"])
def test_mixed_dtypes(query_dtype, key_dtype, value_dtype):
    query, key, value = (9 * x for x in draw(leading=()))
    inputs = query.astype(query_dtype), key.astype(key_dtype), value.astype(value_dtype)
    assert_right(*inputs, attn_mask=NUMBERS, scale=0.01)
    for step in attention_steps(*inputs):
        assert step.dtype == promised_dtype(*inputs)


@every_option
def test_float16_is_float32_rounded_once(options):
    half = draw("float16")
    single = [x.astype(np.float32) for x in half]
    steps, expected = attention_steps(*half, **options), attention_steps(*single, **options)
    for step, wide in zip(steps, expected, strict=True):
        assert step.dtype == np.float16
        assert_array_equal(step, wide.astype(np.float16))
    assert_array_equal(attention_weights(*half[:2], **options), steps.weights)
    assert_array_equal(scaled_dot_product_attention(*half, **options), steps.output)


# Inputs


def every_second(x):
    return np.repeat(x, 2, axis=-1)[..., ::2]


def transposed(x):
    return np.ascontiguousarray(x.T).T


def backwards(x):
    return x[::-1, ..., ::-1].copy()[::-1, ..., ::-1]


def repeated(x):
    return np.broadcast_to(x[..., :1, :1], x.shape)


def other_byte_order(x):
    return x.astype(x.dtype.newbyteorder())


VIEWS = [every_second, transposed, backwards, repeated, other_byte_order]


@every_dtype
@every_option
@pytest.mark.parametrize("view", VIEWS)
def test_layout_means_nothing(view, options, dtype):
    inputs = [view(x) for x in draw(dtype)]
    options = {name: view(x) if name == "attn_mask" else x for name, x in options.items()}
    bound = rounding(*inputs[:2], **options, dtype=dtype) * np.abs(inputs[2]).max()
    output = scaled_dot_product_attention(*inputs, **options)
    options = {name: x.copy() if name == "attn_mask" else x for name, x in options.items()}
    inputs = [x.astype(dtype, order="C") for x in inputs]
    expected = scaled_dot_product_attention(*inputs, **options)
    assert_allclose(output, expected, rtol=0, atol=2 * bound)


@every_dtype
@every_option
def test_inputs_are_never_changed_nor_handed_out(options, dtype):
    inputs = draw(dtype)
    if "attn_mask" in options:
        options = {**options, "attn_mask": options["attn_mask"].copy()}
        inputs.append(options["attn_mask"])
    before = [x.copy() for x in inputs]
    for x in inputs:
        x.flags.writeable = False
    results = [
        *attention_steps(*inputs[:3], **options),
        attention_weights(*inputs[:2], **options),
        scaled_dot_product_attention(*inputs[:3], **options),
    ]
    for result in results:
        assert not any(np.shares_memory(result, x) for x in inputs)
        result[...] = 0  # is the caller's own
    for x, same in zip(inputs, before, strict=True):
        assert_array_equal(x, same)


# Shapes


@every_dtype
@pytest.mark.parametrize("options", [{}, {"is_causal": True}, {"attn_mask": True}], ids=str)
@pytest.mark.parametrize(("rows", "columns"), [(0, S), (L, 0), (0, 0)])
def test_empty_sequences(rows, columns, options, dtype):
    query, key, value = draw(dtype)
    query, key, value = query[..., :rows, :], key[..., :columns, :], value[..., :columns, :]
    steps = attention_steps(query, key, value, **options)
    for step in steps[:3]:
        assert step.shape == (B, H, rows, columns)
        assert step.dtype == dtype
    for output in steps.output, scaled_dot_product_attention(query, key, value, **options):
        assert output.shape == (B, H, rows, D_V)
        assert output.dtype == dtype
        assert np.all(output == 0)
    assert attention_weights(query, key, **options).shape == (B, H, rows, columns)


def test_empty_batch_and_empty_values():
    query, key, value = draw()
    assert scaled_dot_product_attention(query[:0], key[:0], value[:0]).shape == (0, H, L, D_V)
    assert scaled_dot_product_attention(query, key, value[..., :0]).shape == (B, H, L, 0)


@pytest.mark.parametrize(
    ("query", "key", "value", "weights", "output"),
    [
        ((), (), (), (), ()),
        ((H,), (), (), (H,), (H,)),
        ((), (H,), (), (H,), (H,)),
        ((B, 1), (H,), (), (B, H), (B, H)),
        ((B, H), (B, 1), (1, H), (B, H), (B, H)),
        ((), (), (B, H), (), (B, H)),
        ((H, 1, 1), (B, 1), (7,), (H, B, 1), (H, B, 7)),
    ],
    ids=str,
)
def test_leading_dimensions_broadcast(query, key, value, weights, output):
    rng = np.random.default_rng(0)
    query = rng.standard_normal((*query, L, D_K))
    key = rng.standard_normal((*key, S, D_K))
    value = rng.standard_normal((*value, S, D_V))
    steps = attention_steps(query, key, value, attn_mask=PAIRS)
    assert [step.shape for step in steps] == [(*weights, L, S)] * 3 + [(*output, L, D_V)]
    assert attention_weights(query, key).shape == (*weights, L, S)
    assert_right(query, key, value, attn_mask=PAIRS)


# Errors


@pytest.mark.parametrize("function", [attention_steps, scaled_dot_product_attention])
@pytest.mark.parametrize(("wrong", "error"), ERRORS, ids=[str(error) for _, error in ERRORS])
def test_errors_word_for_word(wrong, error, function):
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        function(**CALL | wrong)


WITHOUT_VALUE = [(wrong, error) for wrong, error in ERRORS if "value" not in wrong]


@pytest.mark.parametrize(
    ("wrong", "error"), WITHOUT_VALUE, ids=[str(error) for _, error in WITHOUT_VALUE]
)
def test_errors_of_weights_word_for_word(wrong, error):
    call = CALL | wrong
    del call["value"]
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        attention_weights(**call)


def test_weights_name_query_and_key_alone():
    message = "leading dimensions must broadcast, got query (2, 5, 3), key (3, 7, 3)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        attention_weights(np.zeros((2, 5, 3)), np.zeros((3, 7, 3)))


def test_options_are_named():
    query, key, value = draw()
    for function in attention_steps, scaled_dot_product_attention:
        with pytest.raises(TypeError, match="takes 3 positional arguments but 4 were given"):
            function(query, key, value, PAIRS)
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        attention_weights(query, key, PAIRS)


# Softmax


def test_softmax_of_logarithms():
    x = np.log([[1.0, 3.0], [1.0, 1.0], [2.0, 6.0]])
    assert_allclose(softmax(x), [[1 / 4, 3 / 4], [1 / 2, 1 / 2], [1 / 4, 3 / 4]], rtol=ROUNDED)
    expected = [[1 / 4, 3 / 10], [1 / 4, 1 / 10], [1 / 2, 6 / 10]]
    assert_allclose(softmax(x, axis=0), expected, rtol=ROUNDED)
    assert_allclose(softmax(x, 0), expected, rtol=ROUNDED)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("constant", [-1e4, 0, 1e4, 1e6])
def test_softmax_ignores_a_constant(constant, dtype):
    x = np.arange(S, dtype=dtype)  # stays exact when the constant is added
    bound = (S + 4) * np.finfo(dtype).eps
    expected = np.exp(np.arange(S)) / np.exp(np.arange(S)).sum()
    assert_allclose(softmax(x + x.dtype.type(constant)), expected, rtol=bound)


@every_dtype
def test_softmax_from_one_end_of_the_range_to_the_other(dtype):
    largest = np.finfo(dtype).max
    weights = softmax(np.array([-largest, largest, -np.inf], dtype=dtype))
    assert_array_equal(weights, [0, 1, 0])
    assert weights.dtype == dtype


@pytest.mark.parametrize("dtype", [*DTYPES, ">f2", ">f4", "int8"])
def test_softmax_dtype(dtype):
    x = np.array([[1, 2, 3], [-1, 0, 5]], dtype=dtype)
    expected = softmax(x.astype(np.float64))
    weights = softmax(x)
    assert weights.dtype == promised_dtype(x)
    assert_allclose(weights, expected, rtol=(3 + 4) * np.finfo(weights.dtype).eps)


def test_softmax_of_float16_is_float32_rounded_once():
    x = np.linspace(-5, 5, 1009).astype(np.float16)
    assert_array_equal(softmax(x), softmax(x.astype(np.float32)).astype(np.float16))
    assert_array_equal(softmax(x.astype(">f2")), softmax(x))


def test_softmax_where_nothing_is_left():
    assert_array_equal(softmax([[-np.inf, -np.inf], [0, -np.inf]]), [[0, 0], [1, 0]])
    assert softmax(np.zeros((3, 0))).shape == (3, 0)
    assert softmax(np.zeros((0, 3))).shape == (0, 3)


def test_softmax_keeps_nan_to_its_row():
    weights = softmax([[np.nan, 1.0], [1.0, 1.0]])
    assert np.all(np.isnan(weights[0]))
    assert_array_equal(weights[1], [0.5, 0.5])


def test_softmax_leaves_its_input_alone():
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    weights = softmax(x)
    assert not np.shares_memory(weights, x)
    assert_array_equal(x, [1, 2])


@pytest.mark.parametrize(
    ("x", "error"),
    [
        ([1j], TypeError("x must hold real numbers, got dtype complex128")),
        ([None], TypeError("x must hold real numbers, got dtype object")),
        ([[1.0], []], ValueError("x must be rectangular, got rows of different lengths")),
    ],
    ids=str,
)
def test_softmax_errors_word_for_word(x, error):
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        softmax(x)


# Any call


@settings(max_examples=100, deadline=None, derandomize=True)
@given(calls())
def test_any_call_agrees_with_the_loops(call):
    inputs, options = call
    assert_right(*inputs, **options)


# An implementation by other people


def onnx_attention(*inputs, **attributes):
    """Evaluate the ONNX operator; an input that is None is left out."""
    names = ["Q", "K", "V", "attn_mask", "past_key", "past_value", "nonpad_kv_seqlen"]
    given = {name: x for name, x in zip(names, inputs, strict=False) if x is not None}
    node = onnx.helper.make_node(
        "Attention", [name if name in given else "" for name in names], ["Y"], **attributes
    )
    function = onnx.helper.make_function(
        "test", "attention", list(given), ["Y"], [node], [onnx.helper.make_opsetid("", 24)]
    )
    return ReferenceEvaluator(function).run(None, given, {})[0]


# Since opset 24 the operator, too, gives zeros to a query that may attend to nothing.
ONNX_OPTIONS = {name: options for name, options in OPTIONS.items() if name != "negative scale"}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", ONNX_OPTIONS.values(), ids=ONNX_OPTIONS)
def test_agrees_with_onnx(options, dtype):
    query, key, value = draw(dtype)
    attributes = {name: x for name, x in options.items() if name != "attn_mask"}
    mask = options.get("attn_mask")
    if mask is not None and mask.dtype != bool:
        mask = mask.astype(dtype)
    expected = onnx_attention(query, key, value, mask, **attributes)
    output = scaled_dot_product_attention(query, key, value, **options)
    bound = 2 * rounding(query, key, **options, dtype=dtype) * np.abs(value).max()
    assert output.dtype == expected.dtype
    assert_allclose(output, expected, rtol=0, atol=bound)


def test_agrees_with_onnx_on_padding():
    # Not together with is_causal: ONNX then aligns the last query with the last key.
    query, key, value = draw()
    lengths = np.array([4, 0])
    expected = onnx_attention(query, key, value, None, None, None, lengths)
    mask = padding_mask(lengths[:, np.newaxis], S)
    output = scaled_dot_product_attention(query, key, value, attn_mask=mask)
    assert_allclose(output, expected, rtol=0, atol=ROUNDED)
    assert np.all(output[1] == 0)
