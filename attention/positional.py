"""Position as numbers that are added to the embedding: attention alone is blind to order."""

import operator

import numpy as np


def sinusoidal_positional_encoding(L, d_model, *, base=10_000.0):
    """Describe each position by sines and cosines of falling frequency: (L, d_model), float64.

    PE(pos, 2i)     = sin(pos / base ** (2i / d_model))
    PE(pos, 2i + 1) = cos(pos / base ** (2i / d_model))

    With d_model odd the last sine has no cosine.

    Raises: TypeError if L or d_model is not an integer, ValueError if L is negative, d_model below
    1 or base not positive and finite.
    Source: Vaswani et al. (2017), section 3.5.

    >>> sinusoidal_positional_encoding(3, 4).round(2)
    array([[ 0.  ,  1.  ,  0.  ,  1.  ],
           [ 0.84,  0.54,  0.01,  1.  ],
           [ 0.91, -0.42,  0.02,  1.  ]])
    """
    L, d_model = _at_least("L", L, 0), _at_least("d_model", d_model, 1)
    if not 0 < base < np.inf:
        raise ValueError(f"base must be positive and finite, got {base}")
    angles = np.arange(L)[:, np.newaxis] / base ** (np.arange(0, d_model, 2) / d_model)
    encoding = np.empty((L, d_model))
    encoding[:, 0::2] = np.sin(angles)
    encoding[:, 1::2] = np.cos(angles[:, : d_model // 2])
    return encoding


def _at_least(name, value, least):
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return number
