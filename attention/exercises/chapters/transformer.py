"""Exercises on the blocks of the Transformer."""

import numpy as np

from attention import layer_norm, scaled_dot_product_attention, softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def add_and_norm(x, update):
    d_model = x.shape[1]
    return layer_norm(x + update, np.ones(d_model), np.zeros(d_model))


def rms_norm(x, gain):
    mean_square = (x**2).mean(axis=1, keepdims=True)
    return gain * x / np.sqrt(mean_square + 1e-5)


def gated_feed_forward(x, W_gate, W_1, W_2):
    gate = x @ W_gate
    swish = gate * (1 + np.tanh(gate / 2)) / 2
    return (swish * (x @ W_1)) @ W_2


def cross_attend(x, memory, W_q, W_k, W_v):
    return scaled_dot_product_attention(x @ W_q, memory @ W_k, memory @ W_v)


def _norm(x, *, axis=1, ddof=0, eps=1e-5):
    centred = x - x.mean(axis=axis, keepdims=True)
    return centred / np.sqrt(x.var(axis=axis, ddof=ddof, keepdims=True) + eps)


def _swish(x):
    return x * (1 + np.tanh(x / 2)) / 2


def _cross(x, memory, W_q, W_k, W_v, *, divisor=1, axis=1):
    scores = (x @ W_q) @ (memory @ W_k).T
    return softmax(scores / divisor, axis=axis) @ (memory @ W_v)


def _words_and_update(rng):
    shape = rng.integers(1, 9), rng.integers(2, 9)
    size = rng.choice([0.003, 1, 1000])
    x, update = size * rng.normal(size=shape), size * rng.normal(size=shape)
    x[0] = 0.5 - update[0]  # a word whose components become equal
    return x, update


def _words_and_gain(rng):
    L, d_model = rng.integers(1, 9), rng.integers(2, 9)
    x = rng.choice([0.003, 1, 1000]) * rng.normal(0.5, 1, size=(L, d_model))
    x[0] = 0
    return x, rng.normal(1, 0.5, size=d_model)


def _words_and_three_matrices(rng):
    L, d_model, d_ff = rng.integers(1, 9, size=3)
    x = rng.choice([0.1, 1, 300]) * rng.normal(size=(L, d_model))
    shapes = (d_model, d_ff), (d_model, d_ff), (d_ff, d_model)
    return x, *(rng.normal(size=shape) for shape in shapes)


def _target_and_memory(rng):
    L, S, d_model, d_k, d_v = rng.integers(1, 9, size=5)
    size = rng.choice([0.3, 1, 30])
    rows = size * rng.normal(size=(L, d_model)), size * rng.normal(size=(S, d_model))
    return *rows, *(rng.normal(size=(d_model, d)) for d in (d_k, d_k, d_v))


EXERCISES = (
    Exercise(
        chapter="09-transformer",
        prompt=(
            "A sublayer has made `update` from `x`, both `(L, d_model)`. Write `add_and_norm(x,"
            " update)`: residual connection and layer normalisation as in the paper, with gain "
            "1 and bias 0."
        ),
        reference=add_and_norm,
        cases=(draw(10, (2, 5), (2, 5)),),
        drawn=_words_and_update,
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
            Mutant(
                "no eps",
                lambda x, update: _norm(x + update, eps=0),
                "A word whose components are equal became 0 / 0: add eps to the variance.",
            ),
            Mutant(
                "ddof=1",
                lambda x, update: _norm(x + update, ddof=1),
                "You divided by d_model - 1: here the variance is a plain mean of squares.",
            ),
            Mutant(
                "over the words",
                lambda x, update: _norm(x + update, axis=0),
                "You normalised over the words: each word is normalised over its own components.",
            ),
        ),
    ),
    Exercise(
        chapter="09-transformer",
        prompt=(
            "Write `rms_norm(x, gain)`: each word `(L, d_model)` divided by the root of its mean "
            "square, with $\\varepsilon = 10^{-5}$ added under the root, times the gain "
            "`(d_model,)`. No mean is subtracted, and there is no bias."
        ),
        reference=rms_norm,
        cases=((*draw(12, (2, 4)), np.array([1.0, 2, 1, 0.5])),),
        drawn=_words_and_gain,
        mutants=(
            Mutant(
                "over the wrong axis",
                lambda x, gain: gain * x / np.sqrt((x**2).mean(axis=0) + 1e-5),
                "You took the mean over the words: each word has a size of its own.",
            ),
            Mutant(
                "mean subtracted",
                lambda x, gain: gain * _norm(x),
                "You subtracted the mean: that is layer normalisation.",
            ),
            Mutant(
                "sum for mean",
                lambda x, gain: gain * x / np.sqrt((x**2).sum(axis=1, keepdims=True) + 1e-5),
                "You divided by the length: then the numbers shrink as d_model grows.",
            ),
            Mutant(
                "no root",
                lambda x, gain: gain * x / ((x**2).mean(axis=1, keepdims=True) + 1e-5),
                "You divided by the mean square: its root brings the size to 1.",
            ),
            Mutant(
                "no eps",
                lambda x, gain: gain * x / np.sqrt((x**2).mean(axis=1, keepdims=True)),
                "A word of zeros became 0 / 0: add eps under the root.",
            ),
            Mutant(
                "eps outside the root",
                lambda x, gain: gain * x / (np.sqrt((x**2).mean(axis=1, keepdims=True)) + 1e-5),
                "You added eps to the root: it belongs under it.",
            ),
            Mutant(
                "no gain",
                lambda x, gain: rms_norm(x, 1),
                "You left the gain out: it is learned, one number a component.",
            ),
        ),
    ),
    Exercise(
        chapter="09-transformer",
        prompt=(
            "Write `gated_feed_forward(x, W_gate, W_1, W_2)`: the activation "
            "$z / (1 + e^{-z})$ of `x @ W_gate` multiplies `x @ W_1`, component by component, "
            "and `W_2` leads back to `d_model`. There are no biases."
        ),
        reference=gated_feed_forward,
        cases=(draw(13, (2, 3), (3, 4), (3, 4), (4, 3)),),
        drawn=_words_and_three_matrices,
        mutants=(
            Mutant(
                "no gate",
                lambda x, W_gate, W_1, W_2: _swish(x @ W_1) @ W_2,
                "You never used W_gate: this is the feed-forward layer of the paper.",
            ),
            Mutant(
                "nothing to gate",
                lambda x, W_gate, W_1, W_2: _swish(x @ W_gate) @ W_2,
                "You never used W_1: the gate has to multiply something.",
            ),
            Mutant(
                "gate and content exchanged",
                lambda x, W_gate, W_1, W_2: gated_feed_forward(x, W_1, W_gate, W_2),
                "You gave the activation to x @ W_1: it belongs to the gate.",
            ),
            Mutant(
                "sum for product",
                lambda x, W_gate, W_1, W_2: (_swish(x @ W_gate) + x @ W_1) @ W_2,
                "You added the gate: a gate multiplies.",
            ),
            Mutant(
                "sigmoid",
                lambda x, W_gate, W_1, W_2: ((1 + np.tanh(x @ W_gate / 2)) / 2 * (x @ W_1)) @ W_2,
                "Your gate stays between 0 and 1: the activation is z times that.",
            ),
            Mutant(
                "activation of the product",
                lambda x, W_gate, W_1, W_2: _swish((x @ W_gate) * (x @ W_1)) @ W_2,
                "You activated the product: only the gate has an activation.",
            ),
            Mutant(
                "relu",
                lambda x, W_gate, W_1, W_2: (np.maximum(x @ W_gate, 0) * (x @ W_1)) @ W_2,
                "Your gate is a relu: here it is smooth.",
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
        drawn=_target_and_memory,
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
            Mutant(
                "no scale",
                _cross,
                "You left the scores as they are: divide them by the square root of d_k.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "d_model for d_k",
                lambda x, memory, W_q, W_k, W_v: _cross(
                    x, memory, W_q, W_k, W_v, divisor=np.sqrt(x.shape[1])
                ),
                "You divided by the root of d_model: d_k is the size of a projected key.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "softmax over the target",
                lambda x, memory, W_q, W_k, W_v: _cross(
                    x, memory, W_q, W_k, W_v, divisor=np.sqrt(W_q.shape[1]), axis=0
                ),
                "Your columns sum to 1: each word of the target shares its attention among keys.",
                chapter="03-breakdown",
            ),
        ),
    ),
)
