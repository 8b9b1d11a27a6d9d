"""Boolean masks: True means that a query may attend to a key."""

import operator

import numpy as np


def causal_mask(L, S=None):
    """Let each query see the keys up to its own position: -> (L, S), or (L, L) without S.

    Query i may attend to keys 0 ... i. With S different from L the two sequences are aligned at
    their first position (top-left), as in PyTorch and ONNX.

    Raises: TypeError if L or S is not an integer, ValueError if one is negative.
    Source: Vaswani et al. (2017), section 3.2.3.

    >>> causal_mask(2, 3)
    array([[ True, False, False],
           [ True,  True, False]])
    """
    L = _length("L", L)
    return np.tri(L, L if S is None else _length("S", S), dtype=bool)


def padding_mask(lengths, S):
    """Hide the keys beyond each sequence's length: lengths (...,) -> (..., 1, S).

    The axis of size 1 is the query axis, so (B,) lengths fit scores (B, L, S). For heads, pass
    lengths (B, 1): the mask is then (B, 1, 1, S) and fits (B, H, L, S).

    Raises: TypeError if lengths or S are not integers, ValueError for a length outside 0 ... S.

    >>> padding_mask([2, 3], 3)
    array([[[ True,  True, False]],
    <BLANKLINE>
           [[ True,  True,  True]]])
    """
    S = _length("S", S)
    lengths = rectangular("lengths", lengths)
    if lengths.dtype.kind not in "iu" and lengths.size:
        raise TypeError(f"lengths must be integers, got dtype {lengths.dtype}")
    if np.any((lengths < 0) | (lengths > S)):
        raise ValueError(f"lengths must lie between 0 and S = {S}, got {lengths.tolist()}")
    return np.arange(S) < lengths[..., np.newaxis, np.newaxis]


def rectangular(name, x):
    """Return x as an array.

    Raises: ValueError if it is a list of rows that differ in length.

    >>> rectangular("query", [[3, 4]])
    array([[3, 4]])
    """
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be rectangular, got rows of different lengths") from None


def _length(name, value):
    try:
        length = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if length < 0:
        raise ValueError(f"{name} must not be negative, got {length}")
    return length
