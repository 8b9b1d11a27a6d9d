"""What a question is: data, its numbers computed by the module and never typed."""

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, a text or a number, the name of its mistake, and the reply to it."""

    answer: object
    name: str
    because: str


@dataclass(frozen=True)
class Choice:
    """A question with answers to choose among; texts are Markdown with formulas."""

    name: str
    ask: str
    right: str
    because: str
    mistakes: tuple[Mistake, ...]

    def answers(self):
        """Return the right answer and the mistakes, in an order that says nothing."""
        right = Mistake(self.right, "", self.because)
        return sorted((right, *self.mistakes), key=lambda x: zlib.crc32(x.answer.encode()))


@dataclass(frozen=True)
class Number:
    """A question whose answer is a number, which may be written within so much of it."""

    name: str
    ask: str
    number: float
    because: str
    mistakes: tuple[Mistake, ...]
    within: float = 0.005

    def answers(self):
        """Return the right answer and the mistakes, in the order in which they are replied to."""
        return [Mistake(self.number, "", self.because), *self.mistakes]


def shown(value):
    """Write a number or an array as on paper: at most four digits behind the point.

    >>> shown([0.25, -1 / 3])
    '[0.25 −0.3333]'
    """
    if isinstance(value, str):
        return value
    if np.ndim(value):
        return "[" + " ".join(map(shown, value)) + "]"
    return f"{round(float(value), 4) + 0.0:.10g}".replace("-", "−")
