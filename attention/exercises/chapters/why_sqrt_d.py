"""Exercises on the square root of d_k."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def scale(query, key):
    d_k = query.shape[1]
    return softmax(query @ key.T / np.sqrt(d_k))


def fitting_divisor(d_k, s):
    return s**2 * np.sqrt(d_k)


def output_slopes(weights, key, value):
    softmax_slopes = np.diag(weights) - np.outer(weights, weights)
    return value.T @ softmax_slopes @ key / np.sqrt(key.shape[1])


def _slopes(weights):
    return np.diag(weights) - np.outer(weights, weights)


def _unstable(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def _query_and_keys(rng):
    L, S, d_k = rng.integers(1, 12, size=3)
    size = rng.choice([0.5, 1, 30])  # the last one makes exponentials that no float holds
    return size * rng.normal(size=(L, d_k)), size * rng.normal(size=(S, d_k))


def _size_and_spread(rng):
    return int(rng.choice([1, 2, 3, 7, 64, 257])), float(rng.choice([0.1, 0.5, 1, 3, 20]))


def _one_query(rng):
    S, d_k, d_v = rng.integers(1, 9, size=3)
    weights = softmax(2 * rng.normal(size=S))
    return weights, rng.normal(size=(S, d_k)), rng.normal(size=(S, d_v))


EXERCISES = (
    Exercise(
        chapter="05-why-sqrt-d",
        prompt=(
            "Write `scale(query, key)`: the weights `(L, S)` of queries `(L, d_k)` for keys "
            "`(S, d_k)`, with scores whose variance does not depend on `d_k`."
        ),
        reference=scale,
        cases=(draw(6, (2, 5), (3, 5)),),
        drawn=_query_and_keys,
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
                "length of each query",
                lambda query, key: softmax(
                    query @ key.T / np.linalg.norm(query, axis=1, keepdims=True)
                ),
                "You divided by how long each query is: then no query can be sharper than another.",
            ),
            Mutant(
                "softmax over queries",
                lambda query, key: softmax(query @ key.T / query.shape[1] ** 0.5, axis=0),
                "Your columns sum to 1: each query has weights of its own, so rows must.",
                chapter="03-breakdown",
            ),
            Mutant(
                "overflow",
                lambda query, key: _unstable(query @ key.T / query.shape[1] ** 0.5),
                "Your exponentials overflow: subtract the largest score of a row before.",
                chapter="03-breakdown",
            ),
        ),
    ),
    Exercise(
        chapter="05-why-sqrt-d",
        prompt=(
            "Nothing forces the components to have variance 1. Write `fitting_divisor(d_k, s)`: "
            "components of query **and** key are independent, with mean 0 and standard deviation "
            "`s`. Which divisor gives scores of variance 1?"
        ),
        reference=fitting_divisor,
        cases=((9, 2.0),),
        drawn=_size_and_spread,
        mutants=(
            Mutant(
                "components of size 1",
                lambda d_k, s: np.sqrt(d_k),
                "That is right for s = 1: a score grows with the size of what it is made of.",
            ),
            Mutant(
                "one side alone",
                lambda d_k, s: s * np.sqrt(d_k),
                "You let one of the two vectors grow: each product holds a factor s from both.",
            ),
            Mutant(
                "variance for deviation",
                lambda d_k, s: s**4 * d_k,
                "That is the variance of a score: a divisor is squared in it, so take the root.",
            ),
            Mutant(
                "d_k without its root",
                lambda d_k, s: s**2 * d_k,
                "You have s right, but not d_k: of the number of terms a divisor needs the root.",
            ),
            Mutant(
                "turned round",
                lambda d_k, s: np.sqrt(d_k) / s**2,
                "Larger components make larger scores, which need a larger divisor.",
            ),
        ),
    ),
    Exercise(
        chapter="05-why-sqrt-d",
        prompt=(
            "One query has weights `(S,)` for keys `(S, d_k)` and values `(S, d_v)`, its scores "
            "divided by the root. Write `output_slopes(weights, key, value)`: how each component "
            "of its **output** moves with each component of the query, `(d_v, d_k)`."
        ),
        reference=output_slopes,
        cases=((np.array([0.2, 0.3, 0.5]), *draw(7, (3, 2), (3, 4))),),
        drawn=_one_query,
        mutants=(
            Mutant(
                "diagonal only",
                lambda weights, key, value: (
                    value.T @ (weights[:, None] * key) / key.shape[1] ** 0.5
                ),
                "You left out how a score moves the other weights: they share one sum.",
                chapter="10-training",
            ),
            Mutant(
                "no divisor",
                lambda weights, key, value: value.T @ _slopes(weights) @ key,
                "You forgot that scores are divided: a query moves them by key / √d_k.",
            ),
            Mutant(
                "softmax left out",
                lambda weights, key, value: value.T @ key / key.shape[1] ** 0.5,
                "You went from scores to values: between them lies the softmax, with its slopes.",
            ),
            Mutant(
                "weights for output",
                lambda weights, key, value: _slopes(weights) @ key / key.shape[1] ** 0.5,
                "That is how the weights move: the output is their average of the values.",
            ),
            Mutant(
                "queries for outputs",
                lambda weights, key, value: key.T @ _slopes(weights) @ value / key.shape[1] ** 0.5,
                "Rows and columns are exchanged: row c says how component c of the output moves.",
            ),
        ),
    ),
)
