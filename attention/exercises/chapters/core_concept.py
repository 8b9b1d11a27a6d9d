"""Exercises on the lookup that averages."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def soft_lookup(weights, value):
    return weights @ value


def match(query, key):
    return query @ key.T


def query_for(key, scores):
    return np.linalg.solve(key, scores)


def _drawn_lookup(rng):
    L, S, d_v = rng.choice([5, 7, 11], size=3)
    return softmax(rng.normal(size=(L, S))), rng.normal(size=(S, d_v)) * 10 ** rng.integers(4)


def _drawn_match(rng):
    L, S, d_k = rng.choice([5, 7, 11], size=3)
    return rng.normal(size=(L, d_k)) * 10 ** rng.integers(4), rng.normal(size=(S, d_k))


def _drawn_query_for(rng):
    d_k = rng.choice([5, 7])
    key = rng.normal(size=(d_k, d_k)) + 4 * np.eye(d_k)  # far from singular
    return key, rng.normal(size=d_k) * 10 ** rng.integers(4)


def _every_component(query, key):
    return np.stack([query @ key[j] for j in range(key.shape[1])], axis=1)


EXERCISES = (
    Exercise(
        chapter="01-core-concept",
        prompt=(
            "Each row of `weights` `(L, S)` sums to 1. Write `soft_lookup(weights, value)`: for"
            " each row, the average of the values `(S, d_v)`. The answer has shape `(L, d_v)`."
        ),
        reference=soft_lookup,
        cases=(
            (np.array([[0.5, 0.3, 0.2], [0.1, 0.7, 0.2], [0, 0.4, 0.6]]), *draw(1, (3, 2))),
            (np.array([[0.5, 0.5], [0.1, 0.9], [0.8, 0.2], [1, 0]]), *draw(20, (2, 3))),
        ),
        drawn=_drawn_lookup,
        mutants=(
            Mutant(
                "plain average",
                lambda weights, value: np.ones_like(weights) @ value / len(value),
                "You gave every value the same weight: use the weights.",
            ),
            Mutant(
                "hard lookup",
                lambda weights, value: value[weights.argmax(axis=1)],
                "You took the value of the largest weight: attention selects nothing, it averages.",
            ),
            Mutant(
                "columns for rows",
                lambda weights, value: weights.T @ value,
                "You averaged with the columns of the weights: a row belongs to one query.",
            ),
            Mutant(
                "S for L",
                lambda weights, value: np.stack([weights[i] @ value for i in range(len(value))]),
                "You made a row for each value: make one for each row of weights.",
            ),
            Mutant(
                "divided again",
                lambda weights, value: weights @ value / len(value),
                "You divided by the number of values: the weights sum to 1 already.",
            ),
        ),
    ),
    Exercise(
        chapter="01-core-concept",
        prompt=(
            "Write `match(query, key)`: the score of each query `(L, d_k)` with each key `(S, "
            "d_k)`, as an array `(L, S)`."
        ),
        reference=match,
        cases=(draw(2, (2, 3), (3, 3)), draw(21, (3, 4), (2, 4))),
        drawn=_drawn_match,
        mutants=(
            Mutant(
                "K not transposed",
                lambda query, key: query @ key,
                "You multiplied by K, not by its transpose: a score is a query times a row of K.",
                chapter="04-numeric-example",
            ),
            Mutant(
                "roles exchanged",
                lambda query, key: key @ query.T,
                "You gave keys the rows: rows are queries, columns are keys.",
            ),
            Mutant(
                "cosine",
                lambda query, key: (
                    (query @ key.T)
                    / np.linalg.norm(query, axis=1)[:, None]
                    / np.linalg.norm(key, axis=1)
                ),
                "You divided by the lengths of the vectors: a score is the plain dot product.",
            ),
            Mutant(
                "distance",
                lambda query, key: ((query[:, None] - key) ** 2).sum(axis=-1),
                "You measured distances, which are small for a good match: a score is large.",
            ),
            Mutant(
                "d_k for S",
                _every_component,
                "You counted the components of a key: make a column for each key.",
            ),
        ),
    ),
    Exercise(
        chapter="01-core-concept",
        prompt=(
            "Which query sends “it” to “road”? Write `query_for(key, scores)`: the query `(d_k,)`"
            " that has exactly these scores `(d_k,)` with `d_k` keys, the rows of `key`. The keys"
            " differ enough for that: `key` has an inverse."
        ),
        reference=query_for,
        cases=((np.array([[2.0, 2, 0], [2, 0, 2], [1, 0, 0]]), np.array([0.0, 8, 4])),),
        drawn=_drawn_query_for,
        mutants=(
            Mutant(
                "multiplied",
                lambda key, scores: key @ scores,
                "You took the scores for a query and matched them with the keys: solve for it.",
            ),
            Mutant(
                "columns for keys",
                lambda key, scores: np.linalg.solve(key.T, scores),
                "You solved with the columns of K: each key is a row.",
            ),
            Mutant(
                "the best key itself",
                lambda key, scores: key[scores.argmax()].copy(),
                "You asked with the key of the largest score: other keys match it, too.",
            ),
            Mutant(
                "keys mixed",
                lambda key, scores: scores @ key,
                "You mixed the keys by their scores: keys that overlap score for one another.",
            ),
            Mutant(
                "scaled scores",
                lambda key, scores: np.linalg.solve(key, scores) * len(scores) ** 0.5,
                "Your scores are right once divided by the root of d_k: a score comes before that.",
            ),
        ),
    ),
)
