"""Questions of the chapter 06-masks."""

import numpy as np

from attention import causal_mask, softmax
from attention.exercises.question import Choice, Mistake, Number

window = np.tri(6, dtype=bool) & ~np.tri(6, k=-3, dtype=bool)  # itself and the two before
WINDOW_PAIRS = Number(
    name="window-pairs",
    ask=(
        "A mask lets each of 6 words see itself and the two words before it. How many pairs of "
        "query and key does it allow?"
    ),
    number=window.sum(),
    because="The first word sees one, the second two, and each of the other four three.",
    mistakes=(
        Mistake(
            6 * 3,
            "words before the first",
            "The first word has no word before it, the second has one.",
        ),
        Mistake(causal_mask(6).sum(), "no window", "So many pairs has a plain causal mask."),
        Mistake(
            (window & ~np.eye(6, dtype=bool)).sum(), "itself hidden", "A word also sees itself."
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

HEADS_FOR_SENTENCES = Choice(
    name="heads-for-sentences",
    ask=(
        "Scores have shape `(B, H, L, S)`, with as many heads as sentences. What happens to a "
        "padding mask of shape `(B, 1, S)`?"
    ),
    right="Each head takes the mask of one sentence for all of them.",
    because=(
        "Shapes are aligned at their ends: the first axis of the mask meets that of the heads."
    ),
    mistakes=(
        Mistake(
            "It is refused, since it has an axis too few.",
            "broadcasting forgotten",
            "Missing axes are added in front. Only if $B$ and $H$ differ, an error appears.",
        ),
        Mistake(
            "Each sentence gets its own mask in all heads.",
            "aligned in front",
            "For this it needs an axis for the heads: `(B, 1, 1, S)`.",
        ),
    ),
)

QUESTIONS = (
    WINDOW_PAIRS,
    AFTER_SOFTMAX,
    POLARITY,
    NOTHING_ALLOWED,
    HEADS_FOR_SENTENCES,
)
