"""Questions of the chapter 05-why-sqrt-d."""

import math

import numpy as np

from attention.exercises.question import Choice, Mistake, Number

VARIANCE = Number(
    name="variance",
    ask=(
        "The components of a query and of a key are independent, with mean 0 and "
        "variance 1. What is the variance of their dot product when $d_k = 64$?"
    ),
    number=np.ones(64).sum(),
    because=(
        "Each of the 64 products has variance 1, and variances of independent numbers add up."
    ),
    mistakes=(
        Mistake(
            math.sqrt(64),
            "deviation for variance",
            (
                "That is the standard deviation, the square root of the variance. The "
                "scores are divided by it."
            ),
        ),
        Mistake(1, "one product", "One product has variance 1. A score is the sum of 64."),
        Mistake(
            64**2,
            "a sum taken for a factor",
            "A factor is squared in a variance. A number of terms is not.",
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
    ask=r"What singles out $\sqrt{d_k}$ among divisors?",
    right="It keeps the variance of the scores at 1, whatever $d_k$ is.",
    because="With it the weights of long vectors look like those of short ones.",
    mistakes=(
        Mistake(
            "It is the only one that keeps the gradient from vanishing.",
            "gradient as the only reason",
            ("Dividing by $d_k$ keeps the gradient too. It flattens the weights, though."),
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
    VARIANCE,
    DIVIDED_VARIANCE,
    WHY_ROOT,
)
