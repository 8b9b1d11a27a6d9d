"""Questions of the chapter 08-position."""

import numpy as np

from attention import rotary_positional_encoding, sinusoidal_positional_encoding
from attention.exercises.question import Choice, Mistake, Number

ORDER = Choice(
    name="order",
    ask=(
        "The words of a sentence are shuffled. There is no mask, and nothing tells positions. "
        "What does self-attention give?"
    ),
    right="The same outputs, shuffled alike.",
    because=(
        "Every word meets every word, in whatever order they stand. With a causal mask it would "
        "not be so: there a word meets only those before it."
    ),
    mistakes=(
        Mistake(
            "The same outputs in the old order.",
            "invariance for equivariance",
            "Each output belongs to a query, and the queries have moved.",
        ),
        Mistake(
            "Other outputs.",
            "order taken for granted",
            'Without positions "dog bites man" and "man bites dog" are one bag of words.',
        ),
    ),
)

FIRST_ROW = Number(
    name="first-row",
    ask=(
        "What do the components of the sinusoidal encoding of position 0 sum to, for `d_model` 6?"
    ),
    number=sinusoidal_positional_encoding(1, 6).sum(),
    because=("At position 0 each sine is 0 and each cosine is 1. There are 3 of each."),
    mistakes=(
        Mistake(0, "cosines forgotten", "Half of the components are cosines, which begin at 1."),
        Mistake(6, "sines forgotten", "Half of the components are sines, which begin at 0."),
        Mistake(
            sinusoidal_positional_encoding(2, 6)[1].sum(),
            "counted from 1",
            "That is the second position. The first one is 0.",
        ),
    ),
)

DISTANCE = Choice(
    name="distance",
    ask=(
        "A query and a key both move 100 words on. Their words and the learned $W_q$ and $W_k$ "
        "stay as they are. Which score is sure to stay the same?"
    ),
    right="That of rotary positions.",
    because="Both are turned by the same additional angle, which a dot product does not notice.",
    mistakes=(
        Mistake(
            "That of sinusoids added to the words.",
            "before the projections",
            "Only $P_t \\cdot P_u$ knows the distance alone; $W_q$ and $W_k$ come between.",
        ),
        Mistake(
            "That of learned positions.",
            "a table taken for a rule",
            "Each position has a row of its own, and rows owe each other nothing.",
        ),
    ),
)


def _turned_score(query, key, query_position, key_position):
    vectors = rotary_positional_encoding(
        np.array([query, key], dtype=float), [query_position, key_position]
    )
    return vectors[0] @ vectors[1]


ROTARY_SCORE = Number(
    name="rotary-score",
    ask=(
        "Query $(2, 0)$ stands at position 5, key $(3, 0)$ at position 4. With rotary positions "
        "and `d_k` 2, what is their score, not yet scaled, to two digits?"
    ),
    number=_turned_score((2, 0), (3, 0), 5, 4),
    because=r"They are one word apart, so their angle is one radian: $2 \cdot 3 \cdot \cos 1$.",
    mistakes=(
        Mistake(2 * 3, "positions forgotten", "So it is where both stand at one position."),
        Mistake(
            _turned_score((2, 0), (3, 0), 5, -4),
            "positions added",
            "Their distance counts, and it is 1, not 9.",
        ),
        Mistake(
            2 * 3 * np.sin(1), "sine for cosine", "At distance 0 the score would then be nothing."
        ),
    ),
)

HOW_ADDED = Choice(
    name="how-added",
    ask="How does the encoding enter the model of the paper?",
    right="It is added to the vector of the word.",
    because=("The sum goes through the projections, so it reaches queries and keys."),
    mistakes=(
        Mistake(
            "It is appended to the vector of the word.",
            "more components",
            "The vector keeps its `d_model` components.",
        ),
        Mistake(
            "It is added to the scores.",
            "a bias on the scores",
            "Other models do so. This one adds it at the input.",
        ),
    ),
)

QUESTIONS = (
    ORDER,
    FIRST_ROW,
    DISTANCE,
    ROTARY_SCORE,
    HOW_ADDED,
)
