"""Questions of the chapter 04-numeric-example."""

import math

from attention import attention_weights
from attention.exercises.question import Choice, Mistake, Number

query, key = [[1, 2, 0, 1]], [[3, 3, 5, 2], [4, 3, 1, 3]]  # scores 11 and 13
SECOND_WEIGHT = Number(
    name="second-weight",
    ask=(
        "The scores are 11 and 13, and $d_k = 4$. What is the weight of the second key, to two "
        "digits?"
    ),
    number=attention_weights(query, key)[0, 1],
    because="Scaled, they differ by 1, which gives $1/(1 + e^{-1})$.",
    mistakes=(
        Mistake(
            13 / (11 + 13),
            "no exponential",
            "That is the score's share of the sum. Softmax takes the share of the exponential.",
        ),
        Mistake(
            attention_weights(query, key, scale=1)[0, 1],
            "no scale",
            r"Divide the difference by $\sqrt{4}$ first.",
        ),
        Mistake(
            attention_weights(query, key, scale=1 / 4)[0, 1],
            "/ d_k",
            "You divided by 4, not by its square root.",
        ),
    ),
)

weights = [0.25, 0.75]
DIVISOR = Number(
    name="divisor",
    ask=(
        "Two scores differ by 5, and the weights are 0.25 and 0.75. What were the scores divided "
        "by, to two digits?"
    ),
    number=5 / math.log(weights[1] / weights[0]),
    because=r"$e^{5/c} = 0.75/0.25 = 3$, so $c = 5/\ln 3$.",
    mistakes=(
        Mistake(5 / 3, "no logarithm", "The ratio of the weights is $e$ to the scaled difference."),
        Mistake(5 / math.log10(3), "base 10", "Softmax is made with $e$: take $\\ln$."),
        Mistake(
            (5 / math.log(3)) ** 2,
            "d_k for its root",
            "That is the $d_k$ whose root you divided by.",
        ),
    ),
)

ACROSS = Choice(
    name="across",
    ask=(
        "The query is $(3, 4)$, and $(4, -3)$ is added to the second key. How does its weight "
        "change?"
    ),
    right="Not at all.",
    because=r"$3 \cdot 4 - 4 \cdot 3 = 0$: a score does not see what lies across the query.",
    mistakes=(
        Mistake(
            "It grows, as the key is longer now.",
            "length taken for match",
            "Only what points along the query counts. This points across it.",
        ),
        Mistake(
            "It falls, as one component is smaller now.",
            "one component for the sum",
            "The other one grows, and the products cancel.",
        ),
    ),
)

QUESTIONS = (
    SECOND_WEIGHT,
    DIVISOR,
    ACROSS,
)
