"""Exercises on the four steps."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def row_softmax(scores):
    chances = np.exp(scores)
    return chances / chances.sum(axis=1, keepdims=True)


def stable_softmax(scores):
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


def attend(query, key, value):
    d_k = query.shape[1]
    weights = softmax(query @ key.T / np.sqrt(d_k))
    return weights @ value


EXERCISES = (
    Exercise(
        chapter="03-breakdown",
        prompt=(
            "Write `stable_softmax(scores)`: the softmax of each row, also where scores are so "
            "large or so small that `np.exp` of them is infinite or 0."
        ),
        reference=stable_softmax,
        cases=((np.array([[2000.0, 1999, -2000], [-1001, -1000, -1002]]),),),
        mutants=(
            Mutant(
                "no peak",
                lambda scores: row_softmax(scores),
                "Here exp overflows: subtract the row's largest score first. No weight changes.",
            ),
            Mutant(
                "peak of the whole matrix",
                lambda scores: row_softmax(scores - scores.max()),
                "You subtracted one peak from all rows: a row far below it becomes 0 / 0.",
            ),
            Mutant(
                "mean for peak",
                lambda scores: row_softmax(scores - scores.mean(axis=1, keepdims=True)),
                "You subtracted the mean: scores far above it still overflow, so take the largest.",
            ),
            Mutant(
                "divided by the peak",
                lambda scores: row_softmax(scores / scores.max(axis=1, keepdims=True)),
                "You divided by the largest score, which changes the weights: subtract it.",
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
)
