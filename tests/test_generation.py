"""Generation: the chances of the next token, drawing it, and writing with kept keys and values."""

import itertools
import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from attention import DecoderOnly, Sizes
from attention.learning.generation import draw_token, generate, token_weights

VOCABULARY = 11
LOGITS = np.array([[0.5, -1.0, 2.0, 1.5, 2.5], [3.0, 0.0, -2.0, 0.1, 0.2]])


def draw_model(seed=0, **sizes):
    sizes = Sizes(d_model=6, num_heads=3, d_ff=13, **sizes)
    rng = np.random.default_rng(seed)
    return DecoderOnly.init(rng, sizes, vocabulary=VOCABULARY, num_layers=2)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 7.0])
def test_weights_are_the_softmax_of_logits_over_the_temperature(temperature):
    for row, weights in zip(LOGITS, token_weights(LOGITS, temperature=temperature), strict=True):
        exp = [math.exp(logit / temperature) for logit in row]
        assert_allclose(weights, [e / sum(exp) for e in exp], rtol=1e-12)


@pytest.mark.parametrize("top_k", range(1, 6))
def test_top_k_shares_the_whole_among_the_k_largest(top_k):
    for row, weights in zip(LOGITS, token_weights(LOGITS, top_k=top_k), strict=True):
        kept = sorted(range(5), key=lambda i: -row[i])[:top_k]
        exp = {i: math.exp(row[i]) for i in kept}
        expected = [exp.get(i, 0) / sum(exp.values()) for i in range(5)]
        assert_allclose(weights, expected, rtol=1e-12)
        assert np.count_nonzero(weights) == top_k


def test_equal_logits_stay_together():
    assert_allclose(token_weights([1.0, 3.0, 3.0, 3.0], top_k=2), [0, 1 / 3, 1 / 3, 1 / 3])


def nucleus_by_hand(row, temperature, top_p):
    exp = [math.exp(logit / temperature) for logit in row]
    kept, chance = [], 0.0
    for i in sorted(range(len(row)), key=lambda i: -row[i]):
        if chance < top_p:
            kept.append(i)
            chance += exp[i] / sum(exp)
    return [exp[i] / sum(exp[j] for j in kept) if i in kept else 0 for i in range(len(row))]


TOP_P = list(itertools.product([0.3, 1.0, 7.0], [0.01, 0.2, 0.5, 0.7, 0.9, 0.999, 1]))


@pytest.mark.parametrize(("temperature", "top_p"), TOP_P)
def test_top_p_keeps_the_fewest_that_have_the_chance_together(temperature, top_p):
    weights = token_weights(LOGITS, temperature=temperature, top_p=top_p)
    expected = [nucleus_by_hand(row, temperature, top_p) for row in LOGITS]
    assert_allclose(weights, expected, rtol=1e-12)
    assert weights.dtype == LOGITS.dtype


@pytest.mark.parametrize(
    "wrong",
    [
        lambda w, p: np.where(w >= p, w, 0),  # each token by itself
        lambda w, p: np.where(np.sort(w)[::-1].cumsum()[np.argsort(np.argsort(-w))] <= p, w, 0),
        lambda w, p: np.where(np.sort(w).cumsum()[np.argsort(np.argsort(w))] <= p, w, 0),
    ],
    ids=["chance of one", "one too few", "least probable"],
)
def test_usual_mistakes_of_top_p_would_show(wrong):
    differs = 0
    for temperature, top_p in TOP_P:
        for row in LOGITS:
            kept = wrong(token_weights(row, temperature=temperature), top_p)
            right = token_weights(row, temperature=temperature, top_p=top_p)
            differs += not np.array_equal(kept > 0, right > 0)
    assert differs > len(TOP_P) / 2


def test_top_p_comes_after_top_k():
    logits = np.log([0.4, 0.3, 0.2, 0.1])  # the best three share the whole as 4 : 3 : 2
    assert_allclose(token_weights(logits, top_k=3, top_p=0.75), [4 / 7, 3 / 7, 0, 0])
    assert_allclose(token_weights(logits, top_p=0.75), [4 / 9, 3 / 9, 2 / 9, 0])


def test_a_top_p_of_1_drops_nothing_however_small():
    logits = np.linspace(0, -80, 301).astype(np.float32)
    assert_array_equal(token_weights(logits, top_p=1), token_weights(logits))


def test_equal_chances_stay_together():
    assert_allclose(token_weights([1.0, 3.0, 3.0, 3.0], top_p=0.4), [0, 1 / 3, 1 / 3, 1 / 3])


def test_temperature_0_takes_the_first_of_the_largest():
    assert_array_equal(
        token_weights([[1.0, 3.0, 3.0], [5.0, 2.0, 1.0]], temperature=0), np.eye(3)[[1, 0]]
    )


def test_cold_and_hot_are_the_limits():
    assert_allclose(token_weights(LOGITS, temperature=1e-310), token_weights(LOGITS, temperature=0))
    assert_allclose(token_weights(LOGITS, temperature=1e9), np.full((2, 5), 0.2), atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("temperature", [0, 0.5])
def test_dtype_stays_and_logits_too(dtype, temperature):
    logits = LOGITS.astype(dtype)
    logits.flags.writeable = False
    options = {"top_k": 3, "top_p": 0.9}
    assert token_weights(logits, temperature=temperature, **options).dtype == dtype
    assert_array_equal(logits, LOGITS.astype(dtype))


def test_tokens_are_drawn_by_their_weights():
    weights = np.array([[0.5, 0, 0.3, 0.2], [0, 1, 0, 0], [0.1, 0.2, 0, 0.7]])
    drawn = draw_token(np.random.default_rng(0), np.broadcast_to(weights, (40_000, 3, 4)))
    assert drawn.shape == (40_000, 3)
    for i, row in enumerate(weights):
        shares = np.bincount(drawn[:, i], minlength=4) / 40_000
        assert_array_equal(shares[row == 0], 0)
        assert_allclose(shares, row, atol=0.01)  # 4 standard errors


class Edge:
    """A generator that draws the same number again and again."""

    def __init__(self, number):
        self.number = number

    def random(self, shape):
        return np.full(shape, self.number)


@pytest.mark.parametrize(("number", "token"), [(0.0, 1), (np.nextafter(1, 0), 2)])
@pytest.mark.parametrize("scale", [1.0, 0.7, 1e-300, 3.0])
def test_the_edges_draw_no_token_of_weight_0(number, token, scale):
    assert draw_token(Edge(number), [0, 0.4 * scale, 0.6 * scale, 0]) == token


def by_recomputation(model, tokens, count):
    for _ in range(count):
        new = model(tokens)[..., -1, :].argmax(axis=-1)[..., np.newaxis]
        tokens = np.concatenate([tokens, new], axis=-1)
    return tokens


@pytest.mark.parametrize("pre_norm", [False, True])
@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 1)])
def test_greedy_writing_is_recomputation(pre_norm, shape):
    written = set()
    for seed in range(5):
        model = draw_model(seed, pre_norm=pre_norm)
        tokens = np.random.default_rng(seed).integers(VOCABULARY, size=shape)
        before = tokens.copy()
        text = generate(model, tokens, count=7)
        assert_array_equal(text, by_recomputation(model, tokens, 7))
        assert_array_equal(tokens, before)
        written |= set(text[..., shape[-1] :].ravel().tolist())
    assert len(written) > 3  # models that write one token only would prove nothing


def test_each_position_is_computed_once(monkeypatch):
    model, lengths = draw_model(), []
    steps = DecoderOnly.steps

    def noted(self, tokens, cache=()):
        lengths.append(np.shape(tokens)[-1])
        return steps(self, tokens, cache)

    monkeypatch.setattr(DecoderOnly, "steps", noted)
    generate(model, [1, 2, 3, 4, 5], count=4)
    assert lengths == [5, 1, 1, 1]


def test_sampling_follows_the_chances_of_the_model():
    model, tokens = draw_model(3), np.array([1, 2, 3])
    options = {"temperature": 2.0, "top_k": 4, "top_p": 0.8}
    count = 20_000
    text = generate(model, np.tile(tokens, (count, 1)), 2, rng=np.random.default_rng(0), **options)
    first = token_weights(model(tokens)[-1], **options)
    expected = np.zeros((VOCABULARY, VOCABULARY))
    for token in np.flatnonzero(first):
        expected[token] = first[token] * token_weights(model([*tokens, token])[-1], **options)
    shares = np.zeros_like(expected)
    np.add.at(shares, (text[:, 3], text[:, 4]), 1 / count)
    assert_allclose(shares, expected, atol=0.015)
    assert np.abs(expected - np.outer(first, first)).max() > 0.05  # a model blind to its own text


def test_same_seed_same_text():
    model = draw_model()
    texts = [
        generate(model, [1], 13, temperature=5.0, rng=np.random.default_rng(seed)).tolist()
        for seed in (0, 0, 1)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_nothing_to_write():
    assert_array_equal(generate(draw_model(), [4, 2], count=0), [4, 2])


def test_every_order_of_logits_gives_the_weights_in_that_order():
    logits = np.array([0.0, 1.0, 3.0])
    weights = token_weights(logits, temperature=0.7, top_k=2)
    for order in map(list, itertools.permutations(range(3))):
        assert_allclose(token_weights(logits[order], temperature=0.7, top_k=2), weights[order])


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: token_weights(1.0),
            ValueError,
            "logits must have shape (..., vocabulary), got ()",
        ),
        (
            lambda: token_weights(np.ones((2, 0))),
            ValueError,
            "logits must have shape (..., vocabulary), got (2, 0)",
        ),
        (
            lambda: token_weights(LOGITS, temperature=-0.5),
            ValueError,
            "temperature must be at least 0 and finite, got -0.5",
        ),
        (
            lambda: token_weights(LOGITS, temperature=math.nan),
            ValueError,
            "temperature must be at least 0 and finite, got nan",
        ),
        (
            lambda: token_weights(LOGITS, temperature="hot"),
            TypeError,
            "temperature must be a real number, got 'hot'",
        ),
        (lambda: token_weights(LOGITS, top_k=0), ValueError, "top_k must lie in 1 ... 5, got 0"),
        (lambda: token_weights(LOGITS, top_k=6), ValueError, "top_k must lie in 1 ... 5, got 6"),
        (
            lambda: token_weights(LOGITS, top_k=2.0),
            TypeError,
            "top_k must be an integer or None, got 2.0",
        ),
        *[
            (
                lambda top_p=top_p: token_weights(LOGITS, top_p=top_p),
                ValueError,
                f"top_p must be above 0 and at most 1, got {top_p}",
            )
            for top_p in (0, -0.5, 1.5, math.nan)
        ],
        (
            lambda: token_weights(LOGITS, top_p="most"),
            TypeError,
            "top_p must be a real number or None, got 'most'",
        ),
        (
            lambda: draw_token(np.random.default_rng(0), [0.0, 0.0]),
            ValueError,
            "weights must have a positive, finite sum, got 0.0",
        ),
        (
            lambda: draw_token(np.random.default_rng(0), [0.5, math.nan]),
            ValueError,
            "weights must have a positive, finite sum, got nan",
        ),
        (
            lambda: generate(draw_model(), [], 2),
            ValueError,
            "tokens must have shape (..., L) with L of at least 1, got (0,)",
        ),
        (
            lambda: generate(draw_model(), [1], -1),
            ValueError,
            "count must be an integer of at least 0, got -1",
        ),
        (
            lambda: generate(draw_model(), [1], 2, temperature=1.0),
            TypeError,
            "rng must be a random generator where temperature is not 0, got None",
        ),
    ],
)
def test_errors_word_for_word(call, error, sentence):
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        call()
