"""Associative recall: a list of key-value pairs, then keys again, each to be answered by its value.

A dictionary lookup, which nobody programs here: a model learns it from examples. In the sequence

    c 5  a 7  e 5   e 5  c 5  a 7

three pairs are given, then three keys are asked and answered. A key comes once among the pairs,
and is asked once.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Recall:
    """The task and its tokens: keys are 0 ... num_keys - 1, values follow up to vocabulary - 1.

    >>> task = Recall(num_keys=5, num_values=10, num_pairs=3)
    >>> task.draw(np.random.default_rng(0), count=1)
    array([[2, 5, 4, 5, 3, 6, 4, 5, 3, 6, 2, 5]])
    """

    num_keys: int = 16
    num_values: int = 16
    num_pairs: int = 6

    def __post_init__(self):
        if not 1 <= self.num_pairs <= self.num_keys or self.num_values < 1:
            raise ValueError(
                "num_pairs must lie between 1 and num_keys and num_values must be at least 1, got "
                f"num_pairs {self.num_pairs}, num_keys {self.num_keys}, "
                f"num_values {self.num_values}"
            )

    @property
    def vocabulary(self):
        return self.num_keys + self.num_values

    @property
    def answers(self):
        """Say which of the targets tokens[:, 1:] are answers: (4 * num_pairs - 1,), boolean."""
        place = np.arange(1, 4 * self.num_pairs)
        return (place > 2 * self.num_pairs) & (place % 2 == 1)

    @property
    def written(self):
        """Say which of the targets are questions or answers, for a model that writes both."""
        return np.arange(1, 4 * self.num_pairs) >= 2 * self.num_pairs

    def draw(self, rng, count):
        """Draw sequences of num_pairs pairs and as many questions: (count, 4 * num_pairs)."""
        keys = _in_any_order(rng, count, self.num_keys)[:, : self.num_pairs]
        values = self.num_keys + rng.integers(self.num_values, size=keys.shape)
        pairs = np.stack([keys, values], axis=-1)
        asked = _in_any_order(rng, count, self.num_pairs)[..., np.newaxis]
        answered = np.take_along_axis(pairs, asked, axis=1)
        return np.concatenate([pairs, answered], axis=1).reshape(count, 4 * self.num_pairs)

    def split(self, rng, train, test):
        """Draw sequences to learn from and to test with; no list of pairs comes twice.

        Raises: ValueError if there are not as many lists.
        """
        lists = math.perm(self.num_keys, self.num_pairs) * self.num_values**self.num_pairs
        if train + test > lists:
            raise ValueError(
                f"train + test must be at most {lists}, the number of lists of pairs, "
                f"got {train} + {test}"
            )
        drawn = self.draw(rng, 0)
        while len(drawn) < train + test:
            drawn = np.concatenate([drawn, self.draw(rng, train + test)])
            _, first = np.unique(drawn[:, : 2 * self.num_pairs], axis=0, return_index=True)
            drawn = drawn[np.sort(first)]
        return drawn[:train], drawn[train : train + test]


def _in_any_order(rng, count, n):
    return rng.permuted(np.tile(np.arange(n), (count, 1)), axis=1)
