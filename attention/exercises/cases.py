"""Numbers for cases, short enough to compute along."""

import numpy as np


def draw(seed, *shapes):
    """Draw arrays of normal numbers with one digit: -> a tuple, as a case is.

    >>> draw(0, (2,), (3,))
    (array([ 0.1, -0.1]), array([ 0.6,  0.1, -0.5]))
    """
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(size=shape).round(1) + 0.0 for shape in shapes)  # no -0.0
