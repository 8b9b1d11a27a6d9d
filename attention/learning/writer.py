"""A text to learn writing from: a sentence, and then what "it" was.

    the dog crossed the road because it was wide . the road was wide .

Whoever writes the second sentence right has read the first. A text begins with the stop that ends
the one before; the sentences are those of attention.learning.sentences.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from attention import DecoderOnly, Sizes
from attention.learning.sentences import (
    ANIMALS,
    LENGTH,
    OF_ANIMALS,
    OF_PLACES,
    PLACES,
    STOP,
    VOCABULARY,
    draw,
    encode,
    parse,
)
from attention.parameters import parameters, with_parameters

WORDS = LENGTH + 7  # of the longest text: its second sentence has 4, and there are 3 stops
SIZES = Sizes(d_model=32, num_heads=4, d_ff=64, pre_norm=True)
DIGITS = 3  # behind the point of what is stored
STORED = Path(__file__).with_name("writer.json")
KINDS = ((ANIMALS, OF_ANIMALS), (PLACES, OF_PLACES))  # nouns, and the adjectives that fit them


class Judgement(NamedTuple):
    """What is right about a text; each asks more than the one before.

    The grammar asks for a sentence of the language, then for "the", a noun, "was", an adjective.
    """

    is_grammatical: bool
    fits: bool  # and the adjective fits the noun
    is_meant: bool  # and noun and adjective are those of the first sentence


def tell(sentence):
    """Say a sentence, and what "it" was.

    >>> from attention.learning.sentences import Sentence
    >>> tell(Sentence("dog", "crossed", "road", "wide"))
    'the dog crossed the road because it was wide . the road was wide .'
    """
    return f"{sentence} {STOP} the {sentence.meant} was {sentence.adjective} {STOP}"


def judge(text):
    """Say what is right about a text: -> Judgement.

    >>> judge("the dog crossed the road because it was wide . the river was wide .")
    Judgement(is_grammatical=True, fits=True, is_meant=False)
    """
    first, _, second = text.partition(f" {STOP} ")
    sentence, words = parse(first), second.split()
    kinds = [kind for kind in KINDS if len(words) == 5 and words[1] in kind[0]]
    adjectives = [word for _, fitting in KINDS for word in fitting]
    is_grammatical = bool(
        sentence
        and kinds
        and [words[0], words[2], words[4]] == ["the", "was", STOP]
        and words[3] in adjectives
    )
    fits = is_grammatical and words[3] in kinds[0][1]
    return Judgement(is_grammatical, fits, fits and text == tell(sentence))


def draw_tokens(rng, count):
    """Draw texts to learn from, as tokens (count, WORDS).

    >>> draw_tokens(np.random.default_rng(0), count=5).shape
    (5, 19)
    """
    return encode([f"{STOP} {tell(sentence)}" for sentence in draw(rng, count)], length=WORDS)


def texts(tokens):
    """Turn rows of tokens (count, length) into texts, each up to its second stop, if it has one.

    >>> texts(encode([". the dog . the road . the"], length=9))
    ['the dog . the road .']
    """
    return [_text([VOCABULARY[token] for token in row[1:]]) for row in np.asarray(tokens)]


def untrained(seed):
    """Draw the model that learns to write.

    >>> from attention import parameter_count
    >>> parameter_count(untrained(seed=0))
    18208
    """
    rng = np.random.default_rng(seed)
    return DecoderOnly.init(rng, SIZES, vocabulary=len(VOCABULARY), num_layers=2)


def rounded(model):
    """Round a writer to what is stored: digits that every processor reads the same."""
    return with_parameters(model, {n: x.round(DIGITS) + 0.0 for n, x in parameters(model).items()})


def trained():
    """Return the writer that is stored beside this module.

    >>> trained()(encode([". the dog"], length=3)).shape
    (1, 3, 41)
    """
    named = json.loads(STORED.read_text(encoding="utf-8"))
    return with_parameters(untrained(seed=0), {n: np.array(x) for n, x in named.items()})


def as_json(model):
    """Write a rounded writer down, a parameter a line.

    >>> as_json(trained()) == STORED.read_text(encoding="utf-8")
    True
    """
    lines = (f'"{name}": {json.dumps(x.tolist())}' for name, x in parameters(model).items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _text(words):
    stops = [place for place, word in enumerate(words) if word == STOP]
    return " ".join(words[: stops[1] + 1] if len(stops) > 1 else words)
