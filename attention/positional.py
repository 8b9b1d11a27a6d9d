"""Position: sinusoids are added to the embedding, rotary positions turn queries and keys.

Attention without a mask is blind to order, so something has to tell where a word stands.
"""

import operator

import numpy as np

from attention._checks import real_array


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
    angles = _angles(np.arange(L), d_model, base)
    encoding = np.empty((L, d_model))
    encoding[:, 0::2] = np.sin(angles)
    encoding[:, 1::2] = np.cos(angles[:, : d_model // 2])
    return encoding


def rotary_positional_encoding(x, positions, *, base=10_000.0):
    """Turn queries or keys by angles that grow with their positions: (..., L, d_k), same out.

    Components 2i and 2i + 1 of the row at position pos are the hand of a clock, and it turns by
    pos / base ** (2i / d_k). A query and a key turned so have a score that knows their distance and
    no more. positions (L,) need not be whole. Some libraries pair component i with i + d_k / 2:
    weights learned with one pairing do not fit the other.

    Raises: TypeError if x does not hold real numbers, ValueError if d_k is odd, positions are not
    one for each row, or base is not positive
    and finite.
    Source: Su et al. (2021), section 3.4.2.

    >>> rotary_positional_encoding([[1.0, 0.0], [1.0, 0.0]], positions=[0, 1]).round(2)
    array([[1.  , 0.  ],
           [0.54, 0.84]])
    """
    x, positions = real_array("x", x), np.asarray(positions)
    if x.ndim < 2 or x.shape[-1] % 2 or positions.shape != x.shape[-2:-1]:
        raise ValueError(
            "x must have shape (..., L, d_k) with d_k even and positions (L,), "
            f"got x {x.shape} and positions {positions.shape}"
        )
    angles = _angles(positions, x.shape[-1], base)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]
    turned = np.empty_like(x)
    turned[..., 0::2] = even * cos - odd * sin
    turned[..., 1::2] = even * sin + odd * cos
    return turned


def _angles(positions, width, base):
    if not 0 < base < np.inf:
        raise ValueError(f"base must be positive and finite, got {base}")
    return positions[:, np.newaxis] / base ** (np.arange(0, width, 2) / width)


def _at_least(name, value, least):
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return number
