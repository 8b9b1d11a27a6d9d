"""A small reader, which learns what "it" means in the sentences of attention.learning.sentences.

An encoder of two blocks, one head each, reads a sentence and writes it again with the noun that is
meant in place of "it". trained() is the one that benchmarks/reader.py has trained and stored.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from attention.blocks import Sizes
from attention.learning.sentences import STOP, VOCABULARY, draw, encode
from attention.learning.training import Settings, State, train
from attention.parameters import parameters, with_parameters
from attention.transformer import EncoderOnly

SIZES = Sizes(d_model=12, num_heads=1, d_ff=24, pre_norm=True)
STEPS = 1000
DIGITS = 3  # behind the point of what is stored
STORED = Path(__file__).with_name("reader.json")
IT, PADDING = VOCABULARY.index("it"), VOCABULARY.index(STOP)


class Examples(NamedTuple):
    """Sentences as training takes them."""

    tokens: np.ndarray  # (count, LENGTH)
    marked: np.ndarray  # (count, LENGTH), True at words, False at the padding behind them
    targets: np.ndarray  # (count, LENGTH), the tokens with the noun that is meant in place of "it"


def examples(sentences):
    """Turn sentences into Examples.

    >>> from attention.learning.sentences import decode
    >>> tokens, marked, targets = examples(draw(np.random.default_rng(0), count=1))
    >>> decode(tokens[0]), decode(targets[0])[-24:]
    ('the goat found the street because it was curious', 'because goat was curious')
    """
    tokens = encode(sentences)
    meant = np.array([[VOCABULARY.index(sentence.meant)] for sentence in sentences])
    return Examples(tokens, tokens != PADDING, np.where(tokens == IT, meant, tokens))


def start(seed=0, num_layers=2):
    """Return the State of a reader that has learned nothing.

    >>> start().taken
    0
    """
    rng = np.random.default_rng(seed)
    model = EncoderOnly.init(rng, SIZES, vocabulary=len(VOCABULARY), num_layers=num_layers)
    return State.start(model, Settings(peak_rate=5e-3, warmup=100, seed=seed))


def learn(state, until=STEPS):
    """Let a reader learn until so many steps are taken in all, from wherever it is: -> State.

    >>> len(learn(start(), until=2).losses)
    2
    """
    tokens, marked, targets = examples(draw(np.random.default_rng(1), 20_000))
    return train(state, tokens, marked, targets=targets, until=until, progress=False)


class Reading(NamedTuple):
    """What a reader makes of one text of L words."""

    words: list
    maps: np.ndarray  # (blocks, H, L, L), the attention weights; rows are queries
    written: list  # the text again, each word the most probable one

    @property
    def noun(self):
        """What the reader writes in place of "it"."""
        return self.written[self.words.index("it")]


def look(model, text):
    """Read a text: -> Reading.

    >>> reading = look(trained(), "the dog crossed the road because it was wide")
    >>> reading.noun, reading.maps.shape
    ('road', (2, 1, 9, 9))
    """
    words = str(text).split()
    steps = model.steps(encode([text], length=len(words)))
    maps = np.stack([block.attention.sublayer.weights[0] for block in steps.blocks])
    return Reading(words, maps, [VOCABULARY[token] for token in steps.logits[0].argmax(axis=-1)])


def trained():
    """Return the reader that is stored beside this module.

    >>> look(trained(), "because it was tired the cat left the park").noun
    'cat'
    """
    named = json.loads(STORED.read_text(encoding="utf-8"))["parameters"]
    return with_parameters(start().model, {name: np.array(x) for name, x in named.items()})


def as_json(model):
    """Write a reader down, one row of numbers a line, with all that is needed to run it.

    >>> as_json(trained()) == STORED.read_text(encoding="utf-8")
    True
    """
    head = {
        "vocabulary": VOCABULARY,
        "padding": model.padding,
        "d_model": SIZES.d_model,
        "num_heads": SIZES.num_heads,
        "eps": model.final_norm.eps,
    }
    lines = [f'"{name}": {json.dumps(x)}' for name, x in head.items()]
    rounded = {name: x.round(DIGITS) + 0.0 for name, x in parameters(model).items()}  # no -0.0
    arrays = [f'"{name}": {_rows(x.tolist())}' for name, x in rounded.items()]
    joined = [",\n".join(part) for part in (lines, arrays)]
    return f'{{\n{joined[0]},\n"parameters": {{\n{joined[1]}\n}}}}\n'


def _rows(x):
    """Write a matrix with one row a line."""
    return json.dumps(x).replace("], [", "],\n[")
