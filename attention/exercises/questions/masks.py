"""Questions of the chapter 06-masks."""

import numpy as np

from attention import causal_mask, softmax
from attention.exercises.question import Choice, Mistake, Number

CAUSAL_PAIRS = Number(
    name="causal-pairs",
    ask=("How many pairs of query and key does a causal mask allow in a sequence of 5 tokens?"),
    number=causal_mask(5).sum(),
    because="The first token sees one, the second two, and so on.",
    mistakes=(
        Mistake(
            (~causal_mask(5)).sum(),
            "itself hidden, or the mask inverted",
            "These are the pairs that are hidden. A token also sees itself.",
        ),
        Mistake(
            causal_mask(5).size, "no mask", "That is every pair. The upper triangle is hidden."
        ),
        Mistake(
            causal_mask(5).sum() + 4,
            "one too far",
            "No token may see the next one, which it should foretell.",
        ),
    ),
)

weights = softmax(np.zeros(4)) * [True, True, True, False]
AFTER_SOFTMAX = Number(
    name="after-softmax",
    ask=(
        "Four scores are equal, and one key is hidden by setting its weight to 0 "
        "after the softmax. What do the weights then sum to?"
    ),
    number=weights.sum(),
    because="The hidden key has taken its share, and nobody gets it back.",
    mistakes=(
        Mistake(
            1, "mask before the softmax", r"That holds when the score is set to $-\infty$ before."
        ),
        Mistake(softmax(np.zeros(4))[0], "the hidden share", "That is what is missing."),
    ),
)

POLARITY = Choice(
    name="polarity",
    ask=("In this book, and in PyTorch's function, what does `True` in a boolean mask say?"),
    right="The query may attend to the key.",
    because=r"Where it is `False`, the score becomes $-\infty$.",
    mistakes=(
        Mistake(
            "The key is hidden from the query.",
            "inverted mask",
            "Some libraries and layers do it so. That is why it is worth a test.",
        ),
        Mistake(
            "The score is multiplied by 1.",
            "mask as a factor",
            ("A mask decides what the softmax sees. A score of 0 would still get a weight."),
        ),
    ),
)

NOTHING_ALLOWED = Choice(
    name="nothing-allowed",
    ask="A query may attend to nothing. What should its weights be?",
    right="All 0.",
    because="There is nothing to share out. The output is 0, and no NaN spreads.",
    mistakes=(
        Mistake(
            "NaN",
            "0 / 0 let through",
            "It would spread into every layer above. The module gives zeros.",
        ),
        Mistake(
            "All equal.",
            "large number for infinity",
            "That happens with a mask of -1e9. Then hidden values flow in.",
        ),
    ),
)

QUESTIONS = (
    CAUSAL_PAIRS,
    AFTER_SOFTMAX,
    POLARITY,
    NOTHING_ALLOWED,
)
