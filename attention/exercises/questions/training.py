"""Questions of the chapter 10-training."""

import math

import numpy as np

from attention import softmax
from attention.exercises.question import Choice, Mistake, Number

CHANCE_LOSS = Number(
    name="chance-loss",
    ask=("A model gives 16 tokens the same chance. What is its cross-entropy, to two digits?"),
    number=-math.log(softmax(np.zeros(16))[0]),
    because=("It is the natural logarithm of 16, the surprise at a token of chance 1/16."),
    mistakes=(
        Mistake(math.log2(16), "base 2", "That is in bits. The loss takes the natural logarithm."),
        Mistake(
            1 / 16, "chance for surprise", "That is the chance. The loss is minus its logarithm."
        ),
        Mistake(
            math.log(1 / 16),
            "no minus",
            "The logarithm of a chance is negative. The loss turns its sign.",
        ),
    ),
)

w, g = softmax([1.0, 0.0, 2.0]), np.array([3.0, -1.0, 0.5])
ZERO_SUM = Number(
    name="zero-sum",
    ask=(
        "The derivatives of a loss in the scaled scores of one query are summed. What is the sum?"
    ),
    number=round((w * (g - w @ g)).sum(), 12) + 0.0,
    because=("A constant on all scores changes no weight, so the derivatives must cancel."),
    mistakes=(
        Mistake(
            1,
            "weights taken for derivatives",
            "The weights sum to 1. What moves them sums to nothing.",
        ),
        Mistake(
            (w * g).sum(),
            "no sum term",
            (
                "You left out the sum that is subtracted. A higher score takes weight "
                "from all other keys."
            ),
        ),
    ),
)

ONE_WEIGHT = Choice(
    name="one-weight",
    ask=("One weight is exactly 1, all others 0. What gradient reaches the scores?"),
    right="None.",
    because=(
        "Each derivative has the weight as a factor, and for the weight 1 the difference is 0."
    ),
    mistakes=(
        Mistake(
            "The largest possible.",
            "certainty taken for slope",
            ("A decided softmax is flat. A small change of a score moves no weight."),
        ),
        Mistake(
            "That of the values.",
            "values taken for scores",
            "The values still learn. It is the scores that stand still.",
        ),
    ),
)

SIGNS = Number(
    name="signs",
    ask="At the first step of Adam the rate is 0.01, and a parameter has the gradient −0.0002. "
    "By how much does the parameter grow?",
    number=-0.01 * -0.0002 / math.sqrt(0.0002**2),
    because="At the first step the mean is the gradient and the root of $v$ its size: what is left "
    "is the sign, times the rate.",
    within=0.0005,
    mistakes=(
        Mistake(
            0.01 * 0.0002,
            "rate times gradient",
            "So it would be without the division by the root of $v$.",
        ),
        Mistake(-0.01, "uphill", "The step goes against the gradient, to where the loss falls."),
        Mistake(0.01 / 0.0002, "division alone", "The numerator holds the gradient too."),
    ),
)

UNSEEN = Choice(
    name="unseen",
    ask="Why is no animal, verb and place of a sentence to test with learned together?",
    right="A model could know by heart what it should find out by reading.",
    because="Only on facts that it has never seen must it use the adjective and the nouns.",
    mistakes=(
        Mistake(
            "Training would take longer.",
            "time taken for meaning",
            "It would take the same time, and say nothing about reading.",
        ),
        Mistake(
            "The loss would not fall.",
            "a harder task expected",
            "It would fall, perhaps faster. It would only mean less.",
        ),
    ),
)

WHICH_SEED = Choice(
    name="which-seed",
    ask='In the last block of one model "it" gives 0.93 of its attention to "hungry", in that of '
    'another 0.85 to "dog". Both always name the right noun. Which of the two answers is explained '
    "by its map?",
    right="Neither, before a link was cut.",
    because="A map says what is mixed in. Which part of it the answer needs, only a cut can say.",
    mistakes=(
        Mistake(
            "The second: it looks at its answer.",
            "a map that fits taken for a cause",
            "That it looks at the dog and that it answers the dog may still be two things.",
        ),
        Mistake(
            "The first: the adjective decides.",
            "what you know taken for what it does",
            "That the adjective decides, you know. The map does not say that this link brings it.",
        ),
        Mistake(
            "Both: a weight above 0.8 is a reason.",
            "size taken for cause",
            "In this chapter a link of weight 0.16 carries every answer about an animal.",
        ),
    ),
)

ONE_BLOCK = Choice(
    name="one-block",
    ask="Why can one block learn the sentences but not the lookup of letters and numbers?",
    right="A number's key does not hold its letter before a block has put it there.",
    because="The question must find the number by the letter before it: copy first, then look.",
    mistakes=(
        Mistake(
            "It has too few parameters.",
            "size taken for depth",
            "More parameters in one block leave the key of a number without its letter.",
        ),
        Mistake(
            "Its attention sees too few positions.",
            "depth taken for reach",
            "Each position of one block reaches all positions that it may see.",
        ),
        Mistake(
            "Lists are longer than sentences.",
            "length taken for depth",
            "One block fails at the first question, and would at a shorter list.",
        ),
    ),
)

QUESTIONS = (CHANCE_LOSS, ZERO_SUM, ONE_WEIGHT, SIGNS, UNSEEN, WHICH_SEED, ONE_BLOCK)
