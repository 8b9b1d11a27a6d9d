"""Questions of the chapter 11-generating."""

import numpy as np

from attention import attention_weights, softmax
from attention.exercises.question import Choice, Mistake, Number
from attention.learning.generation import generate, token_weights

CACHED_ROWS = Number(
    name="cached-rows",
    ask=(
        "A model has read 99 tokens and keeps their keys and values. For how many "
        "positions does it compute a query to read token 100?"
    ),
    number=attention_weights(np.ones((1, 2)), np.ones((100, 2))).shape[0],
    because="One query meets the 99 keys that are kept and its own.",
    mistakes=(
        Mistake(
            100, "all again", "That is what happens without a cache. Earlier rows do not change."
        ),
        Mistake(
            99,
            "kept taken for computed",
            "These are the keys that are kept. None of them is computed again.",
        ),
        Mistake(
            0, "the new token left out", "The new token's own query, key and value have to be made."
        ),
    ),
)

HOT = Number(
    name="hot",
    ask=(
        "Two logits are 2 and 0. What is the chance of the first token at "
        "temperature 2, to two digits?"
    ),
    number=softmax(np.array([2.0, 0.0]) / 2)[0],
    because=("The logits are divided by the temperature, and the difference becomes 1."),
    mistakes=(
        Mistake(
            softmax(np.array([2.0, 0.0]) * 2)[0],
            "multiplied",
            "You multiplied. A high temperature flattens.",
        ),
        Mistake(
            softmax(np.array([2.0, 0.0]))[0],
            "no temperature",
            "That is the chance at temperature 1.",
        ),
        Mistake(
            softmax(np.array([2.0, 0.0]))[0] / 2,
            "after the softmax",
            "Divide the logits. Chances that are divided no longer sum to 1.",
        ),
    ),
)

WHY_KEPT = Choice(
    name="why-kept",
    ask="Why may keys and values of earlier tokens be kept?",
    right="The causal mask lets no earlier position see the new token.",
    because="So nothing about them changes, in any block.",
    mistakes=(
        Mistake(
            "They change too little to matter.",
            "an approximation",
            "They do not change at all. The result is the same but for rounding.",
        ),
        Mistake(
            "The new token does not look at them.",
            "the mask turned round",
            "It does, at all of them. That is what they are kept for.",
        ),
    ),
)

logits = np.log([0.5, 0.3, 0.2])
TOP_P = Number(
    name="top-p",
    ask=(
        "Three words have the chances 0.5, 0.3 and 0.2. Top-p keeps the likeliest that have 0.7 "
        "together. What is the largest chance then, to two digits?"
    ),
    number=token_weights(logits, top_p=0.7).max(),
    because="Two words are kept, since one has less than 0.7. They share the whole, 5 to 3.",
    mistakes=(
        Mistake(0.5, "not normalised", "Then the chances would sum to 0.8."),
        Mistake(
            0.5 + 0.2, "all to the best", "What is taken from the third is shared by both others."
        ),
        Mistake(1, "one too few", "One word has 0.5, which is less than 0.7: take another."),
        Mistake(
            0.5 + 0.2 / 2, "shared evenly", "The whole is shared in proportion, not in equal parts."
        ),
    ),
)


class _Counted:
    """A model without words that counts its passes."""

    def __init__(self):
        self.passes = 0

    def extend(self, tokens, cache):
        self.passes += 1
        return np.zeros((len(tokens), 2)), cache


counted = _Counted()
generate(counted, [0] * 50, 10)
PASSES = Number(
    name="passes",
    ask=(
        "A prompt of 50 words is read and 10 words are written after it. How many times does "
        "the model run?"
    ),
    number=counted.passes,
    because="One pass reads the whole prompt and rates the first word; each other word needs one.",
    mistakes=(
        Mistake(60, "prompt word by word", "The prompt is known whole: one pass reads all of it."),
        Mistake(
            11, "one too many", "The pass that reads the prompt already rates the first new word."
        ),
        Mistake(1, "all at once", "A word that is not written yet cannot be read."),
    ),
)

QUESTIONS = (
    CACHED_ROWS,
    PASSES,
    HOT,
    WHY_KEPT,
    TOP_P,
)
