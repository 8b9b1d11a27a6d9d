"""Questions of the chapter 03-breakdown."""

import numpy as np

from attention import attention_steps, softmax
from attention.exercises.question import Choice, Mistake, Number

query, key = [[1, 0, 2, 1]], [[2, 5, 1, 1]]
steps = attention_steps(query, key, [[0]])
SCORE = Number(
    name="score",
    ask=("What is the score of the query $(1, 0, 2, 1)$ with the key $(2, 5, 1, 1)$?"),
    number=steps.scores.item(),
    because="It is the dot product: product by product, then the sum.",
    mistakes=(
        Mistake(
            steps.scaled_scores.item(),
            "scaled already",
            r"That is step 2, where the score is divided by $\sqrt{d_k}$.",
        ),
        Mistake(
            np.sum(query) * np.sum(key),
            "sums before products",
            "Components meet one by one. The zero hides the 5 from this query.",
        ),
        Mistake(
            np.sum(np.add(query, key)),
            "sums for products",
            "In a dot product components are multiplied, then added.",
        ),
    ),
)

SHARE = Number(
    name="share",
    ask=("Two scaled scores differ by 1. What is the larger weight, to two digits?"),
    number=softmax([0.0, 1.0]).max(),
    because="It is $e/(e + 1)$. Only the difference counts.",
    mistakes=(
        Mistake(
            softmax([0.0, 1.0]).min(),
            "the other weight",
            "That is the smaller one. The two sum to 1.",
        ),
        Mistake(1, "hard maximum", "Softmax leaves something to the others."),
        Mistake(0.5, "plain average", "Equal weights come from equal scores."),
    ),
)

SHIFT = Choice(
    name="shift",
    ask=("100 is added to all scores of one query. What happens to its weights?"),
    right="Nothing.",
    because=(
        "Numerator and denominator grow by the same factor. That is why the "
        "largest score may be subtracted."
    ),
    mistakes=(
        Mistake(
            "They grow, all alike.",
            "weights without a sum",
            "They sum to 1 before and after, so they cannot all grow.",
        ),
        Mistake(
            "The largest one comes closer to 1.",
            "shift taken for scale",
            "Multiplying the scores would do that. Adding does not.",
        ),
    ),
)

NOT_A_NUMBER = Choice(
    name="not-a-number",
    ask="The scores of a query are 2000 and 1999, and its weights are NaN. What went wrong?",
    right="The exponentials overflowed.",
    because=(
        "Both are infinite, and infinity by infinity is NaN. Subtract the larger score first: the "
        "weights are those of 0 and $-1$."
    ),
    mistakes=(
        Mistake(
            "The mask hid both keys.",
            "a mask suspected",
            "A mask makes scores of $-\\infty$. These are large.",
        ),
        Mistake(
            "Softmax is not defined for scores so large.",
            "the formula blamed",
            "It is: the weights are 0.73 and 0.27. Only the way of computing them fails.",
        ),
    ),
)

QUESTIONS = (
    SCORE,
    SHARE,
    SHIFT,
    NOT_A_NUMBER,
)
