"""A small reader, which learns what "it" means in the sentences of a small language.

An encoder of two blocks with one head each reads a whole sentence. At "it" it is to name the noun
that is meant. trained() is the reader whose parameters benchmarks/reader.py has learned and kept.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from attention.blocks import Sizes
from attention.learning.sentences import VOCABULARY, encode

IT = VOCABULARY.index("it")
SIZES = Sizes(d_model=16, num_heads=1, d_ff=32, pre_norm=True)
STORED = Path(__file__).with_name("reader.json")


class Examples(NamedTuple):
    """Sentences as training takes them: the noun that is meant is the target at "it"."""

    tokens: np.ndarray  # (count, LENGTH)
    marked: np.ndarray  # (count, LENGTH), True at "it" alone
    targets: np.ndarray  # (count, LENGTH), the tokens with the noun in place of "it"


def examples(sentences):
    """Turn sentences into Examples."""
    tokens = encode(sentences)
    meant = np.array([VOCABULARY.index(sentence.meant) for sentence in sentences])
    marked = tokens == IT
    return Examples(tokens, marked, np.where(marked, meant[:, np.newaxis], tokens))
