"""Exercises on masks."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def look_back(L, S):
    return np.arange(S) <= np.arange(L)[:, np.newaxis]


def masked_weights(scores, mask):
    scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=1, keepdims=True)
    chances = np.exp(scores - np.where(top == -np.inf, 0, top))
    total = chances.sum(axis=1, keepdims=True)
    return chances / np.where(total == 0, 1, total)


def find_leaks(mask):
    return np.triu(mask, k=1).any(axis=1)


def permute_mask(mask, order):
    return mask[order][:, order]


def _without_total_check(scores):
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


def _divided(chances):
    total = chances.sum(axis=1, keepdims=True)
    return chances / np.where(total == 0, 1, total)


def _lengths(rng):
    return int(rng.integers(1, 9)), int(rng.integers(1, 9))


def _scores_and_mask(rng):
    L, S = rng.integers(1, 9, size=2)
    size = rng.choice([1, 1000])  # the second makes exponentials that no float holds
    return size * rng.normal(size=(L, S)).round(1), rng.random((L, S)) < rng.choice([0.2, 0.7])


def _leaky_mask(rng):
    L = rng.integers(2, 9)
    holes = rng.random((L, L)) < rng.choice([0.05, 0.3])
    return (np.tri(L, dtype=bool) & (rng.random((L, L)) < 0.8) | holes,)


def _mask_and_order(rng):
    L = rng.integers(2, 9)
    return rng.random((L, L)) < 0.5, rng.permutation(L)


_HIDDEN = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 1], [0, 0, 0, 0, 0]], dtype=bool)
_LEAKY = np.array([[1, 0, 0, 0], [0, 1, 0, 1], [1, 0, 1, 0], [1, 1, 0, 0]], dtype=bool)

EXERCISES = (
    Exercise(
        chapter="06-masks",
        prompt=(
            "Write `look_back(L, S)`: a boolean mask `(L, S)`, `True` where query `i` may see "
            "key `j`, which is every key up to its own position. `L` and `S` may differ; query 0 "
            "stands at key 0."
        ),
        reference=look_back,
        cases=((3, 5),),
        drawn=_lengths,
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
                "You aligned the last positions, as a cache needs it: here query 0 is at key 0.",
                chapter="11-generating",
            ),
            Mutant(
                "square",
                lambda L, S: np.tri(L, dtype=bool),
                "Your mask is (L, L): it must have a column for each of the S keys.",
            ),
        ),
    ),
    Exercise(
        chapter="06-masks",
        prompt=(
            "Write `masked_weights(scores, mask)`: weights `(L, S)`, where the mask is `True` "
            "for what a query may see. A query that sees nothing gets zeros. Scores may be as "
            "large as 1000."
        ),
        reference=masked_weights,
        cases=((*draw(8, (3, 5)), _HIDDEN),),
        drawn=_scores_and_mask,
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
                "A query that sees nothing averages all hidden keys (-1e9?): use minus infinity.",
            ),
            Mutant(
                "overflow",
                lambda scores, mask: _divided(np.where(mask, np.exp(scores), 0)),
                "Large scores overflow: subtract the largest visible score of a row before exp.",
                chapter="03-breakdown",
            ),
            Mutant(
                "hidden maximum",
                lambda scores, mask: _divided(
                    np.where(mask, np.exp(scores - scores.max(axis=1, keepdims=True)), 0)
                ),
                "You subtracted a hidden score: under a large one all visible weights become 0.",
            ),
            Mutant(
                "columns for rows",
                lambda scores, mask: softmax(np.where(mask, scores, -np.inf), axis=0),
                "Your columns sum to 1: each query shares out a weight of its own, so rows must.",
                chapter="03-breakdown",
            ),
        ),
    ),
    Exercise(
        chapter="06-masks",
        prompt=(
            "A mask `(L, L)` was meant to be causal. Write `find_leaks(mask)`: for each of the "
            "`L` queries, `True` if it may see a later key. Keys that it may not see, though it "
            "might, are no leak."
        ),
        reference=find_leaks,
        cases=((_LEAKY,),),
        drawn=_leaky_mask,
        mutants=(
            Mutant(
                "itself counted",
                lambda mask: np.triu(mask).any(axis=1),
                "You count a query's own position, which it may see: begin one to the right of it.",
            ),
            Mutant(
                "keys for queries",
                lambda mask: np.triu(mask, 1).any(axis=0),
                "You named the keys that are seen too early: the queries that see them are asked.",
            ),
            Mutant(
                "past counted",
                lambda mask: np.tril(mask, -1).any(axis=1),
                "You looked at the earlier keys: the future lies to the right of the diagonal.",
            ),
            Mutant(
                "inverted",
                lambda mask: np.triu(~mask, 1).any(axis=1),
                "You looked for False: here True means may attend, and so a leak is a True.",
            ),
            Mutant(
                "next word alone",
                lambda mask: np.append(np.diagonal(mask, 1), False),
                "You looked one word ahead only: every later key is the future.",
            ),
            Mutant(
                "not causal",
                lambda mask: (mask != np.tri(len(mask), dtype=bool)).any(axis=1),
                "You took each difference from a causal mask: a hidden past key leaks nothing.",
            ),
        ),
    ),
    Exercise(
        chapter="06-masks",
        prompt=(
            "The words of a sequence are put in another order: new word `i` is old word "
            "`order[i]`. Write `permute_mask(mask, order)`: the mask `(L, L)` under which each "
            "word gets what it got before."
        ),
        reference=permute_mask,
        cases=((_LEAKY, np.array([2, 0, 3, 1])),),
        drawn=_mask_and_order,
        mutants=(
            Mutant(
                "not moved",
                lambda mask, order: mask,
                "You left the mask as it was: it belongs to words, and these have moved.",
            ),
            Mutant(
                "a causal mask anew",
                lambda mask, order: np.tri(len(mask), dtype=bool),
                "You made a causal mask for the new order: then words see others than before.",
            ),
            Mutant(
                "queries alone",
                lambda mask, order: mask[order],
                "You moved the queries alone: a word is a key as well, so move columns too.",
            ),
            Mutant(
                "keys alone",
                lambda mask, order: mask[:, order],
                "You moved the keys alone: a word is a query as well, so move rows too.",
            ),
            Mutant(
                "the way back",
                lambda mask, order: mask[np.argsort(order)][:, np.argsort(order)],
                "You moved the mask the other way: new row i is old row order[i].",
            ),
        ),
    ),
)
