"""Questions of the chapter 09-transformer."""

import numpy as np

from attention import layer_norm
from attention.exercises.question import Choice, Mistake, Number

NORM = Number(
    name="norm",
    ask=(
        "A word is $(1, 3, 1, 3)$. What is its second component after layer "
        "normalisation, with gain 1 and bias 0?"
    ),
    number=layer_norm([[1.0, 3, 1, 3]], np.ones(4), np.zeros(4))[0, 1],
    because="The mean is 2 and the deviation 1.",
    mistakes=(
        Mistake(3, "nothing normalised", "The mean of the word is subtracted first."),
        Mistake(
            (3 - 2) / np.std([1, 3, 1, 3], ddof=1),
            "ddof=1",
            "The variance is a plain mean of squares.",
        ),
        Mistake(
            0,
            "over the wrong axis",
            "A word is normalised over its own components, not over the words.",
        ),
    ),
)

BETWEEN = Choice(
    name="between",
    ask=("Which part of a block moves information from one position to another?"),
    right="Attention alone.",
    because=(
        "Feed-forward layer, residual connection and normalisation treat each position by itself."
    ),
    mistakes=(
        Mistake(
            "The feed-forward layer.",
            "components taken for positions",
            "It mixes the components of one position, and meets no other.",
        ),
        Mistake(
            "Normalisation.",
            "over the wrong axis",
            "Layer normalisation works within one position.",
        ),
        Mistake(
            "The residual connection.",
            "a sum taken for an average",
            "It adds to each position what stood at the same one.",
        ),
    ),
)

STREAM = Choice(
    name="stream",
    ask=(
        "In a pre-norm block a sublayer returns zeros for every word. What becomes of the stream?"
    ),
    right="It stays as it was.",
    because="A sublayer is added to its input, and here it adds nothing.",
    mistakes=(
        Mistake(
            "It becomes zero.",
            "residual forgotten",
            "The input of the sublayer is kept: what it returns is added to it.",
        ),
        Mistake(
            "It is normalised.",
            "norm on the stream",
            "With pre-norm the norm stands before the sublayer, on its own branch.",
        ),
    ),
)

PARAMETERS = Number(
    name="parameters",
    ask=(
        "A layer has `d_model` 4. How many numbers do its four projections $W_q$, "
        "$W_k$, $W_v$ and $W_o$ hold together, without biases?"
    ),
    number=4 * np.ones((4, 4)).size,
    because=(
        "Each is a square matrix with 4 rows and 4 columns. The number of heads does not matter."
    ),
    mistakes=(
        Mistake(3 * np.ones((4, 4)).size, "no W_o", "The output has a projection too."),
        Mistake(
            4 * 4,
            "vectors for matrices",
            "A projection is a matrix, with `d_model` times `d_model` numbers.",
        ),
    ),
)

CROSS = Choice(
    name="cross",
    ask=("In the decoder's cross-attention, what comes from the encoder's memory?"),
    right="Keys and values.",
    because="The target asks, and looks for an answer in the source.",
    mistakes=(
        Mistake("Queries.", "roles exchanged", "Then the source would look into the target."),
        Mistake(
            "Values alone.",
            "keys of the target",
            "What is found in the memory has to be found by keys of the memory.",
        ),
    ),
)

QUESTIONS = (
    NORM,
    BETWEEN,
    STREAM,
    PARAMETERS,
    CROSS,
)
