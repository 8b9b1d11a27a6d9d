"""A small language in which "it" has a meaning: sentences such as

    the dog crossed the road because it was hungry
    because it was wide the road was crossed by the dog yesterday

An animal, a verb, a place and a reason. The adjective of the reason fits either animals or places,
and so it says which of the two nouns "it" means. There are 36,864 sentences; none is stored.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

STOP = "."  # ends a sentence, and fills a row up to its length
ANIMALS = ("dog", "cat", "horse", "fox", "bird", "mouse", "goat", "cow")
VERBS = ("crossed", "left", "visited", "found", "passed", "reached")
PLACES = ("road", "river", "field", "bridge", "street", "garden", "path", "park")
OF_ANIMALS = ("hungry", "tired", "scared", "curious", "happy", "thirsty")
OF_PLACES = ("wide", "narrow", "long", "dark", "empty", "green")
VOCABULARY = (
    *(STOP, "the", "because", "it", "was", "by", "yesterday"),
    *(*ANIMALS, *VERBS, *PLACES, *OF_ANIMALS, *OF_PLACES),
)
LENGTH = 12  # of the longest sentence, in words


@dataclass(frozen=True)
class Sentence:
    """What is said, and in which order.

    >>> sentence = Sentence("dog", "crossed", "road", "wide", passive=True, yesterday=True)
    >>> print(sentence)
    the road was crossed by the dog because it was wide yesterday
    >>> sentence.meant
    'road'
    """

    animal: str
    verb: str
    place: str
    adjective: str
    passive: bool = False
    reason_first: bool = False
    yesterday: bool = False

    def __str__(self):
        reason = f"because it was {self.adjective}"
        fact = f"the {self.animal} {self.verb} the {self.place}"
        if self.passive:
            fact = f"the {self.place} was {self.verb} by the {self.animal}"
        said = [reason, fact] if self.reason_first else [fact, reason]
        return " ".join(said + ["yesterday"] * self.yesterday)

    @property
    def meant(self):
        """The noun that "it" means."""
        return self.animal if self.adjective in OF_ANIMALS else self.place

    @property
    def is_test(self):
        """Whether it is kept to test with: one in eight combinations of animal, verb and place."""
        places = ((ANIMALS, self.animal), (VERBS, self.verb), (PLACES, self.place))
        return sum(words.index(word) for words, word in places) % len(PLACES) == 0


CHOICES = (ANIMALS, VERBS, PLACES, OF_ANIMALS + OF_PLACES, *[(False, True)] * 3)


def every_sentence():
    """Go through all sentences of the language.

    >>> sum(sentence.is_test for sentence in every_sentence())
    4608
    """
    return (Sentence(*choice) for choice in product(*CHOICES))


def draw(rng, count, *, test=False):
    """Draw sentences to learn from, or with test=True such as are never learned from: a list.

    >>> [str(sentence) for sentence in draw(np.random.default_rng(0), count=1)]
    ['the goat found the street because it was curious']
    """
    drawn = []
    while len(drawn) < count:
        sentence = Sentence(*(choices[rng.integers(len(choices))] for choices in CHOICES))
        if sentence.is_test == test:
            drawn.append(sentence)
    return drawn


def parse(text):
    """Find the sentence that a text is: -> Sentence, or None if the language has no such text.

    >>> parse("the dog crossed the road because it was wide").meant
    'road'
    >>> parse("the road crossed the dog because it was wide") is None
    True
    """
    words = str(text).split()
    kinds = [next((word for word in words if word in choices), None) for choices in CHOICES[:4]]
    flags = "by" in words, words[:1] == ["because"], words[-1:] == ["yesterday"]
    sentence = Sentence(*kinds, *flags)
    return sentence if None not in kinds and str(sentence).split() == words else None


def encode(texts, length=LENGTH):
    """Turn texts into tokens, each row filled up with stops: (len(texts), length), integers.

    Raises: ValueError for a word that the language does not have and a text that is too long.

    >>> encode(["the dog", "it was"], length=3)
    array([[1, 7, 0],
           [3, 4, 0]])
    """
    tokens = np.zeros((len(texts), length), dtype=int)
    for row, text in zip(tokens, texts, strict=True):
        words = str(text).split()
        if len(words) > length:
            raise ValueError(f"a text must have at most {length} words, got {len(words)}: {text}")
        for place, word in enumerate(words):
            if word not in VOCABULARY:
                raise ValueError(f"a word must be in the vocabulary, got {word!r}")
            row[place] = VOCABULARY.index(word)
    return tokens


def decode(tokens):
    """Turn tokens (L,) into a text, up to its first stop.

    >>> decode([1, 7, 0, 0])
    'the dog'
    """
    words = [VOCABULARY[token] for token in tokens]
    return " ".join(words[: words.index(STOP)] if STOP in words else words)
