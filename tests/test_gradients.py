"""Every derivative against central finite differences, and against what mathematics says of it."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from test_transformer import scrambled

from attention import (
    DecoderOnly,
    EncoderBlock,
    FeedForward,
    MultiHeadAttention,
    Sizes,
    attention_weights,
    scaled_dot_product_attention,
    softmax,
)
from attention.blocks import DecoderBlock
from attention.layers import LayerNorm, gelu, relu
from attention.learning.gradients import (
    attention_backward,
    cross_entropy,
    decoder_block_backward,
    embedding_backward,
    encoder_block_backward,
    feed_forward_backward,
    gelu_backward,
    layer_norm_backward,
    model_backward,
    multi_head_backward,
    relu_backward,
    softmax_backward,
)
from attention.parameters import parameters, with_parameters
from attention.transformer import EncoderOnly

B, H, L, S, D_K, D_V, D_MODEL, D_FF, VOCABULARY = 2, 3, 5, 7, 2, 4, 6, 11, 13
pre_and_post = pytest.mark.parametrize("pre_norm", [False, True])
both_activations = pytest.mark.parametrize("activation", ["relu", "gelu"])


def differences(loss, x, step=2e-4):
    """Differentiate loss(x) in each number of x, with an error of the order of step ** 4.

    A step must not carry a relu across its kink: the seeds of the tests are such.
    """
    slope = np.zeros(x.shape)
    for i in np.ndindex(x.shape):

        def moved(by, i=i):
            y = x.copy()
            y[i] += by
            return loss(y)

        near, far = moved(step) - moved(-step), moved(2 * step) - moved(-2 * step)
        slope[i] = (8 * near - far) / (12 * step)
    return slope


def assert_gradient(actual, loss, x):
    """Compare number by number, relative error below 1e-6; 1e-10 is the noise of differences."""
    assert actual.shape == x.shape
    assert_allclose(actual, differences(loss, x), rtol=1e-6, atol=1e-10)


def assert_model_gradient(actual, loss, model):
    """The same for every parameter of a model, its gradient being a model too."""
    assert type(actual) is type(model)
    named = parameters(model)
    assert {*parameters(actual)} == {*named}
    for name, gradient in parameters(actual).items():

        def with_other(x, name=name):
            return loss(with_parameters(model, named | {name: x}))

        assert_gradient(gradient, with_other, named[name])


def draw(*shapes):
    rng = np.random.default_rng(1)
    return [rng.normal(size=shape) for shape in shapes]


def test_a_wrong_derivative_is_caught():
    x, c = draw((S,), (S,))
    weights = softmax(x)

    def loss(x):
        return c @ softmax(x)

    assert_gradient(softmax_backward(weights, c), loss, x)
    off = np.ones(S)
    off[3] += 2e-6
    for wrong in (weights * c, weights * (c - c.mean()), softmax_backward(weights, c) * off):
        with pytest.raises(AssertionError):
            assert_gradient(wrong, loss, x)


def test_softmax():
    x, c = draw((B, L, S), (B, L, S))
    assert_gradient(softmax_backward(softmax(x), c), lambda x: (c * softmax(x)).sum(), x)


ATTENTION = {
    "plain": {},
    "causal": {"is_causal": True},
    "scale": {"scale": 0.7},
    "nothing to attend to": {"attn_mask": np.arange(L)[:, np.newaxis] > np.arange(S)},
}


@pytest.mark.parametrize("options", ATTENTION.values(), ids=ATTENTION)
def test_attention(options):
    shapes = (B, L, D_K), (B, S, D_K), (B, S, D_V), (B, L, D_V)
    query, key, value, c = draw(*shapes)
    weights = attention_weights(query, key, **options)
    grads = attention_backward(query, key, value, weights, c, scale=options.get("scale"))

    def loss(query, key, value):
        return (c * scaled_dot_product_attention(query, key, value, **options)).sum()

    assert_gradient(grads[0], lambda x: loss(x, key, value), query)
    assert_gradient(grads[1], lambda x: loss(query, x, value), key)
    assert_gradient(grads[2], lambda x: loss(query, key, x), value)


def test_gradient_in_the_query_is_the_covariance_of_the_keys():
    # Keys that are the values, scores unscaled: d output / d query = sum_j w_j (k_j - m)(k_j - m)^T
    query, key = draw((1, D_V), (S, D_V))
    weights = attention_weights(query, key, scale=1)
    centred = key - weights @ key
    covariance = (centred.T * weights) @ centred
    jacobian = [
        attention_backward(query, key, key, weights, row[np.newaxis], scale=1)[0][0]
        for row in np.eye(D_V)
    ]
    assert_allclose(jacobian, covariance, rtol=1e-12, atol=1e-14)
    plain = np.cov(key.T, bias=True)  # with equal weights, as a wrong identity would have it
    assert not np.allclose(jacobian, plain, rtol=0.1)


@pytest.mark.parametrize("options", [{}, {"is_causal": True}], ids=["plain", "causal"])
def test_multi_head(options):
    rng = np.random.default_rng(0)
    layer = MultiHeadAttention.init(rng, D_MODEL, H, d_k=4, scale=0.3)
    query, key, value, c = draw((B, L, D_MODEL), (B, S, D_MODEL), (B, S, D_MODEL), (B, L, D_MODEL))
    steps = layer.steps(query, key, value, **options)
    grads, grad_layer = multi_head_backward(layer, steps, c)

    def loss(layer, query, key, value):
        return (c * layer(query, key, value, **options)).sum()

    assert_gradient(grads[0], lambda x: loss(layer, x, key, value), query)
    assert_gradient(grads[1], lambda x: loss(layer, query, x, value), key)
    assert_gradient(grads[2], lambda x: loss(layer, query, key, x), value)
    assert_model_gradient(grad_layer, lambda layer: loss(layer, query, key, value), layer)
    assert grad_layer.num_heads == H


def test_layer_norm():
    norm = scrambled(LayerNorm.init(D_MODEL))
    x, c = draw((B, L, D_MODEL), (B, L, D_MODEL))
    grad, grad_norm = layer_norm_backward(norm, norm.steps(x), c)
    assert_gradient(grad, lambda x: (c * norm(x)).sum(), x)
    assert_model_gradient(grad_norm, lambda norm: (c * norm(x)).sum(), norm)


def test_activations():
    x, c = draw((3, S), (3, S))
    assert_gradient(gelu_backward(x, c), lambda x: (c * gelu(x)).sum(), x)
    assert_gradient(relu_backward(x, c), lambda x: (c * relu(x)).sum(), x)
    assert_array_equal(relu_backward(np.zeros(2), np.ones(2)), [0, 0])


@both_activations
def test_feed_forward(activation):
    layer = FeedForward.init(np.random.default_rng(0), D_MODEL, D_FF, activation=activation)
    layer = scrambled(layer)
    x, c = draw((B, L, D_MODEL), (B, L, D_MODEL))
    grad, grad_layer = feed_forward_backward(layer, layer.steps(x), c)
    assert_gradient(grad, lambda x: (c * layer(x)).sum(), x)
    assert_model_gradient(grad_layer, lambda layer: (c * layer(x)).sum(), layer)


@pre_and_post
def test_encoder_block(pre_norm):
    sizes = Sizes(D_MODEL, H, D_FF, pre_norm=pre_norm)
    block = scrambled(EncoderBlock.init(np.random.default_rng(0), sizes))
    x, c = draw((L, D_MODEL), (L, D_MODEL))
    grad, grad_block = encoder_block_backward(block, block.steps(x, is_causal=True), c)
    assert_gradient(grad, lambda x: (c * block(x, is_causal=True)).sum(), x)
    assert_model_gradient(grad_block, lambda block: (c * block(x, is_causal=True)).sum(), block)


@pre_and_post
def test_decoder_block(pre_norm):
    sizes = Sizes(D_MODEL, H, D_FF, pre_norm=pre_norm)
    block = scrambled(DecoderBlock.init(np.random.default_rng(0), sizes))
    x, memory, c = draw((B, L, D_MODEL), (B, S, D_MODEL), (B, L, D_MODEL))
    mask = np.arange(S) < np.array([S, 3])[:, np.newaxis, np.newaxis, np.newaxis]  # padding

    def loss(block, x, memory):
        return (c * block(x, memory, memory_mask=mask)).sum()

    steps = block.steps(x, memory, memory_mask=mask)
    grad, grad_block, grad_memory = decoder_block_backward(block, steps, c)
    assert_gradient(grad, lambda x: loss(block, x, memory), x)
    assert_gradient(grad_memory, lambda memory: loss(block, x, memory), memory)
    assert_model_gradient(grad_block, lambda block: loss(block, x, memory), block)
    assert np.all(grad_memory[1, 3:] == 0)  # what is masked learns nothing


def test_embedding():
    embedding, c = draw((VOCABULARY, 3), (B, L, 3))
    tokens = np.array([[1, 1, 12, 0, 5], [5, 1, 2, 3, 5]])
    grad = embedding_backward(tokens, c, VOCABULARY)
    assert_gradient(grad, lambda x: (c * x[tokens]).sum(), embedding)
    assert np.all(grad[4] == 0)  # never looked up


def test_cross_entropy():
    (logits,) = draw((B, L, VOCABULARY))
    targets = np.random.default_rng(2).integers(VOCABULARY, size=(B, L))
    for marked in (
        np.array([False, True, True, False, True]),
        np.random.default_rng(3).random((B, L)) < 0.5,
    ):
        loss, grad = cross_entropy(logits, targets, marked)
        by_hand = [
            -np.log(softmax(logits)[b, t, targets[b, t]])
            for b in range(B)
            for t in range(L)
            if np.broadcast_to(marked, (B, L))[b, t]
        ]
        assert_allclose(loss, np.mean(by_hand), rtol=1e-12)
        assert_gradient(grad, lambda x, m=marked: cross_entropy(x, targets, m)[0], logits)
        assert np.all(grad[~np.broadcast_to(marked, (B, L))] == 0)


def test_cross_entropy_survives_large_logits():
    loss, grad = cross_entropy(np.array([[1e4, 0.0]]), np.array([1]), np.array([True]))
    assert loss == 1e4
    assert_array_equal(grad, [[1, -1]])


def test_cross_entropy_needs_a_mark():
    sentence = "at least one position must be marked, got none in (2, 3)"
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        cross_entropy(np.zeros((2, 3, 4)), np.zeros((2, 3), int), np.zeros(3, bool))


@pytest.mark.parametrize(("pre_norm", "activation"), [(False, "relu"), (True, "gelu")])
def test_decoder_only(pre_norm, activation):
    sizes = Sizes(4, num_heads=2, d_ff=5, pre_norm=pre_norm, activation=activation)
    rng = np.random.default_rng(3)
    model = scrambled(DecoderOnly.init(rng, sizes, vocabulary=7, num_layers=2))
    tokens = rng.integers(7, size=(2, 6))
    marked = np.array([False, False, True, False, True])

    def loss(model):
        return cross_entropy(model(tokens[:, :-1]), tokens[:, 1:], marked)[0]

    steps = model.steps(tokens[:, :-1])
    _, grad = cross_entropy(steps.logits, tokens[:, 1:], marked)
    assert_model_gradient(model_backward(model, steps, grad), loss, model)


@pytest.mark.parametrize(("pre_norm", "activation"), [(False, "relu"), (True, "gelu")])
def test_encoder_only_with_padding(pre_norm, activation):
    sizes = Sizes(4, num_heads=2, d_ff=5, pre_norm=pre_norm, activation=activation)
    rng = np.random.default_rng(4)
    model = scrambled(EncoderOnly.init(rng, sizes, vocabulary=7, num_layers=2))
    tokens, targets = rng.integers(1, 7, size=(2, 3, 5))
    tokens[0, 3:] = 0  # padding
    marked = tokens != 0

    def loss(model):
        return cross_entropy(model(tokens), targets, marked)[0]

    steps = model.steps(tokens)
    _, grad = cross_entropy(steps.logits, targets, marked)
    gradient = model_backward(model, steps, grad)
    assert_model_gradient(gradient, loss, model)
    assert gradient.padding == model.padding


def test_float32_stays():
    sizes = Sizes(4, num_heads=2, d_ff=5, pre_norm=True, activation="gelu", dtype=np.float32)
    model = DecoderOnly.init(np.random.default_rng(0), sizes, vocabulary=7, num_layers=2)
    tokens = np.array([[1, 2, 3]])
    steps = model.steps(tokens)
    loss, grad = cross_entropy(steps.logits, tokens, np.ones(3, bool))
    gradient = model_backward(model, steps, grad)
    assert loss.dtype == grad.dtype == np.float32
    assert {x.dtype for x in parameters(gradient).values()} == {np.dtype(np.float32)}
