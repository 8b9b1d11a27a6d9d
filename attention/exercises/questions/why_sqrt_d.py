"""Questions of the chapter 05-why-sqrt-d."""

import math

import numpy as np

from attention.exercises.question import Choice, Mistake, Number

LONG_QUERY = Number(
    name="long-query",
    ask=(
        "A query of 64 components is 6 long. The components of the keys are independent, with "
        "mean 0 and variance 1. What is the variance of its scores?"
    ),
    number=(np.full(64, 6 / math.sqrt(64)) ** 2).sum(),
    because=(
        "Each component of the query is a factor of one term and counts squared: $|q|^2$ in all."
    ),
    mistakes=(
        Mistake(
            64,
            "d_k for the length",
            "It is 64 for queries whose components have variance 1. They are 8 long.",
        ),
        Mistake(
            6,
            "deviation for variance",
            "That is the typical size of a score. The variance is its square.",
        ),
        Mistake(
            36 / 64,
            "one term",
            "That is the variance of one of the 64 terms. They add up.",
        ),
    ),
)

DIVIDED_VARIANCE = Number(
    name="divided-variance",
    ask=(
        "The same scores are divided by $d_k = 64$ instead. What is their "
        "variance, to three digits?"
    ),
    number=64 / 64**2,
    within=0.0005,
    because=(
        "The divisor is squared in the variance, which is then $1/d_k$. The "
        "weights flatten towards a plain average."
    ),
    mistakes=(
        Mistake(
            64 / 64, "not squared", "A divisor is squared in a variance. Dividing by 8 gives 1."
        ),
        Mistake(64, "no scale", "That is the variance without a division."),
    ),
)

WHY_ROOT = Choice(
    name="why-root",
    ask=r"What singles out $\sqrt{d_k}$ among 1, $\sqrt{d_k}$ and $d_k$?",
    right="It keeps the spread of the scores, whatever $d_k$ is.",
    because="With the spread stay the weights, and what a query learns from.",
    mistakes=(
        Mistake(
            "It alone keeps the softmax's own slopes from vanishing.",
            "slopes of the softmax for those of a query",
            "Dividing by $d_k$ keeps these too. But it divides what a query gets from them.",
        ),
        Mistake(
            "It makes the weights sum to 1.",
            "scale taken for softmax",
            "Softmax does that for scores of any scale.",
        ),
        Mistake(
            "It makes all scores smaller than 1.",
            "variance taken for a bound",
            "Scores of variance 1 are often larger than 1.",
        ),
    ),
)

QUESTIONS = (
    LONG_QUERY,
    DIVIDED_VARIANCE,
    WHY_ROOT,
)
