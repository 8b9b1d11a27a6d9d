"""Exercises on the formula."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def self_attention(x, W_q, W_k, W_v):
    query, key, value = x @ W_q, x @ W_k, x @ W_v
    scores = query @ key.T / np.sqrt(query.shape[1])
    return softmax(scores) @ value


def same_scores(W_k, A):
    return W_k @ np.linalg.inv(A).T


def same_output(weights, value, amount):
    second = amount * (value[0] - value[2]) / (value[1] - value[2])
    return weights + np.array([-amount, second, amount - second])


def _drawn_self_attention(rng):
    L, d_model, d_k, d_v = rng.choice([3, 5, 7, 11], size=4)
    projections = (rng.normal(size=(d_model, d)) / d_model**0.5 for d in (d_k, d_k, d_v))
    return rng.normal(size=(L, d_model)) * rng.choice([1, 100]), *projections


def _drawn_same_scores(rng):
    d_model, d_k = rng.choice([5, 7, 11], size=2)
    A = rng.normal(size=(d_k, d_k)) + 4 * np.eye(d_k)  # far from singular
    return rng.normal(size=(d_model, d_k)) * 10 ** rng.integers(4), A


def _drawn_same_output(rng):
    low, middle, high = np.sort(rng.normal(size=3)) * 10 ** rng.integers(4)
    value = np.array([middle, low, high] if rng.random() < 0.5 else [middle, high, low])
    weights = softmax(rng.normal(size=3))
    return weights, value, weights[0] * rng.random()


def _self_attention(query, key, value, *, divide_by=None):
    scores = query @ key.T / np.sqrt(divide_by or query.shape[1])
    return softmax(scores) @ value


def _divided_by(choose):
    def mistaken(x, W_q, W_k, W_v):
        return _self_attention(x @ W_q, x @ W_k, x @ W_v, divide_by=choose(x, W_q, W_v))

    return mistaken


def _rest_shared_as_before(weights, value, amount):
    rest = weights[1:] * (1 - weights[0] + amount) / (1 - weights[0])
    return np.array([weights[0] - amount, *rest])


EXERCISES = (
    Exercise(
        chapter="02-formula",
        prompt=(
            "Write `self_attention(x, W_q, W_k, W_v)`: words `x` `(L, d_model)` attend to one "
            "another through their three projections. The answer has shape `(L, d_v)`."
        ),
        reference=self_attention,
        cases=(draw(3, (3, 5), (5, 2), (5, 2), (5, 4)),),
        drawn=_drawn_self_attention,
        mutants=(
            Mutant(
                "no scale",
                _divided_by(lambda x, W_q, W_v: 1),
                "You left the scores as they are: divide them by the square root of d_k.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "/ d_k",
                _divided_by(lambda x, W_q, W_v: W_q.shape[1] ** 2),
                "You divided by d_k: its square root scales.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "root of 2",
                _divided_by(lambda x, W_q, W_v: 2),
                "You divided by the root of 2, whatever the shapes: d_k is read from a query.",
            ),
            Mutant(
                "d_model for d_k",
                _divided_by(lambda x, W_q, W_v: x.shape[1]),
                "You divided by the root of d_model: d_k, the size of a query, decides.",
            ),
            Mutant(
                "length for d_k",
                _divided_by(lambda x, W_q, W_v: len(x)),
                "You divided by the root of the length: d_k, the size of a query, decides.",
            ),
            Mutant(
                "d_v for d_k",
                _divided_by(lambda x, W_q, W_v: W_v.shape[1]),
                "You divided by the root of d_v: values take no part in a score.",
            ),
            Mutant(
                "K for V",
                lambda x, W_q, W_k, W_v: _self_attention(x @ W_q, x @ W_k, x @ W_k),
                "You averaged the keys: they say where to look, the values what is taken.",
            ),
            Mutant(
                "words for values",
                lambda x, W_q, W_k, W_v: _self_attention(x @ W_q, x @ W_k, x),
                "You averaged the words themselves: V is a projection of them, as Q and K are.",
            ),
            Mutant(
                "one projection",
                lambda x, W_q, W_k, W_v: _self_attention(x @ W_q, x @ W_q, x @ W_v),
                "You used one matrix for queries and keys: that makes the scores symmetric.",
            ),
        ),
    ),
    Exercise(
        chapter="02-formula",
        prompt=(
            "Someone puts `W_q @ A` in the place of `W_q`, with an invertible `A` `(d_k, d_k)`. "
            "Write `same_scores(W_k, A)`: what must stand in the place of `W_k` `(d_model, d_k)`, "
            "so that all scores stay as they were, whatever the words."
        ),
        reference=same_scores,
        cases=((np.array([[1.0, 2], [0, 1], [3, 1]]), np.array([[2.0, 1], [0, 1]])),),
        drawn=_drawn_same_scores,
        mutants=(
            Mutant(
                "not transposed",
                lambda W_k, A: W_k @ np.linalg.inv(A),
                "You forgot that the key is transposed in the score: transpose the inverse, too.",
            ),
            Mutant(
                "not inverted",
                lambda W_k, A: W_k @ A.T,
                "You transposed A: the change must be undone, so invert it as well.",
            ),
            Mutant(
                "the same change",
                lambda W_k, A: W_k @ A,
                "You changed the keys as the queries were changed: they must undo it.",
            ),
            Mutant(
                "left as it was",
                lambda W_k, A: W_k.copy(),
                "You left W_k as it was: then A stands in every score.",
            ),
        ),
    ),
    Exercise(
        chapter="02-formula",
        prompt=(
            "Two rows of weights, one output. Three keys have numbers as `value` `(3,)`, and the "
            "first number lies between the others. Write `same_output(weights, value, amount)`: "
            "the weights `(3,)` of another query, whose first weight is less by `amount`, with "
            "the same sum and the same output."
        ),
        reference=same_output,
        cases=((np.array([0.5, 0.2, 0.3]), np.array([4.0, 1, 9]), 0.4),),
        drawn=_drawn_same_output,
        mutants=(
            Mutant(
                "half each",
                lambda weights, value, amount: weights + np.array([-2, 1, 1]) * amount / 2,
                "You gave each of the others half: that fits only a first value in the middle.",
            ),
            Mutant(
                "all to one",
                lambda weights, value, amount: weights + np.array([-1, 1, 0]) * amount,
                "You gave all of it to the second key: that pulls the output to its value.",
            ),
            Mutant(
                "shared as before",
                _rest_shared_as_before,
                "You shared it in the ratio of the old weights: the values decide, not they.",
            ),
            Mutant(
                "shares exchanged",
                lambda weights, value, amount: same_output(weights, value[[0, 2, 1]], amount),
                "You exchanged the shares: the nearer value gets more.",
            ),
            Mutant(
                "not passed on",
                lambda weights, value, amount: weights - np.array([1, 0, 0]) * amount,
                "You took the amount away and gave it to nobody: weights sum to 1.",
            ),
        ),
    ),
)
