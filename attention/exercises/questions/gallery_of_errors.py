"""Questions of the chapter 13-gallery-of-errors."""

import numpy as np

from attention import softmax
from attention.exercises.question import Choice, Mistake, Number

MISSING_WEIGHT = Number(
    name="missing-weight",
    ask=(
        "Five keys have equal scores, two of them are hidden after the softmax "
        "instead of before. What does the row of weights sum to?"
    ),
    number=softmax(np.zeros(5))[:3].sum(),
    because="Each of the two has taken a fifth with it.",
    mistakes=(
        Mistake(
            1, "mask before the softmax", "That would be right, and is what the test asks for."
        ),
        Mistake(softmax(np.zeros(5))[:2].sum(), "the hidden share", "That is what is missing."),
    ),
)

TOO_GOOD = Choice(
    name="too-good",
    ask=(
        "A model that foretells the next token is suddenly almost perfect. What "
        "do you suspect first?"
    ),
    right="A causal mask that is one step too far.",
    because="Then each position reads the very token that it should foretell.",
    mistakes=(
        Mistake(
            "A missing scale.",
            "any mistake will do",
            "That makes learning harder. It shows no token that should be hidden.",
        ),
        Mistake(
            "A dropped residual connection.",
            "loss taken for gain",
            "That loses information. It cannot bring any.",
        ),
    ),
)

SYMMETRIC = Choice(
    name="symmetric",
    ask="Which test inputs would not show a missing transpose of $K$?",
    right="A symmetric $K$.",
    because="It equals its transpose, as in the guide's example.",
    mistakes=(
        Mistake(
            "More keys than components.",
            "shapes let pass",
            "Then the product of $Q$ and $K$ has no meaning, and raises an error.",
        ),
        Mistake(
            "Random keys, as many as components.",
            "chance taken for symmetry",
            "The shapes fit, and the numbers differ. A comparison shows it.",
        ),
    ),
)

FLAT = Choice(
    name="flat",
    ask=(
        "All weights of a model with long vectors are nearly equal from the "
        "start. Which mistake fits?"
    ),
    right="The scores were divided by $d_k$.",
    because=("Their variance is then $1/d_k$, almost nothing, and equal scores get equal weights."),
    mistakes=(
        Mistake(
            "The scores were not divided at all.",
            "the scale turned round",
            "Then one weight would take nearly all.",
        ),
        Mistake(
            "The softmax ran over the queries.",
            "axis taken for scale",
            "Then rows would not sum to 1. They would not be flat.",
        ),
    ),
)

QUESTIONS = (
    MISSING_WEIGHT,
    TOO_GOOD,
    SYMMETRIC,
    FLAT,
)
