"""Questions of the chapter 04-numeric-example."""

from attention import attention_steps, attention_weights
from attention.exercises.question import Choice, Mistake, Number

steps = attention_steps([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]])
SECOND_SCORE = Number(
    name="second-score",
    ask="What is the score of the query $(3, 4)$ with the key $(2, 3)$?",
    number=steps.scores[0, 1],
    because=r"It is $3 \cdot 2 + 4 \cdot 3$.",
    mistakes=(
        Mistake(steps.scores[0, 0], "the other key", "That is the score with $(1, 2)$."),
        Mistake(
            steps.scaled_scores[0, 1],
            "scaled already",
            r"That is the next step, divided by $\sqrt 2$.",
        ),
        Mistake((3 + 4) * (2 + 3), "sums before products", "Components meet one by one."),
    ),
)

query, key = [[3, 4]], [[1, 2], [2, 3]]
SECOND_WEIGHT = Number(
    name="second-weight",
    ask=(
        "The scores are 11 and 18, and $d_k = 2$. What is the weight of the "
        "second key, to two digits?"
    ),
    number=attention_weights(query, key)[0, 1],
    within=0.005,
    because=r"It is $1/(1 + e^{-7/\sqrt 2})$.",
    mistakes=(
        Mistake(
            18 / (11 + 18),
            "no exponential",
            ("That is the score's share of the sum. Softmax takes the share of the exponential."),
        ),
        Mistake(
            0.8,
            "the guide's assumption",
            r"The guide assumes it. No division by $\sqrt{2}$ gives it.",
        ),
        Mistake(
            attention_weights(query, key, scale=1 / 2)[0, 1],
            "/ d_k",
            "You divided by 2, not by its square root.",
        ),
    ),
)

NOT_SYMMETRIC = Choice(
    name="not-symmetric",
    ask=(r"Why does it not show when the guide's example takes $K$ for $K^\top$?"),
    right="Its $K$ is symmetric.",
    because=("Rows and columns are the same there. With other keys the scores differ."),
    mistakes=(
        Mistake(
            "The product is the same for every $K$.",
            "a transpose without effect",
            "With another $K$ the scores mix components of different keys.",
        ),
        Mistake(
            "The softmax makes up for it.",
            "softmax as a repair",
            "Softmax knows nothing of keys. Wrong scores give wrong weights.",
        ),
    ),
)

QUESTIONS = (
    SECOND_SCORE,
    SECOND_WEIGHT,
    NOT_SYMMETRIC,
)
