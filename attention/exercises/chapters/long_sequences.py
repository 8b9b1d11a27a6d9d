"""Exercises on long sequences, part by part."""

import numpy as np

from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def merge_parts(average_a, maximum_a, total_a, average_b, maximum_b, total_b):
    maximum = np.maximum(maximum_a, maximum_b)
    share_a = total_a * np.exp(maximum_a - maximum)
    share_b = total_b * np.exp(maximum_b - maximum)
    return (share_a * average_a + share_b * average_b) / (share_a + share_b)


def join_totals(maximum_a, total_a, maximum_b, total_b):
    maximum = np.maximum(maximum_a, maximum_b)
    return total_a * np.exp(maximum_a - maximum) + total_b * np.exp(maximum_b - maximum)


def _merge(average_a, share_a, average_b, share_b):
    return (share_a * average_a + share_b * average_b) / (share_a + share_b)


_AVERAGE_A, _AVERAGE_B = draw(18, (2, 3), (2, 3))
_MAXIMUM_A, _TOTAL_A = np.array([[1.0], [3.0]]), np.array([[1.5], [2.0]])
_MAXIMUM_B, _TOTAL_B = np.array([[2.0], [0.5]]), np.array([[1.2], [2.5]])

EXERCISES = (
    Exercise(
        chapter="12-long-sequences",
        prompt=(
            "The keys came in two parts, a and b. Attention to one part gave its `average` of the "
            "values `(L, d_v)`, the `maximum` of its scores and the `total` of "
            "`exp(score - maximum)`, both `(L, 1)`. Write "
            "`merge_parts(average_a, maximum_a, total_a, average_b, maximum_b, total_b)`: "
            "the output of attention to all keys together."
        ),
        reference=merge_parts,
        cases=((_AVERAGE_A, _MAXIMUM_A, _TOTAL_A, _AVERAGE_B, _MAXIMUM_B, _TOTAL_B),),
        mutants=(
            Mutant(
                "plain average",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: (
                    (average_a + average_b) / 2
                ),
                "You took the plain average of both: a part counts by the sum of its exponentials.",
            ),
            Mutant(
                "no rescaling",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: _merge(
                    average_a, total_a, average_b, total_b
                ),
                "Your totals were measured from different maxima: bring them to one maximum first.",
            ),
            Mutant(
                "maxima alone",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: _merge(
                    average_a, np.exp(maximum_a), average_b, np.exp(maximum_b)
                ),
                "You weighed the parts by their maxima: the totals count too.",
            ),
            Mutant(
                "sign turned round",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: _merge(
                    average_a, total_a * np.exp(-maximum_a), average_b, total_b * np.exp(-maximum_b)
                ),
                "You turned the sign round: the part with the lower maximum must count less.",
            ),
            Mutant(
                "averages added",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: (
                    average_a + average_b
                ),
                "You added the averages: each is an average already, and so is the answer.",
            ),
        ),
    ),
    Exercise(
        chapter="12-long-sequences",
        prompt=(
            "Write `join_totals(maximum_a, total_a, maximum_b, total_b)`: the sum of "
            "`exp(score - maximum)` over both parts, where `maximum` is the larger of the two. "
            "Maxima may be thousands. All have shape `(L,)`."
        ),
        reference=join_totals,
        cases=(
            (
                np.array([1000.0, 3.0]),
                np.array([1.5, 2.0]),
                np.array([1002.0, 0.5]),
                np.array([1.25, 2.5]),
            ),
        ),
        mutants=(
            Mutant(
                "no rescaling",
                lambda maximum_a, total_a, maximum_b, total_b: total_a + total_b,
                "You added totals that were measured from different maxima: rescale them first.",
            ),
            Mutant(
                "only the first rescaled",
                lambda maximum_a, total_a, maximum_b, total_b: (
                    total_a * np.exp(maximum_a - maximum_b) + total_b
                ),
                "You took the second maximum for the larger one: either may be.",
            ),
            Mutant(
                "maxima without difference",
                lambda maximum_a, total_a, maximum_b, total_b: (
                    (total_a * np.exp(maximum_a) + total_b * np.exp(maximum_b))
                    / np.exp(np.maximum(maximum_a, maximum_b))
                ),
                "Here exp of a maximum overflows: subtract the maxima before you take it.",
            ),
            Mutant(
                "sign turned round",
                lambda maximum_a, total_a, maximum_b, total_b: (
                    total_a * np.exp(np.maximum(maximum_a, maximum_b) - maximum_a)
                    + total_b * np.exp(np.maximum(maximum_a, maximum_b) - maximum_b)
                ),
                "You turned the sign round: the part with the lower maximum must count less.",
            ),
        ),
    ),
)
