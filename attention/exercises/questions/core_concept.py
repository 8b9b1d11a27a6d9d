"""Questions of the chapter 01-core-concept."""

import numpy as np

from attention import scaled_dot_product_attention
from attention.exercises.question import Choice, Mistake, Number

AVERAGE = Number(
    name="average",
    ask=(
        "A query has the same score with three keys, whose values are 2, 4 and 9. "
        "What does it receive?"
    ),
    number=scaled_dot_product_attention([[1]], [[1], [1], [1]], [[2], [4], [9]]).item(),
    because="Equal scores give equal weights, and attention takes the average.",
    mistakes=(
        Mistake(
            2 + 4 + 9, "a sum for an average", "The weights sum to 1, so each value counts a third."
        ),
        Mistake(
            max(2, 4, 9), "hard lookup", "Attention selects nothing. It mixes, and here evenly."
        ),
        Mistake(
            np.median([2, 4, 9]),
            "the middle for the average",
            "It is the mean that is taken, not the value in the middle.",
        ),
    ),
)

ROWS = Choice(
    name="rows",
    ask=("A heatmap of weights has queries as rows and keys as columns. What sums to 1?"),
    right="Each row.",
    because=("A row holds the weights of one query, and the query shares out one whole."),
    mistakes=(
        Mistake(
            "Each column.",
            "columns for rows",
            (
                "A column says how much one key is attended to by all. It may sum to more "
                "than 1, or to 0."
            ),
        ),
        Mistake(
            "All cells together.",
            "one whole for all queries",
            ("Each query has a whole of its own, so all cells sum to the number of queries."),
        ),
    ),
)

ZERO_SCALE = Choice(
    name="zero-scale",
    ask="Every score is multiplied by a scale of 0. What is the output?",
    right="The plain average of all values.",
    because="All scores become 0, equal scores get equal weights.",
    mistakes=(
        Mistake(
            "0",
            "weights taken for scores",
            ("The scores are 0, the weights are not. They sum to 1 whatever the scores are."),
        ),
        Mistake(
            "The value of the best key.",
            "the scale turned round",
            ("A large scale makes the lookup hard. At 0 no key is better than another."),
        ),
    ),
)

QUESTIONS = (
    AVERAGE,
    ROWS,
    ZERO_SCALE,
)
