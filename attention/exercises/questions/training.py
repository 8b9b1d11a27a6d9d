"""Questions of the chapter 10-training."""

import math

import numpy as np

from attention import softmax
from attention.exercises.question import Choice, Mistake, Number

CHANCE_LOSS = Number(
    name="chance-loss",
    ask=("A model gives 16 tokens the same chance. What is its cross-entropy, to two digits?"),
    number=-math.log(softmax(np.zeros(16))[0]),
    because=("It is the natural logarithm of 16, the surprise at a token of chance 1/16."),
    mistakes=(
        Mistake(math.log2(16), "base 2", "That is in bits. The loss takes the natural logarithm."),
        Mistake(
            1 / 16, "chance for surprise", "That is the chance. The loss is minus its logarithm."
        ),
        Mistake(
            math.log(1 / 16),
            "no minus",
            "The logarithm of a chance is negative. The loss turns its sign.",
        ),
    ),
)

w, g = softmax([1.0, 0.0, 2.0]), np.array([3.0, -1.0, 0.5])
ZERO_SUM = Number(
    name="zero-sum",
    ask=(
        "The derivatives of a loss in the scaled scores of one query are summed. What is the sum?"
    ),
    number=round((w * (g - w @ g)).sum(), 12) + 0.0,
    because=("A constant on all scores changes no weight, so the derivatives must cancel."),
    mistakes=(
        Mistake(
            1,
            "weights taken for derivatives",
            "The weights sum to 1. What moves them sums to nothing.",
        ),
        Mistake(
            (w * g).sum(),
            "no sum term",
            (
                "You left out the sum that is subtracted. A higher score takes weight "
                "from all other keys."
            ),
        ),
    ),
)

ONE_WEIGHT = Choice(
    name="one-weight",
    ask=("One weight is exactly 1, all others 0. What gradient reaches the scores?"),
    right="None.",
    because=(
        "Each derivative has the weight as a factor, and for the weight 1 the difference is 0."
    ),
    mistakes=(
        Mistake(
            "The largest possible.",
            "certainty taken for slope",
            ("A decided softmax is flat. A small change of a score moves no weight."),
        ),
        Mistake(
            "That of the values.",
            "values taken for scores",
            "The values still learn. It is the scores that stand still.",
        ),
    ),
)

TEST_LISTS = Choice(
    name="test-lists",
    ask=("Why does no list of pairs stand in both sets, for training and for testing?"),
    right="A model could know a list by heart instead of looking up.",
    because=("Only on lists it has never seen does it have to find the answer in the list."),
    mistakes=(
        Mistake(
            "Training would take longer.",
            "time taken for meaning",
            "It would take the same time, and say nothing about the lookup.",
        ),
        Mistake(
            "The loss would not fall.",
            "a harder task expected",
            "It would fall, perhaps faster. It would only mean less.",
        ),
    ),
)

QUESTIONS = (
    CHANCE_LOSS,
    ZERO_SUM,
    ONE_WEIGHT,
    TEST_LISTS,
)
