"""Questions of the chapter 12-long-sequences."""

import math

import numpy as np

from attention import attention_weights
from attention.blockwise import Partial, merge
from attention.exercises.question import Choice, Mistake, Number


def count(n):
    return attention_weights(np.ones((n, 1)), np.ones((n, 1))).size


QUADRATIC = Number(
    name="quadratic",
    ask=("A sequence becomes 4 times as long. By what factor does its matrix of scores grow?"),
    number=count(12) / count(3),
    because="Rows and columns grow, both by 4.",
    mistakes=(
        Mistake(
            4,
            "linear",
            ("That is how the output grows. The scores have a row and a column for each token."),
        ),
        Mistake(8, "twice for square", "Four times the rows, and each is four times as long."),
    ),
)


first = Partial(np.array([3.0]), np.array([2.0]), np.zeros((1, 1)))
second = Partial(np.array([5.0]), np.array([1.0]), np.zeros((1, 1)))
RESCALE = Number(
    name="rescale",
    ask=(
        "The largest score so far is 3, the total of the exponentials $e^{s - 3}$ "
        "is 2. A block comes with largest score 5 and total 1. What is the joint "
        "total, to two digits?"
    ),
    number=merge(first, second).total.item(),
    because=("The first total was measured from 3. Measured from 5 it is $2 e^{-2}$."),
    mistakes=(
        Mistake(2 + 1, "no rescaling", "The two totals are measured from different peaks."),
        Mistake(
            2 * math.exp(2) + 1,
            "sign turned round",
            "The peak has grown, so what was counted before shrinks.",
        ),
        Mistake(
            (2 + 1) * math.exp(-2), "both rescaled", "The second total is measured from 5 already."
        ),
    ),
)

PLAIN_AVERAGE = Choice(
    name="plain-average",
    ask=(
        "Attention over all keys is to be made from attention over two halves. "
        "Why is the plain average of the two outputs wrong?"
    ),
    right="One half may hold far more of the total than the other.",
    because="Each output counts as much as the exponentials of its scores sum to.",
    mistakes=(
        Mistake(
            "The halves may differ in length.",
            "lengths for totals",
            "Halves of equal length would still be averaged wrongly.",
        ),
        Mistake(
            "Softmax cannot be computed in parts.",
            "one pass for all",
            "It can, if peak and total of each part are kept.",
        ),
    ),
)

EXACT = Choice(
    name="exact",
    ask=("How does blockwise attention differ from attention with the whole matrix?"),
    right="In memory, not in its result.",
    because=("The numbers are the same but for rounding. No matrix of all scores is kept."),
    mistakes=(
        Mistake(
            "It leaves out far keys.",
            "blocks taken for a window",
            "Every key is read, block after block.",
        ),
        Mistake(
            "It needs fewer multiplications.",
            "memory taken for work",
            "Every query still meets every key.",
        ),
    ),
)

QUESTIONS = (
    QUADRATIC,
    RESCALE,
    PLAIN_AVERAGE,
    EXACT,
)
