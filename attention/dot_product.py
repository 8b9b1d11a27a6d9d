"""Scaled dot-product attention, the four steps of Vaswani et al. (2017), equation 1.

    scores        = query @ key.T                1. match queries and keys
    scaled_scores = scores / sqrt(d_k)           2. adjust the scale (masked pairs become -inf)
    weights       = softmax(scaled_scores)       3. turn scores into chances
    output        = weights @ value              4. apply the chances to the values

Every function takes query (..., L, d_k), key (..., S, d_k) and value (..., S, d_v), whose leading
dimensions broadcast, and the same three options:

attn_mask  boolean, True = may attend, or floating, added to the scaled scores; any shape that
           broadcasts to (..., L, S).
is_causal  query i sees only keys 0 ... i; combines with attn_mask.
scale      the factor on the scores, 1 / sqrt(d_k) if None.

A query that may attend to nothing gets weights and output 0. float32 and float64 are kept, float16
is computed in float32 and returned as float16, integers and lists are taken as float64. A NaN in
a key that the mask hides does no harm; a NaN in a value always shows, since 0 * NaN is NaN. Inputs
are never changed.
"""

from typing import NamedTuple

import numpy as np

from attention._checks import check_call, quiet, real_array, widen
from attention._fast import average
from attention.masks import masked


class AttentionSteps(NamedTuple):
    """The four intermediate results of attention, in the order in which they are computed."""

    scores: np.ndarray  # (..., L, S)
    scaled_scores: np.ndarray  # (..., L, S), -inf where masked
    weights: np.ndarray  # (..., L, S), rows sum to 1
    output: np.ndarray  # (..., L, d_v)


def softmax(x, axis=-1):
    """Turn scores into weights that are positive and sum to 1 along an axis: same shape.

    Along an axis that is empty or all -inf the weights are 0, not NaN.

    Raises: TypeError if x does not hold real numbers, ValueError if it is not rectangular.

    >>> softmax([0.0, np.log(3)]).round(2)
    array([0.25, 0.75])
    """
    x = real_array("x", x)
    dtype, x = x.dtype, widen(x)
    with quiet():
        peak = x.max(axis=axis, keepdims=True, initial=-np.inf)
        exp = np.exp(x - np.where(np.isneginf(peak), 0, peak))  # exponents <= 0 never overflow
        total = exp.sum(axis=axis, keepdims=True)
        return (exp / np.where(total == 0, 1, total)).astype(dtype, copy=False)


def attention_steps(query, key, value, *, attn_mask=None, is_causal=False, scale=None):
    """Return all four steps of attention as AttentionSteps(scores, scaled_scores, weights, output).

    query (..., L, d_k), key (..., S, d_k), value (..., S, d_v) -> three arrays (..., L, S) and the
    output (..., L, d_v).

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Vaswani et al. (2017), equation 1.

    >>> steps = attention_steps([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]])
    >>> steps.scores
    array([[11., 18.]])
    >>> steps.output.round(4)
    array([[8.9859, 9.9859]])
    """
    call = check_call(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    query, key, value = call.query, call.key, call.value
    with quiet():
        scores = query @ key.swapaxes(-1, -2)  # 1. match queries and keys
        scaled_scores = _scaled_scores(call)  # 2. adjust the scale, hide what the mask hides
        weights = softmax(scaled_scores)  # 3. turn scores into chances
        output = weights @ value  # 4. apply the chances to the values
        steps = scores, scaled_scores, weights, output
        return AttentionSteps(*(step.astype(call.dtype, copy=False) for step in steps))


def attention_weights(query, key, *, attn_mask=None, is_causal=False, scale=None):
    """Return how much each query attends to each key: (..., L, S), rows sum to 1.

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Vaswani et al. (2017), equation 1.

    >>> attention_weights([[3, 4]], [[1, 2], [2, 3]]).round(4)
    array([[0.007, 0.993]])
    """
    call = check_call(query, key, None, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    with quiet():
        return softmax(_scaled_scores(call)).astype(call.dtype, copy=False)


def scaled_dot_product_attention(query, key, value, *, attn_mask=None, is_causal=False, scale=None):
    """Average the values, each query with its own weights: (..., L, d_v).

    It is the output of attention_steps but for rounding, in less time and memory (_fast.py).

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Vaswani et al. (2017), equation 1.

    >>> scaled_dot_product_attention([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]]).round(4)
    array([[8.9859, 9.9859]])
    """
    call = check_call(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    return average(call)


def _scaled_scores(call):
    # The query is scaled, not the scores: they may lie beyond the range of floats before it.
    scaled_scores = (call.query * call.scale) @ call.key.swapaxes(-1, -2)
    return masked(scaled_scores, call.attn_mask, call.is_causal)
