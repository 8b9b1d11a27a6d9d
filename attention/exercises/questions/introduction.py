"""Questions of the chapter 00-introduction."""

import math

import numpy as np

from attention import attention_weights
from attention.exercises.question import Choice, Mistake, Number

WAITING = Choice(
    name="waiting",
    ask="Why can a recurrent network not compute its tenth state first?",
    right="The tenth state needs the ninth, and so on back to the first.",
    because="Each state is made from the one before, so the chain is as long as the sentence.",
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

WORDS = 12
PAIRS = Number(
    name="pairs",
    ask=f"Every output of a layer of attention reads every one of {WORDS} words. "
    "How many weights does the layer compute?",
    number=attention_weights(np.ones((WORDS, 2)), np.ones((WORDS, 2))).size,
    because="Each of 12 outputs has a weight for each of 12 words, its own included.",
    mistakes=(
        Mistake(WORDS, "one weight a word", "Each output has a weight for each word, a whole row."),
        Mistake(
            math.comb(WORDS, 2) + WORDS,
            "each pair once",
            'What "it" takes from "dog" is not what "dog" takes from "it": a pair has two weights.',
        ),
        Mistake(
            math.comb(WORDS, 2),
            "each pair once, without itself",
            "A pair has two weights, one in each direction, and a word looks at itself as well.",
        ),
        Mistake(math.perm(WORDS, 2), "without itself", "A word looks at itself as well."),
        Mistake(2**WORDS, "power of two", "Not sets of words are weighed, but single words."),
    ),
)

SENTENCE, WIDTH = 64, 512
CHEAPER = Number(
    name="cheaper",
    ask=f"Take the counts of Table 1 as they stand. How many times the operations of attention "
    f"are those of recurrence, for {SENTENCE} words and $d = {WIDTH}$?",
    number=SENTENCE * WIDTH**2 / (SENTENCE**2 * WIDTH),
    because=r"$n d^2 / (n^2 d) = d / n$: attention is the cheaper one while $n < d$.",
    mistakes=(
        Mistake(SENTENCE / WIDTH, "upside down", "That is attention by recurrence: $n / d$."),
        Mistake(
            SENTENCE,
            "steps for operations",
            "That is how many steps wait for each other. The operations differ by $d / n$.",
        ),
        Mistake(1, "the same", "$n^2 d$ and $n d^2$ are equal at $n = d$ alone."),
    ),
)

PARALLEL = Choice(
    name="parallel",
    ask='Which of these does "in parallel" hold for?',
    right="The positions of one layer while a prompt is read.",
    because="The prompt is known, and no output of a layer waits for another of the same layer.",
    mistakes=(
        Mistake(
            "The tokens of a text that a model writes.",
            "prefill taken for decoding",
            "Each new token depends on the ones written before, so they come one at a time.",
        ),
        Mistake(
            "The layers of a model.",
            "positions taken for layers",
            "A layer reads what the layer below has computed, so layers wait for each other.",
        ),
    ),
)

QUESTIONS = (WAITING, PAIRS, CHEAPER, PARALLEL)
