"""Exercises on the four steps."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def stable_softmax(scores):
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def attend(query, key, value):
    d_k = query.shape[1]
    weights = softmax(query @ key.T / np.sqrt(d_k))
    return weights @ value


def whole_rows(weights):
    return (weights >= 0).all(axis=1) & np.isclose(weights.sum(axis=1), 1)


def _drawn_scores(rng):
    L, S = rng.choice([3, 5, 7], size=2)
    return (rng.normal(size=(L, S)) * 10 ** rng.integers(5) + rng.choice([-1e4, 0, 1e4]),)


def _drawn_attend(rng):
    L, S, d_k, d_v = rng.choice([3, 5, 7, 11], size=4)
    query = rng.normal(size=(L, d_k)) * rng.choice([1, 1, 1000])
    return query, rng.normal(size=(S, d_k)), rng.normal(size=(S, d_v))


def _drawn_rows(rng):
    L, S = rng.choice([5, 7], size=2)
    weights = softmax(rng.normal(size=(L, S)))
    weights[:, 2] *= rng.choice([0, 1], size=L)  # a weight may be 0
    factor = rng.choice([1, 1 + 1e-12, 0.9, 0.98, 1.1], size=L)  # the second is rounding
    weights[:, 0] -= rng.choice([0, 1], size=L)  # below 0, and
    weights[:, 1] += 1 - weights.sum(axis=1)  # the sum is 1 all the same
    return (weights * factor[:, np.newaxis],)


def _unstable_softmax(scores):
    exp = np.exp(scores)
    return exp / exp.sum(axis=1, keepdims=True)


EXERCISES = (
    Exercise(
        chapter="03-breakdown",
        prompt=(
            "Write `stable_softmax(scores)`: the softmax of each row, also where scores are so "
            "large or so small that `np.exp` of them is infinite or 0."
        ),
        reference=stable_softmax,
        cases=((np.array([[2000.0, 1999, -2000], [-1001, -1000, -1002]]),),),
        drawn=_drawn_scores,
        mutants=(
            Mutant(
                "no peak",
                _unstable_softmax,
                "Here exp overflows: subtract the row's largest score first. No weight changes.",
            ),
            Mutant(
                "peak of the whole matrix",
                lambda scores: _unstable_softmax(scores - scores.max()),
                "You subtracted one peak from all rows: a row far below it becomes 0 / 0.",
            ),
            Mutant(
                "mean for peak",
                lambda scores: _unstable_softmax(scores - scores.mean(axis=1, keepdims=True)),
                "You subtracted the mean: scores far above it still overflow, so take the largest.",
            ),
            Mutant(
                "divided by the peak",
                lambda scores: _unstable_softmax(scores / scores.max(axis=1, keepdims=True)),
                "You divided by the largest score, which changes the weights: subtract it.",
            ),
            Mutant(
                "softmax over queries",
                lambda scores: softmax(scores, axis=0),
                "Your columns sum to 1: each query has weights of its own, so rows must.",
            ),
        ),
    ),
    Exercise(
        chapter="03-breakdown",
        prompt=(
            "Write `attend(query, key, value)`: all four steps, for queries `(L, d_k)`, keys "
            "`(S, d_k)` and values `(S, d_v)`. `softmax` works along rows. The answer is `(L, "
            "d_v)`."
        ),
        reference=attend,
        cases=(draw(4, (2, 3), (3, 3), (3, 3)), draw(5, (2, 3), (5, 3), (5, 2))),
        drawn=_drawn_attend,
        mutants=(
            Mutant(
                "no scale",
                lambda query, key, value: softmax(query @ key.T) @ value,
                "You left the scores as they are: divide them by the square root of d_k.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "/ d_k",
                lambda query, key, value: softmax(query @ key.T / key.shape[1]) @ value,
                "You divided by d_k: its square root keeps the variance at 1.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "length for d_k",
                lambda query, key, value: softmax(query @ key.T / len(key) ** 0.5) @ value,
                "You divided by the root of the number of keys: d_k, the size of a key, decides.",
                chapter="02-formula",
            ),
            Mutant(
                "d_v for d_k",
                lambda query, key, value: softmax(query @ key.T / value.shape[1] ** 0.5) @ value,
                "You divided by the root of d_v: d_k, the size of a key, decides.",
                chapter="02-formula",
            ),
            Mutant(
                "softmax over queries",
                lambda query, key, value: (
                    softmax(query @ key.T / key.shape[1] ** 0.5, axis=0) @ value
                ),
                "Your columns of weights sum to 1: each query has its own, so rows must.",
            ),
            Mutant(
                "no peak",
                lambda query, key, value: (
                    _unstable_softmax(query @ key.T / key.shape[1] ** 0.5) @ value
                ),
                "Here exp overflows: `softmax` subtracts the row's largest score first.",
            ),
            Mutant(
                "K for V",
                lambda query, key, value: attend(query, key, key),
                "You averaged the keys: the last step averages the values.",
            ),
            Mutant(
                "K not transposed",
                lambda query, key, value: softmax(query @ key / key.shape[1] ** 0.5) @ value,
                "You multiplied by K, not by its transpose: a score is a query times a row of K.",
                chapter="04-numeric-example",
            ),
        ),
    ),
    Exercise(
        chapter="03-breakdown",
        prompt=(
            "Write the test that finds most of these bugs. `whole_rows(weights)` says for each "
            "row `(L,)` whether it can be the weights of a query: no number below 0, and a sum "
            "of 1 but for rounding."
        ),
        reference=whole_rows,
        cases=(
            (np.array([[0.5, 0.5], [0.2, 0.7], [1.5, -0.5]]),),
            (np.array([[0.7, 0.1, 0.2], [0.2, 0.6, 0.2], [0.3, 0.3, 0.6]]),),
        ),
        drawn=_drawn_rows,
        mutants=(
            Mutant(
                "exactly 1",
                lambda weights: (weights >= 0).all(axis=1) & (weights.sum(axis=1) == 1),
                "You asked for a sum of exactly 1: the last digit of a sum is rounding.",
            ),
            Mutant(
                "sign forgotten",
                lambda weights: np.isclose(weights.sum(axis=1), 1),
                "You looked at the sum alone: numbers below 0 can sum to 1, too.",
            ),
            Mutant(
                "at most 1",
                lambda weights: (weights >= 0).all(axis=1) & (weights.sum(axis=1) < 1 + 1e-6),
                "You let a row pass that sums to less than 1: that is how a late mask shows.",
            ),
            Mutant(
                "columns for rows",
                lambda weights: whole_rows(weights.T),
                "You looked at the columns: a row belongs to one query.",
            ),
            Mutant(
                "one verdict for all",
                lambda weights: whole_rows(weights).all(),
                "You gave one verdict for the whole matrix: each row gets its own.",
            ),
        ),
    ),
)
