"""Exercises on masks."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def look_back(L, S):
    return np.arange(S) <= np.arange(L)[:, np.newaxis]


def hide_padding(lengths, S):
    return np.arange(S) < lengths[:, np.newaxis, np.newaxis]


def masked_weights(scores, mask):
    chances = np.where(mask, np.exp(scores), 0)
    total = chances.sum(axis=1, keepdims=True)
    return chances / np.where(total == 0, 1, total)


def _without_total_check(scores):
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


_HIDDEN = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 0]], dtype=bool)

EXERCISES = (
    Exercise(
        chapter="06-masks",
        prompt=(
            "Write `look_back(L, S)`: a boolean mask `(L, S)`, `True` where query `i` may see "
            "key `j`, which is every key up to its own position. `L` and `S` may differ."
        ),
        reference=look_back,
        cases=((3, 5),),
        mutants=(
            Mutant(
                "one too far",
                lambda L, S: np.tri(L, S, 1, dtype=bool),
                "Each query sees one key too far: it may see its own position and no later one.",
            ),
            Mutant(
                "itself hidden",
                lambda L, S: np.tri(L, S, -1, dtype=bool),
                "You hid a query's own position: the first query then sees nothing at all.",
            ),
            Mutant(
                "turned round",
                lambda L, S: np.arange(S) >= np.arange(L)[:, None],
                "Each query sees the future and not the past: exchange rows and columns.",
            ),
            Mutant(
                "inverted",
                lambda L, S: ~look_back(L, S),
                "Your True means hidden: here True means may attend.",
            ),
            Mutant(
                "aligned at the end",
                lambda L, S: np.tri(L, S, S - L, dtype=bool),
                "You aligned the last positions: query 0 stands at key 0.",
            ),
        ),
    ),
    Exercise(
        chapter="06-masks",
        prompt=(
            "Sentences of a batch are filled up to `S` words. Write `hide_padding(lengths, S)`:"
            " for lengths `(B,)` a boolean mask `(B, 1, S)`, `True` for the words that are "
            "there."
        ),
        reference=hide_padding,
        cases=((np.array([2, 3]), 5),),
        mutants=(
            Mutant(
                "one too many",
                lambda lengths, S: np.arange(S) <= lengths[:, None, None],
                "You let the first filling through: positions count from 0.",
            ),
            Mutant(
                "inverted",
                lambda lengths, S: np.arange(S) >= lengths[:, None, None],
                "Your True means hidden: here True means may attend.",
            ),
            Mutant(
                "queries hidden",
                lambda lengths, S: (np.arange(S) < lengths[:, None])[:, :, None],
                "You hid queries, (B, S, 1): nobody may attend to the filling, so hide keys.",
            ),
            Mutant(
                "no query axis",
                lambda lengths, S: np.arange(S) < lengths[:, None],
                "(B, S) would be taken for (L, S): give the queries an axis of size 1.",
            ),
            Mutant(
                "filled in front",
                lambda lengths, S: np.arange(S) >= S - lengths[:, None, None],
                "You hid the first words: the filling stands at the end.",
            ),
        ),
    ),
    Exercise(
        chapter="06-masks",
        prompt=(
            "Write `masked_weights(scores, mask)`: weights `(L, S)`, where the mask is `True` "
            "for what a query may see. A query that sees nothing gets zeros."
        ),
        reference=masked_weights,
        cases=((*draw(8, (3, 5)), _HIDDEN),),
        mutants=(
            Mutant(
                "mask after softmax",
                lambda scores, mask: softmax(scores) * mask,
                "You masked after the softmax: the rest must share the whole, so mask before.",
            ),
            Mutant(
                "inverted mask",
                lambda scores, mask: softmax(np.where(mask, -np.inf, scores)),
                "You hid what may be seen: True means may attend.",
            ),
            Mutant(
                "additive 0/1 mask",
                lambda scores, mask: softmax(scores + mask),
                "You added the mask, 1 or 0, to the scores: hidden ones need minus infinity.",
            ),
            Mutant(
                "times 0",
                lambda scores, mask: softmax(scores * mask),
                "You multiplied scores by 0, which is a score like any other: use minus infinity.",
            ),
            Mutant(
                "NaN where nothing is seen",
                lambda scores, mask: _without_total_check(np.where(mask, scores, -np.inf)),
                "A query that sees nothing became 0 / 0: an average over nothing shall be 0.",
            ),
            Mutant(
                "large number for infinity",
                lambda scores, mask: softmax(np.where(mask, scores, -1e9)),
                "With -1e9 a query that sees nothing averages all hidden keys: use minus infinity.",
            ),
        ),
    ),
)
