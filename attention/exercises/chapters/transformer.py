"""Exercises on the blocks of the Transformer."""

import numpy as np

from attention import layer_norm, scaled_dot_product_attention
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def normalise(x, gain, bias):
    centred = x - x.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return gain * centred / deviation + bias


def add_and_norm(x, update):
    d_model = x.shape[1]
    return layer_norm(x + update, np.ones(d_model), np.zeros(d_model))


def cross_attend(x, memory, W_q, W_k, W_v):
    return scaled_dot_product_attention(x @ W_q, memory @ W_k, memory @ W_v)


def _normalise(x, gain, bias, *, axis=1, ddof=0, eps=1e-5):
    deviation = np.sqrt(x.var(axis=axis, ddof=ddof, keepdims=True) + eps)
    return gain * (x - x.mean(axis=axis, keepdims=True)) / deviation + bias


def _norm(x):
    return add_and_norm(x, 0)


_ROWS = np.array([[1.0, 2, 4, 9], [0.01, 0.03, 0.02, 0.02], [5, 5, 5, 5]])

EXERCISES = (
    Exercise(
        chapter="09-transformer",
        prompt=(
            "Write `normalise(x, gain, bias)`: layer normalisation of words `(L, d_model)` with"
            " $\\varepsilon = 10^{-5}$. Gain and bias have shape `(d_model,)`."
        ),
        reference=normalise,
        cases=((_ROWS, np.array([1.0, 2, 3, 1]), np.array([0.0, 1, -1, 2])),),
        mutants=(
            Mutant(
                "over the wrong axis",
                lambda x, gain, bias: _normalise(x, gain, bias, axis=0),
                "You normalised over the words: each word is normalised over its own components.",
            ),
            Mutant(
                "ddof=1",
                lambda x, gain, bias: _normalise(x, gain, bias, ddof=1),
                "You divided by d_model - 1: here the variance is a plain mean of squares.",
            ),
            Mutant(
                "no eps",
                lambda x, gain, bias: _normalise(x, gain, bias, eps=0),
                "A word whose components are equal became 0 / 0: add eps to the variance.",
            ),
            Mutant(
                "eps outside the root",
                lambda x, gain, bias: (
                    gain
                    * (x - x.mean(axis=1, keepdims=True))
                    / (x.std(axis=1, keepdims=True) + 1e-5)
                    + bias
                ),
                "You added eps to the deviation: it belongs under the root, to the variance.",
            ),
            Mutant(
                "no root",
                lambda x, gain, bias: (
                    gain
                    * (x - x.mean(axis=1, keepdims=True))
                    / (x.var(axis=1, keepdims=True) + 1e-5)
                    + bias
                ),
                "You divided by the variance: its root brings the variance to 1.",
            ),
            Mutant(
                "bias before gain",
                lambda x, gain, bias: gain * (_normalise(x, 1, 0) + bias),
                "You added the bias before the gain: first stretch, then shift.",
            ),
        ),
    ),
    Exercise(
        chapter="09-transformer",
        prompt=(
            "A sublayer has made `update` from `x`, both `(L, d_model)`. Write `add_and_norm(x,"
            " update)`: residual connection and layer normalisation as in the paper, with gain "
            "1 and bias 0."
        ),
        reference=add_and_norm,
        cases=(draw(10, (2, 5), (2, 5)),),
        mutants=(
            Mutant(
                "dropped residual",
                lambda x, update: _norm(update),
                "You left x out: without the residual connection the input is lost.",
            ),
            Mutant(
                "no norm",
                lambda x, update: x + update,
                "You did not normalise: the sum grows from block to block.",
            ),
            Mutant(
                "norm before the sum",
                lambda x, update: x + _norm(update),
                "You normalised the update alone: the paper normalises the sum.",
            ),
            Mutant(
                "norm of the input",
                lambda x, update: _norm(x) + update,
                "You normalised x alone: the paper normalises the sum.",
            ),
            Mutant(
                "product for sum",
                lambda x, update: _norm(x * update),
                "You multiplied: a residual connection adds.",
            ),
        ),
    ),
    Exercise(
        chapter="09-transformer",
        prompt=(
            "Write `cross_attend(x, memory, W_q, W_k, W_v)`: the target `x` `(L, d_model)` "
            "looks at the memory `(S, d_model)`. You may use `scaled_dot_product_attention`."
        ),
        reference=cross_attend,
        cases=(draw(11, (3, 5), (3, 5), (5, 2), (5, 2), (5, 4)),),
        mutants=(
            Mutant(
                "self-attention",
                lambda x, memory, W_q, W_k, W_v: cross_attend(x, x, W_q, W_k, W_v),
                "You never used the memory: keys and values come from it.",
            ),
            Mutant(
                "roles exchanged",
                lambda x, memory, W_q, W_k, W_v: cross_attend(memory, x, W_q, W_k, W_v),
                "You let the memory look at the target: queries come from the target.",
            ),
            Mutant(
                "values of the target",
                lambda x, memory, W_q, W_k, W_v: scaled_dot_product_attention(
                    x @ W_q, memory @ W_k, x @ W_v
                ),
                "You took the values from the target: what is found in the memory is taken there.",
            ),
            Mutant(
                "keys of the target",
                lambda x, memory, W_q, W_k, W_v: scaled_dot_product_attention(
                    x @ W_q, x @ W_k, memory @ W_v
                ),
                "You took the keys from the target: it looks for a place in the memory.",
            ),
        ),
    ),
)
