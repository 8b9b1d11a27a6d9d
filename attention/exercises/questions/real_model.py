"""Questions of the chapter 16-real-model."""

import numpy as np

from attention.exercises.question import Choice, Mistake, Number

WIDTH, WIDER = 384, 1536
ATTENTION = 4 * (WIDTH * WIDTH + WIDTH)
PARAMETERS = Number(
    name="attention-with-biases",
    ask=(
        "Width 384, 12 heads, four projections, each with a bias. How many numbers does one layer "
        "hold for its attention, norms left out?"
    ),
    number=ATTENTION,
    because="Four matrices of 384 by 384, and four biases of 384.",
    mistakes=(
        Mistake(4 * WIDTH * WIDTH, "no biases", "Each of the four has a bias of 384 as well."),
        Mistake(
            3 * (WIDTH * WIDTH + WIDTH), "no output projection", "The fourth joins the heads again."
        ),
        Mistake(
            12 * ATTENTION,
            "once for each head",
            "The heads share the 384 columns: each owns 32 of them.",
        ),
    ),
)

A_MAP = Choice(
    name="a-map",
    ask=(
        'In one map, the row of "it" gives "dog" most of its weight. What must you see before you '
        'say that the head finds what "it" means?'
    ),
    right='What the other words give "dog", and a sentence in which "it" means another noun.',
    because="A head may look at the dog from everywhere, and always.",
    mistakes=(
        Mistake(
            "That the weight is above one half.",
            "a large weight",
            "A large weight says where the head looks, not why.",
        ),
        Mistake(
            "That no other head gives more.",
            "the best of many",
            "Of many heads one is always the largest, whatever they do.",
        ),
        Mistake(
            "Nothing: the weights are what the model computes with.",
            "a map explains itself",
            "It computes with weights times values, and with the other rows too.",
        ),
    ),
)

KEY_BIAS = Choice(
    name="key-bias",
    ask="Which of these biases can be set to zero without any change in the weights?",
    right="The bias of the keys.",
    because=(
        "It adds the same number, query times bias, to all scores of a query, and the softmax "
        "does not see what all have in common."
    ),
    mistakes=(
        Mistake(
            "The bias of the queries.",
            "query for key",
            "It adds bias times key to a score, which differs from key to key.",
        ),
        Mistake("Both.", "both biases", "The one of the queries favours some keys over others."),
        Mistake(
            "Neither.",
            "no symmetry seen",
            "Write out the score of a key with a bias: what is new is the same for all keys.",
        ),
    ),
)

weights, lengths = np.array([0.9, 0.1]), np.array([0.03, 1.0])
SINK = Number(
    name="sink",
    ask=(
        "A head gives [CLS] 0.9 of the weight and one word 0.1. The value of [CLS] is 0.03 long, "
        "the word's 1. How long is what the head adds for [CLS], divided by what it adds for the "
        "word, to two digits?"
    ),
    number=(weights * lengths)[0] / (weights * lengths)[1],
    because="What is added is the weight times the value: 0.027 against 0.1.",
    mistakes=(
        Mistake(0.9 / 0.1, "weights alone", "Weights multiply values, and this value is short."),
        Mistake(0.03, "values alone", "The values are weighted, by 0.9 and by 0.1."),
    ),
)

QUESTIONS = (PARAMETERS, A_MAP, KEY_BIAS, SINK)
