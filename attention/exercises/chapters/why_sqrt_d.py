"""Exercises on the square root of d_k."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def scale(query, key):
    d_k = query.shape[1]
    return softmax(query @ key.T / np.sqrt(d_k))


def score_variance(query, key):
    scores = (query * key).sum(axis=1)
    return scores.var()


def softmax_slopes(weights):
    return np.diag(weights) - np.outer(weights, weights)


EXERCISES = (
    Exercise(
        chapter="05-why-sqrt-d",
        prompt=(
            "Write `scale(query, key)`: the weights `(L, S)` of queries `(L, d_k)` for keys "
            "`(S, d_k)`, with scores whose variance does not depend on `d_k`."
        ),
        reference=scale,
        cases=(draw(6, (2, 5), (3, 5)),),
        mutants=(
            Mutant(
                "no scale",
                lambda query, key: softmax(query @ key.T),
                "You divided by nothing: scores of variance d_k make one weight take nearly all.",
            ),
            Mutant(
                "/ d_k",
                lambda query, key: softmax(query @ key.T / query.shape[1]),
                "You divided by d_k: its square root keeps the variance at 1.",
            ),
            Mutant(
                "times √d_k",
                lambda query, key: softmax(query @ key.T * query.shape[1] ** 0.5),
                "You multiplied by the square root of d_k: divide by it.",
            ),
            Mutant(
                "length for d_k",
                lambda query, key: softmax(query @ key.T / len(key) ** 0.5),
                "You divided by the root of the number of keys: d_k, the size of a key, decides.",
                chapter="02-formula",
            ),
            Mutant(
                "softmax over queries",
                lambda query, key: softmax(query @ key.T / query.shape[1] ** 0.5, axis=0),
                "Your columns sum to 1: each query has weights of its own, so rows must.",
                chapter="03-breakdown",
            ),
        ),
    ),
    Exercise(
        chapter="05-why-sqrt-d",
        prompt=(
            "Write `score_variance(query, key)`: row `t` of both, `(trials, d_k)`, makes one "
            "score. Return the variance of the scores over all trials, one number."
        ),
        reference=score_variance,
        cases=(draw(7, (5, 3), (5, 3)),),
        mutants=(
            Mutant(
                "products for scores",
                lambda query, key: (query * key).var(),
                "You took the variance of single products: sum the d_k products of a trial first.",
            ),
            Mutant(
                "every pair",
                lambda query, key: (query @ key.T).var(),
                "You let each query meet the keys of other trials: row t meets row t.",
            ),
            Mutant(
                "typical size",
                lambda query, key: (query * key).sum(axis=1).std(),
                "That is the standard deviation, the typical size: the variance is its square.",
            ),
            Mutant(
                "sum over trials",
                lambda query, key: (query * key).sum(axis=0).var(),
                "You summed over the trials: a score sums over the components.",
            ),
            Mutant(
                "ddof=1",
                lambda query, key: (query * key).sum(axis=1).var(ddof=1),
                "You divided by one trial less: here the variance is a plain mean of squares.",
            ),
        ),
    ),
    Exercise(
        chapter="05-why-sqrt-d",
        prompt=(
            "Write `softmax_slopes(weights)`: how each of the `S` weights moves with each of "
            "the `S` numbers that enter the softmax, an array `(S, S)` made of the weights "
            "alone."
        ),
        reference=softmax_slopes,
        cases=((np.array([0.2, 0.3, 0.5]),),),
        mutants=(
            Mutant(
                "diagonal only",
                lambda weights: np.diag(weights * (1 - weights)),
                "You left out how a score moves the other weights: they share one sum.",
                chapter="10-training",
            ),
            Mutant(
                "no diagonal",
                lambda weights: -np.outer(weights, weights),
                "You left out how a score raises its own weight: add the weights on the diagonal.",
            ),
            Mutant(
                "sign turned round",
                lambda weights: np.outer(weights, weights) - np.diag(weights),
                "Your signs are turned round: a higher score raises its own weight.",
            ),
            Mutant(
                "diagonal of ones",
                lambda weights: np.eye(len(weights)) - np.outer(weights, weights),
                "Your diagonal begins with 1: it begins with the weight itself.",
            ),
        ),
    ),
)
