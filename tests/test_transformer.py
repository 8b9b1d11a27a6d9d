"""Layers, blocks and models against the paper's equations, and against leaks from the future."""

import math
import re
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from test_multi_head import multi_head_by_loops

from attention import (
    DecoderOnly,
    EncoderBlock,
    FeedForward,
    Sizes,
    Transformer,
    layer_norm,
    padding_mask,
    parameter_count,
    sinusoidal_positional_encoding,
)
from attention.blocks import DecoderBlock
from attention.layers import LayerNorm, gelu, relu
from attention.parameters import ShapesOnly, parameters, with_parameters
from attention.transformer import embed

B, L, S, D_MODEL, D_FF, VOCABULARY = 2, 5, 7, 6, 13, 11
SIZES = Sizes(D_MODEL, num_heads=3, d_ff=D_FF)
pre_and_post = pytest.mark.parametrize("pre_norm", [False, True])


def scrambled(model):
    """Give every array numbers of its own: gains of 1 and biases of 0 would hide their absence."""
    rng = np.random.default_rng(7)
    return with_parameters(
        model,
        {
            name: (x + 0.3 * rng.normal(size=x.shape)).astype(x.dtype)
            for name, x in parameters(model).items()
        },
    )


def decoder_only(seed=0, num_layers=2, **options):
    sizes = replace(SIZES, **options)
    rng = np.random.default_rng(seed)
    return scrambled(DecoderOnly.init(rng, sizes, vocabulary=VOCABULARY, num_layers=num_layers))


def transformer(**options):
    rng = np.random.default_rng(0)
    sizes = replace(SIZES, **options)
    return scrambled(Transformer.init(rng, sizes, vocabulary=VOCABULARY, num_layers=2))


# The layers, one number at a time


def norm_by_loops(norm, x):
    output = np.zeros(x.shape)
    for i, row in enumerate(x):
        mean = sum(row) / len(row)
        variance = sum((c - mean) ** 2 for c in row) / len(row)
        for c in range(len(row)):
            output[i, c] = (row[c] - mean) / math.sqrt(variance + norm.eps)
            output[i, c] = output[i, c] * norm.gain[c] + norm.bias[c]
    return output


def feed_forward_by_loops(layer, x):
    output = np.zeros(x.shape)
    for i, row in enumerate(x):
        for c in range(len(row)):
            output[i, c] = layer.b_2[c]
            for h in range(len(layer.b_1)):
                hidden = layer.b_1[h] + sum(row[m] * layer.W_1[m, h] for m in range(len(row)))
                output[i, c] += max(0, hidden) * layer.W_2[h, c]
    return output


def block_by_loops(block, x, may_attend, memory=None):
    """Sections 3.1 and 5.4: LayerNorm(x + Sublayer(x)), or x + Sublayer(LayerNorm(x))."""
    sublayers = [
        (
            block.attention_norm,
            lambda x: multi_head_by_loops(block.attention, x, x, x, may_attend)[1],
        )
    ]
    if memory is not None:
        cross = block.cross_attention
        sublayers.append(
            (
                block.cross_attention_norm,
                lambda x: multi_head_by_loops(cross, x, memory, memory)[1],
            )
        )
    sublayers.append(
        (block.feed_forward_norm, lambda x: feed_forward_by_loops(block.feed_forward, x))
    )
    for norm, sublayer in sublayers:
        if block.pre_norm:
            x = x + sublayer(norm_by_loops(norm, x))
        else:
            x = norm_by_loops(norm, x + sublayer(x))
    return x


def test_layer_norm_agrees_with_the_loops():
    rng = np.random.default_rng(0)
    norm = LayerNorm(rng.normal(size=D_MODEL), rng.normal(size=D_MODEL), eps=0.1)
    x = rng.normal(2, 3, (L, D_MODEL))
    expected = norm_by_loops(norm, x)
    assert_allclose(norm(x), expected, rtol=1e-12, atol=1e-12)
    assert_allclose(layer_norm(x, norm.gain, norm.bias, 0.1), expected, rtol=1e-12, atol=1e-12)
    assert_allclose(norm(np.stack([x, x]))[1], expected, rtol=1e-12, atol=1e-12)


def test_layer_norm_forgets_shift_and_scale():
    x = np.random.default_rng(0).normal(size=(L, D_MODEL))
    norm = LayerNorm.init(D_MODEL)
    assert_allclose(norm(50 * x + 3), norm(x), atol=1e-4)


def test_activations():
    x = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    assert_array_equal(relu(x), [0, 0, 0, 0.5, 2])
    exact = [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x]
    assert_allclose(gelu(x), exact, rtol=0, atol=5e-4)
    assert gelu(x)[1] < -0.15  # negative where relu is 0


def test_feed_forward_agrees_with_the_loops():
    layer = scrambled(FeedForward.init(np.random.default_rng(0), D_MODEL, D_FF))
    x = np.random.default_rng(1).normal(size=(L, D_MODEL))
    assert_allclose(layer(x), feed_forward_by_loops(layer, x), rtol=1e-12, atol=1e-12)
    smooth = replace(layer, activation="gelu")
    expected = gelu(x @ layer.W_1 + layer.b_1) @ layer.W_2 + layer.b_2
    assert_allclose(smooth(x), expected, rtol=1e-12)


@pre_and_post
@pytest.mark.parametrize("is_causal", [False, True])
def test_encoder_block_agrees_with_the_loops(is_causal, pre_norm):
    rng = np.random.default_rng(0)
    block = scrambled(EncoderBlock.init(rng, replace(SIZES, pre_norm=pre_norm)))
    x = rng.normal(size=(B, L, D_MODEL))
    output = block(x, is_causal=is_causal)
    for b in range(B):
        expected = block_by_loops(block, x[b], lambda i, j: j <= i or not is_causal)
        assert_allclose(output[b], expected, rtol=1e-10, atol=1e-12)


@pre_and_post
def test_decoder_block_agrees_with_the_loops(pre_norm):
    rng = np.random.default_rng(0)
    block = scrambled(DecoderBlock.init(rng, replace(SIZES, pre_norm=pre_norm)))
    x, memory = rng.normal(size=(B, L, D_MODEL)), rng.normal(size=(B, S, D_MODEL))
    output = block(x, memory)
    for b in range(B):
        expected = block_by_loops(block, x[b], lambda i, j: j <= i, memory[b])
        assert_allclose(output[b], expected, rtol=1e-10, atol=1e-12)


# The models


def test_embed_adds_the_position_to_the_scaled_embedding():
    embedding = np.random.default_rng(0).normal(size=(VOCABULARY, D_MODEL))
    tokens = np.array([[3, 3, 10], [0, 1, 2]])
    positions = sinusoidal_positional_encoding(9, D_MODEL)
    expected = [[math.sqrt(D_MODEL) * embedding[t] for t in row] for row in tokens]
    assert_allclose(embed(embedding, tokens), expected + positions[:3], rtol=1e-12)
    assert_allclose(embed(embedding, tokens, start=6), expected + positions[6:], rtol=1e-12)


@pre_and_post
def test_decoder_only_is_blocks_between_embeddings(pre_norm):
    model = decoder_only(pre_norm=pre_norm)
    tokens = np.random.default_rng(1).integers(VOCABULARY, size=(B, L))
    x = embed(model.embedding, tokens)
    for block in model.blocks:
        x = block(x, is_causal=True)
    if pre_norm:
        x = layer_norm(x, model.final_norm.gain, model.final_norm.bias)
    assert_allclose(model(tokens), x @ model.embedding.T, rtol=1e-10, atol=1e-12)


@pre_and_post
def test_transformer_is_encoder_and_decoder(pre_norm):
    model = transformer(pre_norm=pre_norm)
    rng = np.random.default_rng(1)
    source, target = rng.integers(VOCABULARY, size=(B, S)), rng.integers(VOCABULARY, size=(B, L))
    memory = embed(model.embedding, source)
    for block in model.encoder:
        memory = block(memory)
    x = embed(model.embedding, target)
    if pre_norm:
        memory = model.encoder_norm(memory)
    for block in model.decoder:
        x = block(x, memory)
    if pre_norm:
        x = model.decoder_norm(x)
    assert_allclose(model(source, target), x @ model.embedding.T, rtol=1e-10, atol=1e-12)


def test_padding_of_the_source_does_not_show():
    model = transformer()
    rng = np.random.default_rng(1)
    source, target = rng.integers(VOCABULARY, size=(B, S)), rng.integers(VOCABULARY, size=(B, L))
    lengths = [4, S]
    logits = model(source, target, source_mask=padding_mask(np.reshape(lengths, (B, 1)), S))
    for b, length in enumerate(lengths):
        alone = model(source[b, :length], target[b])
        assert_allclose(logits[b], alone, rtol=1e-10, atol=1e-10)


# No token of the future is seen


def leaks(logits_of):
    """Say at which positions t the logits change when all tokens after t are others."""
    rng = np.random.default_rng(2)
    tokens = rng.integers(VOCABULARY, size=(B, L))
    logits = logits_of(tokens)
    changed = []
    for t in range(L - 1):
        others = tokens.copy()
        others[:, t + 1 :] = (others[:, t + 1 :] + 1 + rng.integers(VOCABULARY - 1)) % VOCABULARY
        if not np.allclose(logits_of(others)[:, : t + 1], logits[:, : t + 1], rtol=0, atol=1e-12):
            changed.append(t)
    return changed


@pre_and_post
def test_no_leak(pre_norm):
    assert leaks(decoder_only(pre_norm=pre_norm)) == []
    model, source = transformer(pre_norm=pre_norm), np.array([1, 2, 3])
    assert leaks(lambda target: model(source, target)) == []


def test_leaks_are_caught(monkeypatch):
    everything = np.ones_like
    model = decoder_only()

    def without_mask(tokens):
        x = embed(model.embedding, tokens)
        for block in model.blocks:
            x = block(x)
        return x @ model.embedding.T

    assert leaks(without_mask) == [0, 1, 2, 3]
    tri = np.tri
    monkeypatch.setattr(np, "tri", lambda L, S, start, dtype: tri(L, S, start + 1, dtype))
    assert leaks(model) == [0, 1, 2, 3]  # each query sees one key too many
    monkeypatch.setattr(np, "tri", lambda L, S, start, dtype: everything(tri(L, S, 0, dtype)))
    assert leaks(model) == [0, 1, 2, 3]


# The key-value cache


@pre_and_post
@pytest.mark.parametrize("pieces", [[1] * L, [3, 1, 1], [2, 3], [L]])
def test_cached_steps_equal_recomputation(pieces, pre_norm):
    model = decoder_only(pre_norm=pre_norm)
    tokens = np.random.default_rng(1).integers(VOCABULARY, size=(B, L))
    cache, logits = (), []
    for piece in np.split(tokens, np.cumsum(pieces)[:-1], axis=1):
        before = [x.copy() for pair in cache for x in pair]
        piece_logits, grown = model.extend(piece, cache)
        for kept, x in zip(before, [x for pair in cache for x in pair], strict=True):
            assert_array_equal(kept, x)  # the cache passed in is left alone
        logits.append(piece_logits)
        cache = grown
    assert_allclose(np.concatenate(logits, axis=1), model(tokens), rtol=0, atol=1e-12)
    for key, value in cache:
        assert key.shape == value.shape == (B, 3, L, D_MODEL // 3)


def test_one_cache_serves_two_continuations():
    model = decoder_only()
    _, cache = model.extend([1, 2, 3])
    first, _ = model.extend([4], cache)
    second, _ = model.extend([5], cache)
    assert_allclose(first, model([1, 2, 3, 4])[3:], rtol=0, atol=1e-12)
    assert_allclose(second, model([1, 2, 3, 5])[3:], rtol=0, atol=1e-12)


# Parameters


def test_float32_stays():
    model = DecoderOnly.init(
        np.random.default_rng(0), replace(SIZES, dtype=np.float32), vocabulary=5, num_layers=1
    )
    assert {x.dtype for x in parameters(model).values()} == {np.dtype(np.float32)}
    assert model([1, 2]).dtype == np.float32


def ledger(vocabulary, d_model, d_ff, num_layers):
    """Count by the paper: attention has no biases, the embedding is shared threefold."""
    attention, norm = 4 * d_model**2, 2 * d_model
    feed_forward = 2 * d_model * d_ff + d_ff + d_model
    encoder = num_layers * (attention + feed_forward + 2 * norm)
    decoder = num_layers * (2 * attention + feed_forward + 3 * norm)
    return vocabulary * d_model + encoder + decoder


@pytest.mark.parametrize(
    ("d_model", "num_heads", "d_ff", "millions", "paper"),
    [(512, 8, 2048, 63.0, 65), (1024, 16, 4096, 214.2, 213)],
)
def test_models_of_the_paper_are_counted_without_memory(d_model, num_heads, d_ff, millions, paper):
    sizes = Sizes(d_model, num_heads, d_ff)
    tracemalloc.start()
    model = Transformer.init(ShapesOnly(), sizes, vocabulary=37_000, num_layers=6)
    count = parameter_count(model)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == ledger(37_000, d_model, d_ff, 6)
    assert round(count / 1e6, 1) == millions
    assert abs(count / 1e6 - paper) / paper < 0.04
    assert peak < 4e6  # bytes: the biases and gains, which are ones and zeros, not drawn


@pre_and_post
def test_count_of_shapes_is_the_count_of_arrays(pre_norm):
    sizes = replace(SIZES, pre_norm=pre_norm, d_k=7)
    drawn = transformer(pre_norm=pre_norm, d_k=7)
    shapes = Transformer.init(ShapesOnly(), sizes, vocabulary=VOCABULARY, num_layers=2)
    assert {n: x.shape for n, x in parameters(drawn).items()} == {
        n: x.shape for n, x in parameters(shapes).items()
    }
    assert parameter_count(drawn) == sum(x.size for x in parameters(drawn).values())


BLOCK = EncoderBlock.init(np.random.default_rng(0), SIZES)
MODEL = decoder_only()
ERRORS = [
    (
        lambda: layer_norm(np.zeros((5, 6)), np.ones(5), np.zeros(6)),
        ValueError(
            "gain and bias must have shape (d_model,), got gain (5,), bias (6,) and x (5, 6)"
        ),
    ),
    (
        lambda: BLOCK.feed_forward(np.zeros((5, 7))),
        ValueError("x must have d_model as in W_1 (6, 13), got x (5, 7)"),
    ),
    (
        lambda: FeedForward.init(np.random.default_rng(0), 2, 3, activation="tanh"),
        ValueError('activation must be "relu" or "gelu", got \'tanh\''),
    ),
    (lambda: MODEL([[1, 11]]), ValueError("tokens must lie in 0 ... 10, got 11")),
    (lambda: MODEL([[-1, 1]]), ValueError("tokens must lie in 0 ... 10, got -1")),
    (lambda: MODEL([[0.5]]), TypeError("tokens must be integers, got dtype float64")),
    (lambda: MODEL(3), ValueError("tokens must have shape (..., L), got ()")),
    (
        lambda: MODEL.extend([1], MODEL.extend([1])[1][:1]),
        ValueError("cache must hold keys and values for each of 2 blocks, got 1"),
    ),
]


@pytest.mark.parametrize(("call", "error"), ERRORS, ids=[str(case[-1]) for case in ERRORS])
def test_errors_word_for_word(call, error):
    with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
        call()
