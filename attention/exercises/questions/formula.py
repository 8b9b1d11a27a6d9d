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
    ask="`query` is `(3, 4)`, `key` `(5, 4)`, `value` `(5, 2)`. What are the scores divided by?",
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

W_q, W_k, W_v = np.ones((6, 3)), np.ones((6, 3)), np.ones((6, 2))
LEARNED = Number(
    name="learned",
    ask=(
        "$d_{model} = 6$, $d_k = 3$, $d_v = 2$. How many numbers are learned for the three "
        "projections?"
    ),
    number=W_q.size + W_k.size + W_v.size,
    because=r"$W_q$ and $W_k$ are $6 \times 3$, $W_v$ is $6 \times 2$.",
    mistakes=(
        Mistake(3 * W_q.size, "d_v taken for d_k", "$W_v$ has $d_v$ columns, which is 2."),
        Mistake(
            9 * (3 + 3 + 2),
            "the projected words counted",
            "Queries, keys and values of nine words are computed anew for each sentence.",
        ),
        Mistake(
            W_q.size + W_v.size,
            "one matrix for Q and K",
            "Queries and keys have a projection each, or the scores would be symmetric.",
        ),
    ),
)

MOVED_VALUES = Choice(
    name="moved-values",
    ask="5 is added to every number of $V$. What happens to the output?",
    right="Every number of it grows by 5.",
    because="The weights do not change, and they sum to 1: the average moves as the values do.",
    mistakes=(
        Mistake(
            "It grows by 5 times the number of keys.",
            "a sum for an average",
            "That would be so if the weights were 1 each. They share one whole.",
        ),
        Mistake(
            "Nothing, since softmax takes no notice of a shift.",
            "scores taken for values",
            "That is true of the scores. Values come after the softmax.",
        ),
        Mistake(
            "It depends on the weights.",
            "a whole forgotten",
            "Each weight takes its share of the 5, and the shares sum to 1.",
        ),
    ),
)

QUESTIONS = (
    SCORES_SHAPE,
    WHICH_D,
    LEARNED,
    MOVED_VALUES,
)
