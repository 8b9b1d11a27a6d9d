"""Questions of the chapter 02-formula."""

import math

import numpy as np

from attention import attention_weights
from attention.exercises.question import Choice, Mistake, Number, shown

weights = attention_weights(np.ones((3, 4)), np.ones((5, 4)))
SCORES_SHAPE = Number(
    name="scores-shape",
    ask=(
        "`query` has shape `(3, 4)`, `key` `(5, 4)` and `value` `(5, 2)`. How "
        "many weights are there?"
    ),
    number=weights.size,
    because=(
        f"The weights have shape {shown(list(weights.shape))}, a row for each "
        "query and a column for each key."
    ),
    mistakes=(
        Mistake(
            3 * 4,
            "the shape of the queries",
            (
                "The inner dimension, 4, is summed over in the product. What is left are "
                "the 3 queries and the 5 keys."
            ),
        ),
        Mistake(
            3 * 2,
            "the shape of the output",
            "That is the shape after the weights have met the values.",
        ),
        Mistake(5 * 5, "keys against keys", "Each row belongs to a query, and there are 3."),
    ),
)

WHICH_D = Number(
    name="which-d",
    ask=("`query` is `(3, 4)`, `key` `(5, 4)`, `value` `(5, 2)`. What are the scores divided by?"),
    number=math.sqrt(np.ones((3, 4)).shape[1]),
    because=r"It is $\sqrt{d_k}$, from the 4 components of a query and of a key.",
    mistakes=(
        Mistake(np.ones((3, 4)).shape[1], "/ d_k", "That is $d_k$ itself. Its root scales."),
        Mistake(
            math.sqrt(5),
            "length for d_k",
            "How many keys there are does not matter for the size of one score.",
        ),
        Mistake(math.sqrt(2), "d_v for d_k", "Values take no part in a score."),
    ),
)

V_NOT_K = Choice(
    name="v-not-k",
    ask="You change one row of $V$ and leave $Q$ and $K$. What changes?",
    right="The output alone.",
    because=("Values are what is averaged. Who is looked at was decided by queries and keys."),
    mistakes=(
        Mistake(
            "The weights alone.",
            "V taken for K",
            "The weights are made from queries and keys. Values come after.",
        ),
        Mistake(
            "The weights and the output.",
            "V in the scores",
            "A value is in no score. Only the last product reads it.",
        ),
    ),
)

SELECTION = Choice(
    name="selection",
    ask="Can an output lie outside the range of the values, in one component?",
    right="No, never.",
    because="It is an average with positive weights that sum to 1.",
    mistakes=(
        Mistake(
            "Yes, if one score is very large.",
            "scores taken for weights",
            "A large score brings a weight near 1, never above it.",
        ),
        Mistake(
            "Yes, if several weights are large.",
            "a sum for an average",
            "The weights share one whole. If one grows, the others shrink.",
        ),
    ),
)

QUESTIONS = (
    SCORES_SHAPE,
    WHICH_D,
    V_NOT_K,
    SELECTION,
)
