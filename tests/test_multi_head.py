"""Multi-head attention against loops written from the paper, head by head and number by number."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from attention import (
    MultiHeadAttention,
    merge_heads,
    padding_mask,
    scaled_dot_product_attention,
    split_heads,
)

B, H, L, S, D_K, D_V, D_MODEL = 2, 3, 5, 7, 11, 13, 17  # different primes, as everywhere


def draw_layer(scale=None):
    """A layer in which d_k, d_v and d_model have nothing to do with one another."""
    rng = np.random.default_rng(0)
    shapes = (D_MODEL, H * D_K), (D_MODEL, H * D_K), (D_MODEL, H * D_V), (H * D_V, D_MODEL)
    return MultiHeadAttention(*(rng.normal(0, 0.3, shape) for shape in shapes), H, scale)


def draw_inputs(dtype="float64"):
    rng = np.random.default_rng(1)
    shapes = (B, L, D_MODEL), (B, S, D_MODEL), (B, S, D_MODEL)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def multi_head_by_loops(layer, query, key, value, may_attend=lambda i, j: True):
    """Section 3.2.2 for one sequence: head_i = Attention(Q W_q_i, K W_k_i, V W_v_i)."""

    def project(x, W, head):
        width = W.shape[1] // layer.num_heads
        columns = range(head * width, (head + 1) * width)
        return [[sum(row[m] * W[m, c] for m in range(len(row))) for c in columns] for row in x]

    weights = np.zeros((layer.num_heads, len(query), len(key)))
    output = np.zeros((len(query), layer.W_o.shape[1]))
    for i in range(len(query)):
        concatenated = []
        for head in range(layer.num_heads):
            q = project(query, layer.W_q, head)[i]
            k, v = project(key, layer.W_k, head), project(value, layer.W_v, head)
            scale = 1 / math.sqrt(len(q)) if layer.scale is None else layer.scale
            chances = {
                j: math.exp(scale * sum(a * b for a, b in zip(q, k[j], strict=True)))
                for j in range(len(key))
                if may_attend(i, j)
            }
            total = sum(chances.values())
            for j, chance in chances.items():
                weights[head, i, j] = chance / total
            width = len(v[0])
            concatenated += [
                sum(weights[head, i, j] * v[j][c] for j in range(len(key))) for c in range(width)
            ]
        for m in range(output.shape[1]):
            output[i, m] = sum(x * layer.W_o[c, m] for c, x in enumerate(concatenated))
    return weights, output


def test_split_heads_gives_each_head_its_own_columns():
    x = np.arange(B * L * H * D_K).reshape(B, L, H * D_K)
    heads = split_heads(x, H)
    assert heads.shape == (B, H, L, D_K)
    for head in range(H):
        assert_array_equal(heads[:, head], x[:, :, head * D_K : (head + 1) * D_K])
    assert_array_equal(merge_heads(heads), x)


def test_heads_of_one_sequence():
    x = np.arange(L * H * D_K).reshape(L, H * D_K)
    assert split_heads(x, H).shape == (H, L, D_K)
    assert_array_equal(merge_heads(split_heads(x, H)), x)


@pytest.mark.parametrize("scale", [None, 0.5])
@pytest.mark.parametrize("is_causal", [False, True])
def test_agrees_with_the_loops(is_causal, scale):
    layer, inputs = draw_layer(scale), draw_inputs()
    output = layer(*inputs, is_causal=is_causal)
    weights = layer.weights(*inputs[:2], is_causal=is_causal)
    assert output.shape == (B, L, D_MODEL)
    assert weights.shape == (B, H, L, S)

    def may_attend(i, j):
        return j <= i or not is_causal

    for b in range(B):
        expected = multi_head_by_loops(layer, *(x[b] for x in inputs), may_attend)
        assert_allclose(weights[b], expected[0], rtol=1e-10, atol=1e-13)
        assert_allclose(output[b], expected[1], rtol=1e-10, atol=1e-12)


def test_padding_is_hidden_from_every_head():
    layer, inputs, lengths = draw_layer(), draw_inputs(), [3, 6]
    mask = padding_mask(np.reshape(lengths, (B, 1)), S)
    output = layer(*inputs, attn_mask=mask)
    for b, length in enumerate(lengths):
        query, key, value = (x[b] for x in inputs)
        expected = layer(query, key[:length], value[:length])
        assert_allclose(output[b], expected, rtol=1e-12, atol=1e-12)


def test_steps_lead_to_the_output():
    layer, inputs = draw_layer(), draw_inputs()
    steps = layer.steps(*inputs)
    assert_array_equal(steps.output, layer(*inputs))
    assert_array_equal(steps.weights, layer.weights(*inputs[:2]))
    assert steps.query.shape == (B, H, L, D_K)
    assert steps.key.shape == (B, H, S, D_K)
    assert steps.value.shape == (B, H, S, D_V)
    assert_array_equal(steps.output, steps.heads @ layer.W_o)
    for given, kept in zip(inputs, steps.inputs, strict=True):
        assert_array_equal(kept, given)


def test_past_comes_first():
    layer, (query, key, value) = draw_layer(), draw_inputs()
    early = layer.steps(query, key[:, :4], value[:, :4])
    late = layer.steps(query, key[:, 4:], value[:, 4:], past=(early.key, early.value))
    whole = layer.steps(query, key, value)
    for name in ("key", "value", "weights", "output"):
        assert_allclose(getattr(late, name), getattr(whole, name), rtol=1e-12, atol=1e-12)


def test_one_head_is_attention_with_projections():
    layer = MultiHeadAttention.init(np.random.default_rng(0), D_MODEL, 1)
    query, key, value = draw_inputs()
    heads = scaled_dot_product_attention(query @ layer.W_q, key @ layer.W_k, value @ layer.W_v)
    assert_allclose(layer(query, key, value), heads @ layer.W_o, rtol=1e-12)


def test_init_draws_what_it_says():
    layer = MultiHeadAttention.init(np.random.default_rng(3), 12, 3, d_k=64, dtype=np.float32)
    again = MultiHeadAttention.init(np.random.default_rng(3), 12, 3, d_k=64, dtype=np.float32)
    shapes = {"W_q": (12, 192), "W_k": (12, 192), "W_v": (12, 12), "W_o": (12, 12)}
    for name, shape in shapes.items():
        assert getattr(layer, name).shape == shape
        assert getattr(layer, name).dtype == np.float32
        assert_array_equal(getattr(layer, name), getattr(again, name))
    assert not np.array_equal(layer.W_q, layer.W_k)


@pytest.mark.parametrize("d_k", [8, 256])
def test_init_gives_queries_and_keys_of_variance_1(d_k):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 512))
    layer = MultiHeadAttention.init(rng, 512, 2, d_k=d_k)
    steps = layer.steps(x, x, x)
    assert_allclose([steps.query.var(), steps.key.var()], 1, atol=0.1)


def test_float32_stays():
    rng = np.random.default_rng(0)
    layer = MultiHeadAttention.init(rng, D_MODEL * H, H, dtype=np.float32)
    x = rng.normal(size=(B, L, D_MODEL * H)).astype(np.float32)
    assert layer(x, x, x, is_causal=True).dtype == np.float32
    assert layer.weights(x, x).dtype == np.float32


def in_dtype(dtype, layer, inputs):
    """Return the same layer and the same inputs as numbers of another width."""
    names = ("W_q", "W_k", "W_v", "W_o")
    return replace(layer, **{name: getattr(layer, name).astype(dtype) for name in names}), [
        x.astype(dtype) for x in inputs
    ]


def steps_rounded_on_the_way(layer, query, key, value):
    """What a layer gives that computes its projections in float16: the wrong implementation."""
    q, k, v = (
        split_heads(x @ W, H)
        for x, W in zip((query, key, value), (layer.W_q, layer.W_k, layer.W_v), strict=True)
    )
    heads = merge_heads(scaled_dot_product_attention(q, k, v))
    return heads, heads @ layer.W_o


def test_float16_is_computed_in_float32():
    layer, inputs = in_dtype(np.float16, draw_layer(), draw_inputs())
    wide, wide_inputs = in_dtype(np.float32, layer, inputs)
    steps, expected = layer.steps(*inputs), wide.steps(*wide_inputs)
    for name in ("query", "key", "value", "weights", "heads", "output"):
        found = getattr(steps, name)
        assert found.dtype == np.float16, name
        assert_array_equal(found, getattr(expected, name).astype(np.float16), err_msg=name)
    assert_array_equal(layer.weights(*inputs[:2]), steps.weights)
    for wrong, name in zip(
        steps_rounded_on_the_way(layer, *inputs), ("heads", "output"), strict=True
    ):
        assert (wrong != getattr(steps, name)).any(), "the test cannot tell who rounds on the way"


def test_a_past_in_float16_stays_float16():
    layer, (query, key, value) = in_dtype(np.float16, draw_layer(), draw_inputs())
    past = layer.steps(query, key, value)
    steps = layer.steps(query, key, value, past=(past.key, past.value))
    assert {x.dtype for x in steps[1:]} == {np.dtype(np.float16)}
    assert steps.weights.shape == (B, H, L, 2 * S)


def layer_of(*shapes, num_heads=2):
    return MultiHeadAttention(*(np.zeros(shape) for shape in shapes), num_heads)


SQUARE = layer_of((6, 6), (6, 6), (6, 6), (6, 6))
ERRORS = [
    (
        lambda: split_heads(np.zeros((2, 5, 6)), 4),
        "x must have shape (..., L, d_model) with d_model a multiple of num_heads, "
        "got x (2, 5, 6) and num_heads 4",
    ),
    (
        lambda: split_heads(np.zeros(6), 2),
        "x must have shape (..., L, d_model) with d_model a multiple of num_heads, "
        "got x (6,) and num_heads 2",
    ),
    (lambda: merge_heads(np.zeros((5, 6))), "x must have shape (..., H, L, d_v), got (5, 6)"),
    (
        lambda: MultiHeadAttention.init(np.random.default_rng(0), 6, 4),
        "d_model must be a multiple of num_heads, got 6 and 4",
    ),
    (
        lambda: layer_of((6, 4), (6, 2), (6, 6), (6, 6)),
        "W_q and W_k must share H * d_k, W_v and W_o H * d_v, "
        "got W_q (6, 4), W_k (6, 2), W_v (6, 6), W_o (6, 6)",
    ),
    (
        lambda: layer_of((6, 4), (6, 4), (6, 6), (4, 6)),
        "W_q and W_k must share H * d_k, W_v and W_o H * d_v, "
        "got W_q (6, 4), W_k (6, 4), W_v (6, 6), W_o (4, 6)",
    ),
    (
        lambda: layer_of((6,), (6, 4), (6, 6), (4, 6)),
        "weights must have shape (d_in, d_out), got W_q (6,), W_k (6, 4), W_v (6, 6), W_o (4, 6)",
    ),
    (
        lambda: layer_of((6, 6), (6, 6), (6, 4), (4, 6), num_heads=3),
        "weights must split into num_heads = 3, got W_q (6, 6), W_k (6, 6), W_v (6, 4), W_o (4, 6)",
    ),
    (
        lambda: SQUARE(np.zeros((2, 3, 5)), np.zeros((2, 3, 6)), np.zeros((2, 3, 6))),
        "query must have shape (..., length, 6) to fit its weights (6, 6), got (2, 3, 5)",
    ),
    (
        lambda: SQUARE(np.zeros((3, 6)), np.zeros((4, 6)), np.zeros((5, 6))),
        "key and value must share their length S, got key (4, 6) and value (5, 6)",
    ),
    (
        lambda: SQUARE(*[np.zeros((2, 3, 6))] * 3, attn_mask=np.ones((3, 4), bool)),
        "attn_mask must broadcast to the scores, got mask (3, 4) and scores (2, 2, 3, 3)",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), ERRORS, ids=[case[-1] for case in ERRORS])
def test_errors_word_for_word(call, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()
