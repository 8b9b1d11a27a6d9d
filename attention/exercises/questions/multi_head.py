"""Questions of the chapter 07-multi-head."""

import math

import numpy as np

from attention import attention_weights, split_heads
from attention.exercises.question import Choice, Mistake, Number

heads = split_heads(np.ones((1, 512)), num_heads=8)
HEAD_SIZE = Number(
    name="head-size",
    ask=(
        "A layer has `d_model` 512 and 8 heads, as in the paper. What is a head's score divided by?"
    ),
    number=math.sqrt(heads.shape[-1]),
    because="A head has $d_k = 512/8$ components, and the root of them scales.",
    mistakes=(
        Mistake(
            math.sqrt(512),
            "d_model for d_k",
            "A score of one head is a sum over the components of that head.",
        ),
        Mistake(heads.shape[-1], "/ d_k", "That is $d_k$. Its square root scales."),
        Mistake(
            math.sqrt(8), "heads for components", "How many heads there are does not enter a score."
        ),
    ),
)

HOW_MANY_WEIGHTS = Number(
    name="how-many-weights",
    ask=("5 tokens attend to one another in 4 heads. How many weights does the layer compute?"),
    number=attention_weights(np.ones((4, 5, 2)), np.ones((4, 5, 2))).size,
    because="Each head has its own matrix, a row and a column for each token.",
    mistakes=(
        Mistake(5 * 5, "one head", "The heads do not share their weights."),
        Mistake(4 * 5, "one weight a token", "A token has a weight for each token, in each head."),
    ),
)

RESHAPE = Choice(
    name="reshape",
    ask=("Why is `x.reshape(H, L, d_k)` the wrong way to make heads from words `(L, d_model)`?"),
    right="A head gets whole words, and not a part of each word.",
    because="Split the last axis into `(H, d_k)`, then move `H` to the front.",
    mistakes=(
        Mistake(
            "The number of entries does not fit.",
            "right shape, right content",
            "It fits, and that is the trouble. Nothing raises an error.",
        ),
        Mistake(
            "It copies the array.",
            "speed taken for meaning",
            "A copy would cost time and change no number.",
        ),
    ),
)

OUTPUT_PROJECTION = Choice(
    name="output-projection",
    ask="What would be missing without $W_o$?",
    right="A component of the output could come from one head alone.",
    because="$W_o$ lets each component mix what all heads have found.",
    mistakes=(
        Mistake(
            "The weights would not sum to 1.",
            "projection taken for softmax",
            "The softmax of each head sees to that.",
        ),
        Mistake(
            "The heads would all be the same.",
            "output taken for input",
            "They differ by their query, key and value projections.",
        ),
    ),
)

QUESTIONS = (
    HEAD_SIZE,
    HOW_MANY_WEIGHTS,
    RESHAPE,
    OUTPUT_PROJECTION,
)
