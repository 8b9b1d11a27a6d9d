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
    ask="A layer with 8 heads is trained, and one head is silenced. What does its output lose?",
    right="One of eight terms of a sum, which reached all components.",
    because=r"Side by side times $W^O$ is the sum over the heads of $\text{head}_h W^O_h$.",
    mistakes=(
        Mistake(
            "An eighth of its components.",
            "projection forgotten",
            "That holds before $W^O$, whose rows spread each head over all components.",
        ),
        Mistake(
            "An eighth of each component.",
            "equal shares",
            "It is one of eight terms, but they are not equally large. Some heads hardly matter.",
        ),
        Mistake(
            "All of it, since the other heads read what this one wrote.",
            "heads taken for layers",
            "Heads of one layer run side by side. None reads another.",
        ),
    ),
)

BLEND = Choice(
    name="blend",
    ask=(
        "A head gives a word's weight to two others, one half each. What can its output not tell?"
    ),
    right="Which of the two it found in which role.",
    because="The average is the same if the two exchange their places.",
    mistakes=(
        Mistake(
            "Which two words they are.",
            "average taken for nothing",
            "Their average holds half of each, and often both can be read from it.",
        ),
        Mistake(
            "That there are two of them.",
            "average taken for a choice",
            "An average of two is unlike either of them.",
        ),
    ),
)

layers, heads_of_keys, d_k = 1, np.array([48, 6]), 1
numbers = 2 * layers * heads_of_keys * d_k  # in the cache, for one word
SHARED_KEYS = Number(
    name="shared-keys",
    ask=(
        "48 query heads share 6 heads of keys and values. How many times smaller is the cache "
        "than without sharing?"
    ),
    number=numbers[0] / numbers[1],
    because="Keys and values are kept for 6 heads in place of 48.",
    mistakes=(
        Mistake(48 - 6, "difference", "So many heads are saved. The question is a ratio."),
        Mistake(6, "heads for the ratio", "So many heads are kept, of 48."),
        Mistake(
            48 / 6 * 2,
            "keys and values twice",
            "Both shrink, but each by the same factor, and so does their sum.",
        ),
    ),
)

QUESTIONS = (
    HEAD_SIZE,
    HOW_MANY_WEIGHTS,
    BLEND,
    RESHAPE,
    OUTPUT_PROJECTION,
    SHARED_KEYS,
)
