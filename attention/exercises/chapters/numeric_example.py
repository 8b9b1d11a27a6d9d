"""Exercises on the guide's example."""

import numpy as np

from attention.exercises.checking import Exercise, Mutant


def second_weight(scores, d_k):
    difference = (scores[1] - scores[0]) / np.sqrt(d_k)
    return 1 / (1 + np.exp(-difference))


def divisor(scores, weights):
    return (scores[1] - scores[0]) / np.log(weights[1] / weights[0])


def _drawn_second_weight(rng):
    return rng.normal(size=2) * rng.choice([1, 10, 10_000]), int(rng.choice([1, 2, 3, 7, 64]))


def _drawn_divisor(rng):
    scores, first = rng.normal(size=2) * 10 ** rng.integers(4), rng.uniform(0.05, 0.45)
    return scores, np.array([first, 1 - first] if scores[0] < scores[1] else [1 - first, first])


def _overflowing(scores, d_k):
    exp = np.exp(scores / np.sqrt(d_k))
    return exp[1] / exp.sum()


EXERCISES = (
    Exercise(
        chapter="04-numeric-example",
        prompt=(
            "One query, two keys. Write `second_weight(scores, d_k)`: the weight of the second "
            "key, from the two unscaled scores and `d_k`. No array is needed."
        ),
        reference=second_weight,
        cases=((np.array([1.0, 4.0]), 5),),
        drawn=_drawn_second_weight,
        mutants=(
            Mutant(
                "the other weight",
                lambda scores, d_k: second_weight(scores[::-1], d_k),
                "That is the weight of the first key: look at the sign of the difference.",
            ),
            Mutant(
                "no scale",
                lambda scores, d_k: second_weight(scores, 1),
                "You left the difference as it is: divide it by the square root of d_k.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "/ d_k",
                lambda scores, d_k: second_weight(scores, d_k**2),
                "You divided by d_k: its square root scales.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "root of 2",
                lambda scores, d_k: second_weight(scores, 2),
                "You divided by the root of 2, which is the guide's: here d_k is given.",
            ),
            Mutant(
                "no exponential",
                lambda scores, d_k: scores[1] / scores.sum(),
                "You took the score's share of the sum: softmax takes that of its exponential.",
                chapter="01-core-concept",
            ),
            Mutant(
                "overflow",
                _overflowing,
                "Large scores overflow in exp: only their difference is needed.",
                chapter="03-breakdown",
            ),
        ),
    ),
    Exercise(
        chapter="04-numeric-example",
        prompt=(
            "Turn the guide's example round. Write `divisor(scores, weights)`: the number by "
            "which two scores must be divided so that softmax gives these two weights."
        ),
        reference=divisor,
        cases=((np.array([2.0, 7.0]), np.array([0.1, 0.9])),),
        drawn=_drawn_divisor,
        mutants=(
            Mutant(
                "ratio turned round",
                lambda scores, weights: divisor(scores, weights[::-1]),
                "You put the first weight over the second, but the second score less the first.",
            ),
            Mutant(
                "no logarithm",
                lambda scores, weights: (scores[1] - scores[0]) / (weights[1] / weights[0]),
                "The ratio of the weights is e to the scaled difference: take its logarithm.",
            ),
            Mutant(
                "base 10",
                lambda scores, weights: divisor(scores, weights) * np.log(10),
                "You took a logarithm of base 10: softmax is made with e.",
            ),
            Mutant(
                "d_k for its root",
                lambda scores, weights: divisor(scores, weights) ** 2,
                "That is the d_k that would fit: the scores are divided by its square root.",
            ),
        ),
    ),
)
