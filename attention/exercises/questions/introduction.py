"""Questions of the chapter 00-introduction."""

import numpy as np

from attention import attention_weights
from attention.exercises.question import Choice, Mistake, Number

WAITING = Choice(
    name="waiting",
    ask="Why can a recurrent network not compute its tenth state first?",
    right="The tenth state needs the ninth, and so on back to the first.",
    because=("Each state is made from the one before, so the chain is as long as the sentence."),
    mistakes=(
        Mistake(
            "The tenth word is not known yet.",
            "input taken for state",
            "All words are there. It is the state before that is missing.",
        ),
        Mistake(
            "It has too few parameters.",
            "size taken for order",
            "More parameters change what a step computes, not what it waits for.",
        ),
    ),
)

PAIRS = Number(
    name="pairs",
    ask=("One layer of attention reads 12 words. How many scores does it compute?"),
    number=attention_weights(np.ones((12, 2)), np.ones((12, 2))).size,
    because="Every word is compared with every word, itself included.",
    mistakes=(
        Mistake(
            12, "one score a word", "Each word has a score with each of the words, a whole row."
        ),
        Mistake(
            12 * 11 / 2,
            "each pair once",
            "The score of query and key is another when the two change places.",
        ),
        Mistake(12 * 11, "without itself", "A word also attends to itself."),
    ),
)

PARALLEL = Choice(
    name="parallel",
    ask='Which of these does "in parallel" hold for?',
    right="The positions of one layer, when the text is known, as in training.",
    because="No output of a layer waits for another output of the same layer.",
    mistakes=(
        Mistake(
            "The tokens of a text that a model writes.",
            "training taken for writing",
            ("Each new token depends on the ones written before, so they come one at a time."),
        ),
        Mistake(
            "The layers of a model.",
            "positions taken for layers",
            ("A layer reads what the layer below has computed, so layers wait for each other."),
        ),
    ),
)

QUESTIONS = (
    WAITING,
    PAIRS,
    PARALLEL,
)
