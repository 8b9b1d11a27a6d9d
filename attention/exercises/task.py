"""What a task of a worksheet is, and how its numbers are written."""

from typing import NamedTuple

import numpy as np


class Task(NamedTuple):
    """What is asked, in Markdown, the answer in one line, and how it comes about."""

    ask: str
    answer: str
    why: str


def vector(numbers, digits=0):
    """Write numbers in brackets, with so many digits behind the point.

    >>> vector(np.array([1, -0.125]), digits=2)
    '(1.00, −0.12)'
    """
    written = (f"{x:.{digits}f}" for x in np.round(numbers, digits) + 0.0)
    return f"({', '.join(written)})".replace("-", "−")


def row(numbers):
    """Write numbers or fractions in brackets: (1/4, 3/4)."""
    return f"({', '.join(map(str, numbers))})".replace("-", "−")


def rows(matrix):
    return "; ".join(map(row, matrix))
