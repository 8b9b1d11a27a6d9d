"""What a reader does inside: how much one word looks at another, and what a cut link costs.

A link is (block, query, key): in this block, from this word to that one. Words are named by their
part in the sentence: "it", the "adjective", the "noun" that is meant, the "other" noun.
"""

import numpy as np

from attention.learning.reader import IT, examples

PARTS = ("it", "adjective", "noun", "other")


def places(sentences, part):
    """Return where in each sentence a part stands: (count,).

    >>> from attention.learning.sentences import Sentence
    >>> dog = Sentence("dog", "crossed", "road", "hungry")
    >>> [int(places([dog], part)[0]) for part in PARTS]
    [6, 8, 1, 4]
    """
    words = {
        "it": lambda s: "it",
        "adjective": lambda s: s.adjective,
        "noun": lambda s: s.meant,
        "other": lambda s: s.place if s.meant == s.animal else s.animal,
    }
    return np.array([str(s).split().index(words[part](s)) for s in sentences])


def link_weights(model, sentences, link):
    """Return the attention weight of a link in each sentence, the mean of the heads: (count,).

    >>> from attention.learning.reader import trained
    >>> from attention.learning.sentences import draw
    >>> sentences = draw(np.random.default_rng(0), 100, test=True)
    >>> float(link_weights(trained(), sentences, (1, "it", "noun")).mean().round(1))
    0.8
    """
    block, query, key = link
    maps = model.steps(examples(sentences).tokens).blocks[block].attention.sublayer.weights
    rows = np.arange(len(sentences))
    return maps.mean(axis=1)[rows, places(sentences, query), places(sentences, key)]


def named(model, sentences, cut=None):
    """Return the token that is named at "it" in each sentence, perhaps with a link cut: (count,).

    >>> from attention.learning.reader import trained
    >>> from attention.learning.sentences import VOCABULARY, Sentence
    >>> dog = Sentence("dog", "crossed", "road", "hungry")
    >>> [VOCABULARY[named(trained(), [dog], cut)[0]] for cut in (None, (0, "it", "adjective"))]
    ['dog', 'road']
    """
    tokens = examples(sentences).tokens
    masks = None
    if cut is not None:
        block, query, key = cut
        mask = np.ones((len(tokens), 1, *[tokens.shape[1]] * 2), dtype=bool)
        mask[np.arange(len(tokens)), 0, places(sentences, query), places(sentences, key)] = False
        masks = [mask if i == block else True for i in range(len(model.blocks))]
    return model.steps(tokens, masks).logits.argmax(axis=-1)[tokens == IT]


def right(model, sentences, cut=None):
    """Say of each sentence whether the noun that is meant is named: (count,), boolean.

    >>> from attention.learning.reader import trained
    >>> from attention.learning.sentences import draw
    >>> sentences = draw(np.random.default_rng(0), 100, test=True)
    >>> float(right(trained(), sentences, cut=(1, "noun", "it")).mean())
    1.0
    """
    tokens, _, targets = examples(sentences)
    return named(model, sentences, cut) == targets[tokens == IT]
