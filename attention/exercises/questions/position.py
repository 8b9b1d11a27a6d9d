"""Questions of the chapter 08-position."""

import math

from attention import sinusoidal_positional_encoding
from attention.exercises.question import Choice, Mistake, Number

ORDER = Choice(
    name="order",
    ask=(
        "The words of a sentence are shuffled, and nothing tells their positions. "
        "What does self-attention give?"
    ),
    right="The same outputs, shuffled alike.",
    because="Every word meets every word, in whatever order they stand.",
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

FIRST_COMPONENT = Number(
    name="first-component",
    ask="What is the first component of position 1, to two digits?",
    number=sinusoidal_positional_encoding(2, 6)[1, 0],
    because=r"The first pair turns fastest, and its sine is $\sin 1$.",
    mistakes=(
        Mistake(
            sinusoidal_positional_encoding(2, 6)[1, 1],
            "sine and cosine exchanged",
            r"That is $\cos 1$, the second component.",
        ),
        Mistake(math.sin(math.radians(1)), "degrees for radians", "Angles are in radians."),
        Mistake(
            sinusoidal_positional_encoding(1, 6)[0, 0], "counted from 1", "That is position 0."
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
    FIRST_COMPONENT,
    HOW_ADDED,
)
