"""Associative recall: a list of letters with their numbers, then letters again, to be answered.

A dictionary lookup, which nobody programs here: a model learns it from examples. In the sequence

    c 5  a 7  e 5   e 5  c 5  a 7

three pairs are given, then three letters are asked, each to be answered by its number. A letter
comes once among the pairs, and is asked once.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Recall:
    """The task and its tokens: letters are 0 ... letters - 1, numbers follow up to vocabulary - 1.

    >>> task = Recall(letters=5, numbers=10, pairs=3)
    >>> task.draw(np.random.default_rng(0), count=1)
    array([[2, 5, 4, 5, 3, 6, 4, 5, 3, 6, 2, 5]])
    """

    letters: int = 16
    numbers: int = 16
    pairs: int = 6

    def __post_init__(self):
        if not 1 <= self.pairs <= self.letters or self.numbers < 1:
            raise ValueError(
                "pairs must lie between 1 and letters and numbers must be at least 1, got "
                f"pairs {self.pairs}, letters {self.letters}, "
                f"numbers {self.numbers}"
            )

    @property
    def vocabulary(self):
        return self.letters + self.numbers

    @property
    def answers(self):
        """Say which of the targets tokens[:, 1:] are answers: (4 * pairs - 1,), boolean."""
        place = np.arange(1, 4 * self.pairs)
        return (place > 2 * self.pairs) & (place % 2 == 1)

    @property
    def written(self):
        """Say which of the targets are questions or answers, for a model that writes both."""
        return np.arange(1, 4 * self.pairs) >= 2 * self.pairs

    def draw(self, rng, count):
        """Draw sequences of so many pairs and as many questions: (count, 4 * pairs)."""
        letters = _in_any_order(rng, count, self.letters)[:, : self.pairs]
        numbers = self.letters + rng.integers(self.numbers, size=letters.shape)
        given = np.stack([letters, numbers], axis=-1)
        asked = _in_any_order(rng, count, self.pairs)[..., np.newaxis]
        answered = np.take_along_axis(given, asked, axis=1)
        return np.concatenate([given, answered], axis=1).reshape(count, 4 * self.pairs)

    def split(self, rng, train, test):
        """Draw sequences to learn from and to test with; no list of pairs comes twice.

        Raises: ValueError if there are not as many lists.
        """
        lists = math.perm(self.letters, self.pairs) * self.numbers**self.pairs
        if train + test > lists:
            raise ValueError(
                f"train + test must be at most {lists}, the number of lists of pairs, "
                f"got {train} + {test}"
            )
        drawn = self.draw(rng, 0)
        while len(drawn) < train + test:
            drawn = np.concatenate([drawn, self.draw(rng, train + test)])
            _, first = np.unique(drawn[:, : 2 * self.pairs], axis=0, return_index=True)
            drawn = drawn[np.sort(first)]
        return drawn[:train], drawn[train : train + test]


def _in_any_order(rng, count, n):
    return rng.permuted(np.tile(np.arange(n), (count, 1)), axis=1)
