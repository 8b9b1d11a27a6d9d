"""Questions of the chapter 01-core-concept."""

import numpy as np

from attention import scaled_dot_product_attention, softmax
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

before = softmax(np.log([10, 1]))
after = softmax(2 * np.log([10, 1]))
DOUBLED = Number(
    name="doubled",
    ask=(
        "“Dog” has 10 times the weight of “road”. Then all scores are doubled. How many times "
        "the weight of “road” has it now?"
    ),
    number=after[0] / after[1],
    because="The ratio is $e$ to the difference of the scores. Doubled, it is squared.",
    mistakes=(
        Mistake(
            2 * before[0] / before[1],
            "doubled as the scores are",
            "Weights are shares of exponentials: the ratio is multiplied with itself.",
        ),
        Mistake(
            before[0] / before[1],
            "shift taken for scale",
            "Adding the same to all scores would leave the ratio. Doubling does not.",
        ),
        Mistake(
            before[0] ** 2 / before[1] ** 2 / 2,
            "the sum doubled, too",
            "Both weights are divided by the same sum, which leaves the ratio alone.",
        ),
    ),
)

ROWS = Choice(
    name="rows",
    ask="A heatmap of weights has queries as rows and keys as columns. What sums to 1?",
    right="Each row.",
    because="A row holds the weights of one query, and the query shares out one whole.",
    mistakes=(
        Mistake(
            "Each column.",
            "columns for rows",
            "A column says how much one key gets from all queries. That may be more than 1, or "
            "nearly nothing.",
        ),
        Mistake(
            "All cells together.",
            "one whole for all queries",
            "Each query has a whole of its own, so all cells sum to the number of queries.",
        ),
    ),
)

UNREAD = Choice(
    name="unread",
    ask=(
        "One layer, numbers as typed in this chapter. Which change of the sentence can turn “it” "
        "from “dog” to “road”?"
    ),
    right="None that leaves the three words as they are.",
    because=(
        "The ratio of two weights depends on the query of “it” and on two keys. No other word is "
        "in them."
    ),
    mistakes=(
        Mistake(
            "“Wide” for “hungry”.",
            "a word read by another",
            "“Wide” brings a key of its own. The scores of “dog” and “road” stay as they were.",
        ),
        Mistake(
            "A second “hungry”.",
            "more words for more weight",
            "It takes the same share from “dog” and from “road”. Their ratio stays.",
        ),
    ),
)

QUESTIONS = (
    AVERAGE,
    DOUBLED,
    ROWS,
    UNREAD,
)
