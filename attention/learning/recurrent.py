"""A recurrent network to compare with: the gated recurrent unit of Cho et al. (2014).

It carries one state from token to token, so position t waits for position t - 1:

    reset, update = sigmoid(x @ W + state @ U + b)          each with its third of W, U and b
    new           = tanh(x @ W + b + reset * (state @ U))
    state         = (1 - update) * new + update * state

The reset gate acts behind U, as in cuDNN and PyTorch, so one product serves all three.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from attention.learning.gradients import embedding_backward, matrix_gradient, sum_gradient
from attention.parameters import draw_matrix


class GRUSteps(NamedTuple):
    """The intermediate results of a recurrent network, positions first."""

    tokens: np.ndarray  # (B, L)
    embedded: np.ndarray  # (L, B, d_model)
    states: np.ndarray  # (L + 1, B, d_state), beginning with zeros
    recalled: np.ndarray  # (L, B, d_state), what of state @ U the reset gate acts on
    gates: np.ndarray  # (L, B, 3 * d_state): reset, update, new
    logits: np.ndarray  # (B, L, vocabulary)


@dataclass(frozen=True, eq=False)
class GRU:
    """A model that continues a sequence: tokens (B, L) -> logits (B, L, vocabulary).

    >>> model = GRU.init(np.random.default_rng(0), vocabulary=10, d_model=4, d_state=6)
    >>> model(np.array([[1, 2, 3]])).shape
    (1, 3, 10)
    """

    embedding: np.ndarray  # (vocabulary, d_model)
    W: np.ndarray  # (d_model, 3 * d_state)
    U: np.ndarray  # (d_state, 3 * d_state)
    b: np.ndarray  # (3 * d_state,)
    W_out: np.ndarray  # (d_state, vocabulary)

    @classmethod
    def init(cls, rng, *, vocabulary, d_model, d_state, dtype=np.float64):
        return cls(
            rng.normal(0, 1, (vocabulary, d_model)).astype(dtype, copy=False),
            draw_matrix(rng, d_model, 3 * d_state, dtype),
            draw_matrix(rng, d_state, 3 * d_state, dtype),
            np.zeros(3 * d_state, dtype),
            draw_matrix(rng, d_state, vocabulary, dtype),
        )

    def __call__(self, tokens):
        return self.steps(tokens).logits

    def steps(self, tokens):
        """Return all intermediate results."""
        tokens = np.asarray(tokens)
        embedded = self.embedding[tokens.T]
        d_state = len(self.U)
        inputs = embedded @ self.W + self.b
        states = [np.zeros((len(tokens), d_state), inputs.dtype)]
        recalled, gates = [], []
        for x in inputs:
            past = states[-1] @ self.U
            reset, update = np.split(
                _sigmoid(x[:, : 2 * d_state] + past[:, : 2 * d_state]), 2, axis=1
            )
            recalled.append(past[:, 2 * d_state :])
            new = np.tanh(x[:, 2 * d_state :] + reset * recalled[-1])
            gates.append(np.concatenate([reset, update, new], axis=1))
            states.append((1 - update) * new + update * states[-1])
        states = np.stack(states)
        logits = (states[1:] @ self.W_out).swapaxes(0, 1)
        return GRUSteps(tokens, embedded, states, np.stack(recalled), np.stack(gates), logits)


def gru_backward(model, steps, grad):
    """Go back from the logits of GRU to its parameters, through time: -> model."""
    grad = grad.swapaxes(0, 1)
    grad_inputs = np.empty_like(steps.gates)  # in what the gates were made of, x @ W + b
    grad_past = np.empty_like(steps.gates)  # in state @ U
    grad_state = np.zeros_like(steps.states[0])
    for t in reversed(range(len(steps.gates))):
        reset, update, new = np.split(steps.gates[t], 3, axis=1)
        grad_state = grad_state + grad[t] @ model.W_out.T
        grad_new = grad_state * (1 - update) * (1 - new * new)
        grad_update = grad_state * (steps.states[t] - new) * update * (1 - update)
        grad_reset = grad_new * steps.recalled[t] * reset * (1 - reset)
        grad_inputs[t] = np.concatenate([grad_reset, grad_update, grad_new], axis=1)
        grad_past[t] = np.concatenate([grad_reset, grad_update, grad_new * reset], axis=1)
        grad_state = grad_state * update + grad_past[t] @ model.U.T
    return replace(
        model,
        embedding=embedding_backward(
            steps.tokens.T, grad_inputs @ model.W.T, vocabulary=len(model.embedding)
        ),
        W=matrix_gradient(steps.embedded, grad_inputs),
        U=matrix_gradient(steps.states[:-1], grad_past),
        b=sum_gradient(grad_inputs),
        W_out=matrix_gradient(steps.states[1:], grad),
    )


def _sigmoid(x):
    return (1 + np.tanh(x / 2)) / 2  # exp(-x) would overflow
