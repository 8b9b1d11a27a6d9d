"""Exercises on the formula."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def row_softmax(scores):
    chances = np.exp(scores)
    return chances / chances.sum(axis=1, keepdims=True)


def self_attention(x, W_q, W_k, W_v):
    query, key, value = x @ W_q, x @ W_k, x @ W_v
    scores = query @ key.T / np.sqrt(query.shape[1])
    return softmax(scores) @ value


def attend(query, key, value):
    d_k = query.shape[1]
    weights = softmax(query @ key.T / np.sqrt(d_k))
    return weights @ value


def _self_attention(x, query, key, value, *, divide_by=None):
    scores = query @ key.T / np.sqrt(divide_by or query.shape[1])
    return softmax(scores) @ value


EXERCISES = (
    Exercise(
        chapter="02-formula",
        prompt=(
            "Write `row_softmax(scores)` without the module's softmax: weights of the same "
            "shape `(L, S)`, positive, each row summing to 1."
        ),
        reference=row_softmax,
        cases=((np.array([[1.0, 2.0, 0.5], [0.0, 1.0, 3.0]]),),),
        mutants=(
            Mutant(
                "softmax over queries",
                lambda scores: softmax(scores, axis=0),
                "Your columns sum to 1: each query has weights of its own, so rows must.",
                chapter="03-breakdown",
            ),
            Mutant(
                "over the whole matrix",
                lambda scores: np.exp(scores) / np.exp(scores).sum(),
                "You divided by the sum of the whole matrix: each row has its own sum.",
            ),
            Mutant(
                "no exponential",
                lambda scores: scores / scores.sum(axis=1, keepdims=True),
                "You divided the scores themselves: without exp a negative score breaks them.",
            ),
            Mutant(
                "not normalised",
                lambda scores: np.exp(scores),
                "You did not divide by the row's sum: exp alone makes no shares.",
            ),
            Mutant(
                "hard maximum",
                lambda scores: (scores == scores.max(axis=1, keepdims=True)).astype(float),
                "You gave all the weight to the largest score: softmax leaves each key a share.",
            ),
        ),
    ),
    Exercise(
        chapter="02-formula",
        prompt=(
            "Write `self_attention(x, W_q, W_k, W_v)`: words `x` `(L, d_model)` attend to one "
            "another through their three projections. The answer has shape `(L, d_v)`."
        ),
        reference=self_attention,
        cases=(draw(3, (3, 5), (5, 2), (5, 2), (5, 4)),),
        mutants=(
            Mutant(
                "K for V",
                lambda x, W_q, W_k, W_v: _self_attention(x, x @ W_q, x @ W_k, x @ W_k),
                "You averaged the keys: they say where to look, the values what is taken.",
            ),
            Mutant(
                "words for values",
                lambda x, W_q, W_k, W_v: _self_attention(x, x @ W_q, x @ W_k, x),
                "You averaged the words themselves: V is a projection of them, as Q and K are.",
            ),
            Mutant(
                "one projection",
                lambda x, W_q, W_k, W_v: _self_attention(x, x @ W_q, x @ W_q, x @ W_v),
                "You used one matrix for queries and keys: that makes the scores symmetric.",
            ),
            Mutant(
                "d_model for d_k",
                lambda x, W_q, W_k, W_v: _self_attention(
                    x, x @ W_q, x @ W_k, x @ W_v, divide_by=x.shape[1]
                ),
                "You divided by the root of d_model: d_k, the size of a query, decides.",
            ),
            Mutant(
                "length for d_k",
                lambda x, W_q, W_k, W_v: _self_attention(
                    x, x @ W_q, x @ W_k, x @ W_v, divide_by=len(x)
                ),
                "You divided by the root of the length: d_k, the size of a query, decides.",
            ),
        ),
    ),
)
