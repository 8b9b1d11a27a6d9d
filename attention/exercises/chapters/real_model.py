"""Exercises on what a model in wide use does: its layers, its norm, and vectors of sentences."""

import numpy as np

from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def stored_linear(x, weight, bias):
    return x @ weight.T + bias


def norm_with_eps(x, gain, bias, eps):
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps) * gain + bias


def sentence_vectors(hidden, is_token):
    counted = hidden * is_token[..., np.newaxis]
    return counted.sum(axis=1) / is_token.sum(axis=1, keepdims=True)


def cosines(a, b):
    a = a / np.linalg.norm(a, axis=-1, keepdims=True)
    b = b / np.linalg.norm(b, axis=-1, keepdims=True)
    return a @ b.T


def _normed(x, deviation):
    return (x - x.mean(axis=-1, keepdims=True)) / deviation


def _lengths(x):
    return np.linalg.norm(x, axis=-1, keepdims=True)


def _draw_linear(rng):
    L, d_in = rng.choice([1, 2, 3, 5, 7], size=2)
    d_out = rng.choice([d_in, d_in + 2])  # square too, where a forgotten transpose has no shape
    size = rng.choice([1, 1000])
    return size * rng.normal(size=(L, d_in)), rng.normal(size=(d_out, d_in)), rng.normal(size=d_out)


def _draw_norm(rng):
    L, d_model = rng.choice([1, 2, 5], size=1).item(), rng.choice([3, 7, 11])
    size = rng.choice([1, 1000])
    eps = rng.choice([0.1, 1.0]) * size**2
    return size * rng.normal(size=(L, d_model)), *rng.normal(size=(2, d_model)), eps


def _draw_hidden(rng):
    B, L, d_model = rng.choice([2, 3, 5], size=3)
    lengths = rng.integers(1, L + 1, size=(B, 1))
    lengths[0] = L - 1  # at least one place is filling
    return rng.normal(size=(B, L, d_model)), np.arange(L) < lengths


def _draw_vectors(rng):
    d_model = rng.choice([2, 3, 7])
    size = rng.choice([0.01, 1, 1000])
    m, n = rng.choice([1, 2, 3], size=2)
    return size * rng.normal(size=(m, d_model)), rng.normal(size=(n, d_model))


_X, _WEIGHT, _BIAS = draw(61, (3, 2), (4, 2), (4,))
_SQUARE, _SQUARE_WEIGHT, _SQUARE_BIAS = draw(62, (2, 3), (3, 3), (3,))
_TO_NORM, _GAIN, _SHIFT = draw(63, (3, 4), (4,), (4,))
_HIDDEN = draw(64, (2, 3, 2))[0]
_IS_TOKEN = np.array([[True, True, False], [True, True, True]])
_A, _B = draw(65, (2, 3), (4, 3))

EXERCISES = (
    Exercise(
        chapter="16-real-model",
        prompt=(
            "Files of models keep a matrix as `(d_out, d_in)`, each row one output, and a bias "
            "`(d_out,)`. Write `stored_linear(x, weight, bias)`: `(L, d_in)` in, `(L, d_out)` out."
        ),
        reference=stored_linear,
        cases=((_X, _WEIGHT, _BIAS), (_SQUARE, _SQUARE_WEIGHT, _SQUARE_BIAS)),
        drawn=_draw_linear,
        mutants=(
            Mutant(
                "bias left out",
                lambda x, weight, bias: x @ weight.T,
                "You left the bias out: the file holds one for each output, to be added.",
            ),
            Mutant(
                "not transposed",
                lambda x, weight, bias: x @ weight + bias,
                "You took the matrix as it lies: its rows are outputs, so transpose it. A square "
                "one raises no error.",
            ),
            Mutant(
                "bias before the product",
                lambda x, weight, bias: (x + bias[: x.shape[1]]) @ weight.T,
                "You added the bias to the input: it belongs to the output.",
            ),
            Mutant(
                "bias subtracted",
                lambda x, weight, bias: x @ weight.T - bias,
                "You subtracted the bias: it is added.",
            ),
            Mutant(
                "bias once for all",
                lambda x, weight, bias: x @ weight.T + bias.mean(),
                "You added one number to all outputs: each output has a bias of its own.",
            ),
        ),
    ),
    Exercise(
        chapter="16-real-model",
        prompt=(
            "Write `norm_with_eps(x, gain, bias, eps)`: layer normalisation of `x` `(L, d_model)` "
            "with the `eps` that a model's file asks for. It keeps a word whose numbers are all "
            "alike from dividing by zero."
        ),
        reference=norm_with_eps,
        cases=((_TO_NORM, _GAIN, _SHIFT, 0.5),),
        drawn=_draw_norm,
        mutants=(
            Mutant(
                "eps left out",
                lambda x, gain, bias, eps: _normed(x, x.std(axis=-1, keepdims=True)) * gain + bias,
                "You left eps out: add it to the variance.",
            ),
            Mutant(
                "eps of another model",
                lambda x, gain, bias, eps: norm_with_eps(x, gain, bias, 1e-5),
                "Your eps is fixed: every model says which one it was trained with.",
            ),
            Mutant(
                "eps outside the root",
                lambda x, gain, bias, eps: (
                    _normed(x, x.std(axis=-1, keepdims=True) + eps) * gain + bias
                ),
                "You added eps to the deviation: it is added to the variance, inside the root.",
            ),
            Mutant(
                "one degree of freedom less",
                lambda x, gain, bias, eps: (
                    _normed(x, np.sqrt(x.var(axis=-1, ddof=1, keepdims=True) + eps)) * gain + bias
                ),
                "You divided the sum of squares by d_model - 1: a norm divides by d_model.",
            ),
            Mutant(
                "no root",
                lambda x, gain, bias, eps: (
                    _normed(x, x.var(axis=-1, keepdims=True) + eps) * gain + bias
                ),
                "You divided by the variance: take its root.",
            ),
            Mutant(
                "bias before gain",
                lambda x, gain, bias, eps: (
                    (_normed(x, np.sqrt(x.var(axis=-1, keepdims=True) + eps)) + bias) * gain
                ),
                "You added the bias first: multiply by the gain, then add it.",
            ),
        ),
    ),
    Exercise(
        chapter="16-real-model",
        prompt=(
            "A batch of sentences is filled up to one length. Write `sentence_vectors(hidden, "
            "is_token)`: the mean of each sentence's tokens, `(B, d_model)`, from the last hidden "
            "state `(B, L, d_model)`; `is_token` `(B, L)` is False where there is only filling."
        ),
        reference=sentence_vectors,
        cases=((_HIDDEN, _IS_TOKEN),),
        drawn=_draw_hidden,
        mutants=(
            Mutant(
                "padding counted",
                lambda hidden, is_token: hidden.mean(axis=1),
                "You took the mean of all places: the filling has vectors too, and they must not "
                "count.",
            ),
            Mutant(
                "divided by the full length",
                lambda hidden, is_token: (hidden * is_token[..., np.newaxis]).mean(axis=1),
                "You divided by L: divide by the number of tokens of each sentence.",
            ),
            Mutant(
                "sum",
                lambda hidden, is_token: (hidden * is_token[..., np.newaxis]).sum(axis=1),
                "That is the sum: long sentences get long vectors. Divide by the number of tokens.",
            ),
            Mutant(
                "first token alone",
                lambda hidden, is_token: hidden[:, 0],
                "You took the vector of the first token: this model was trained with the mean.",
            ),
            Mutant(
                "largest of each component",
                lambda hidden, is_token: np.where(is_token[..., np.newaxis], hidden, -np.inf).max(
                    axis=1
                ),
                "You took the largest of each component: the mean is asked for.",
            ),
            Mutant(
                "mask turned round",
                lambda hidden, is_token: (
                    (hidden * ~is_token[..., np.newaxis]).sum(axis=1)
                    / np.maximum(1, (~is_token).sum(axis=1, keepdims=True))
                ),
                "You averaged the filling: True marks a token.",
            ),
        ),
    ),
    Exercise(
        chapter="16-real-model",
        prompt=(
            "Write `cosines(a, b)`: how alike the vectors `a` `(m, d_model)` and `b` "
            "`(n, d_model)` are, `(m, n)`, each cosine between −1 and 1."
        ),
        reference=cosines,
        cases=((_A, _B),),
        drawn=_draw_vectors,
        mutants=(
            Mutant(
                "no norms",
                lambda a, b: a @ b.T,
                "That is the dot product: a long vector beats a near one. Divide by both lengths.",
            ),
            Mutant(
                "one norm only",
                lambda a, b: (a @ b.T) / _lengths(a),
                "You divided by the lengths of a alone: divide by those of b too.",
            ),
            Mutant(
                "squared lengths",
                lambda a, b: (a @ b.T) / (_lengths(a) * _lengths(b).T) ** 2,
                "You divided by squared lengths: take the root of the sum of squares.",
            ),
            Mutant(
                "root of the dimension",
                lambda a, b: (a @ b.T) / np.sqrt(a.shape[1]),
                "That scales a score. A cosine is divided by the lengths of both vectors.",
            ),
            Mutant(
                "sums for lengths",
                lambda a, b: (
                    (a @ b.T)
                    / (abs(a).sum(axis=-1, keepdims=True) * abs(b).sum(axis=-1, keepdims=True).T)
                ),
                "You took sums for lengths: a length is the root of the sum of squares.",
            ),
        ),
    ),
)
