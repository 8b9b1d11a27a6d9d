"""The recurrent network against its equations, one token at a time, and its derivatives."""

import numpy as np
from numpy.testing import assert_allclose
from test_gradients import assert_model_gradient
from test_transformer import scrambled

from attention.learning.gradients import cross_entropy
from attention.learning.recurrent import GRU, gru_backward

B, L, D_MODEL, D_STATE, VOCABULARY = 2, 5, 3, 7, 11


def gru(dtype="float64"):
    rng = np.random.default_rng(0)
    model = GRU.init(rng, vocabulary=VOCABULARY, d_model=D_MODEL, d_state=D_STATE, dtype=dtype)
    return scrambled(model)


def draw_tokens(length=L):
    return np.random.default_rng(1).integers(VOCABULARY, size=(B, length))


def gru_by_loops(model, tokens):
    """Cho et al. (2014), section 2.3, gate by gate, with the reset gate behind U."""

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    W, U, b = (
        [x[..., i * D_STATE : (i + 1) * D_STATE] for i in range(3)]
        for x in (model.W, model.U, model.b)
    )
    state, logits = np.zeros(D_STATE), []
    for token in tokens:
        x = model.embedding[token]
        reset = sigmoid(x @ W[0] + state @ U[0] + b[0])
        update = sigmoid(x @ W[1] + state @ U[1] + b[1])
        new = np.tanh(x @ W[2] + b[2] + reset * (state @ U[2]))
        state = (1 - update) * new + update * state
        logits.append(state @ model.W_out)
    return np.array(logits)


def test_agrees_with_the_loops():
    model, tokens = gru(), draw_tokens()
    logits = model(tokens)
    assert logits.shape == (B, L, VOCABULARY)
    for b in range(B):
        assert_allclose(logits[b], gru_by_loops(model, tokens[b]), rtol=1e-10, atol=1e-12)


def test_gradient_through_time():
    model, tokens = gru(), draw_tokens(L + 1)
    marked = np.array([False, True, False, False, True])

    def loss(model):
        return cross_entropy(model(tokens[:, :-1]), tokens[:, 1:], marked)[0]

    steps = model.steps(tokens[:, :-1])
    _, grad = cross_entropy(steps.logits, tokens[:, 1:], marked)
    assert_model_gradient(gru_backward(model, steps, grad), loss, model)


def test_float32_stays():
    model = gru("float32")
    assert model.W.dtype == np.float32
    steps = model.steps(draw_tokens())
    assert steps.logits.dtype == np.float32
    assert gru_backward(model, steps, steps.logits).U.dtype == np.float32
