"""Boolean masks: True means that a query may attend to a key."""

import numpy as np

from attention._checks import rectangular, whole_number


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
    L = whole_number("L", L)
    return seen(L, L if S is None else whole_number("S", S))


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
    S = whole_number("S", S)
    lengths = rectangular("lengths", lengths)
    if lengths.dtype.kind not in "iu" and lengths.size:
        raise TypeError(f"lengths must be integers, got dtype {lengths.dtype}")
    if np.any((lengths < 0) | (lengths > S)):
        raise ValueError(f"lengths must lie between 0 and S = {S}, got {lengths.tolist()}")
    return np.arange(S) < lengths[..., np.newaxis, np.newaxis]


def masked(scores, attn_mask, is_causal):
    """Return scores (..., L, S) with -inf where a query may not attend, else plus a float mask.

    >>> masked(np.zeros((2, 2)), None, is_causal=True)
    array([[  0., -inf],
           [  0.,   0.]])
    """
    if attn_mask is None and not is_causal:
        return scores
    shape = scores.shape if attn_mask is None else attn_mask.shape
    scores = np.broadcast_to(scores, np.broadcast_shapes(scores.shape, shape)).copy()
    mask_in_place(scores, attn_mask, is_causal)
    return scores


def mask_in_place(scores, attn_mask, is_causal, first_query=0, first_key=0):
    """Mask a block of scores (..., L, S), whose first query and key is_causal asks.

    >>> scores = np.zeros((2, 3))
    >>> mask_in_place(scores, None, is_causal=True, first_query=1)
    >>> scores
    array([[  0.,   0., -inf],
           [  0.,   0.,   0.]])
    """
    if attn_mask is not None:
        if attn_mask.dtype == bool:
            hidden = ~attn_mask
        else:
            attn_mask = attn_mask.astype(scores.dtype, copy=False)  # perhaps -inf in this width
            hidden = np.isneginf(attn_mask)
            scores += attn_mask
        np.copyto(scores, -np.inf, where=hidden)  # even where a score is NaN
    L, S = scores.shape[-2:]
    ahead = first_query - first_key
    if is_causal and ahead < S - 1:  # else all keys are at or before the first query
        hidden = seen(L, S, ahead)
        np.logical_not(hidden, out=hidden)  # from Python 3.14 on, ~ would hold both
        np.copyto(scores, -np.inf, where=hidden)


def seen(L, S, ahead=0):
    """Say which of S keys lie at or before each of L queries, the first being ahead of key 0.

    >>> seen(1, 3, ahead=1)
    array([[ True,  True, False]])
    """
    return np.tri(L, S, ahead, dtype=bool)
