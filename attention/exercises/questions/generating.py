"""Questions of the chapter 11-generating."""

import numpy as np

from attention import attention_weights, softmax
from attention.exercises.question import Choice, Mistake, Number

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
TOP_K = Number(
    name="top-k",
    ask=(
        "Top-k keeps the two largest of the chances 0.5, 0.3 and 0.2. What is the "
        "largest chance then, to two digits?"
    ),
    number=softmax(np.where(logits >= np.log(0.3), logits, -np.inf)).max(),
    because="The two share the whole in the same proportion, 5 to 3.",
    mistakes=(
        Mistake(0.5, "not normalised", "Then the chances would sum to 0.8."),
        Mistake(0.5 + 0.2, "all to the best", "What is taken from the last is shared by both."),
        Mistake(
            0.5 + 0.2 / 2, "shared evenly", "The whole is shared in proportion, not in equal parts."
        ),
    ),
)

QUESTIONS = (
    CACHED_ROWS,
    HOT,
    WHY_KEPT,
    TOP_K,
)
