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

import math
from numbers import Real
from typing import NamedTuple

import numpy as np

from attention.masks import causal_mask, rectangular


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

    >>> softmax([0.0, math.log(3)]).round(2)
    array([0.25, 0.75])
    """
    x = _real_array("x", x)
    dtype, x = x.dtype, _widen(x)
    with _quiet():
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
    call = _check(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    with _quiet():
        scores = call.query @ call.key.swapaxes(-1, -2)
        scaled_scores = _scaled_scores(call)
        weights = softmax(scaled_scores)
        output = weights @ call.value
        steps = scores, scaled_scores, weights, output
        return AttentionSteps(*(step.astype(call.dtype, copy=False) for step in steps))


def attention_weights(query, key, *, attn_mask=None, is_causal=False, scale=None):
    """Return how much each query attends to each key: (..., L, S), rows sum to 1.

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Vaswani et al. (2017), equation 1.

    >>> attention_weights([[3, 4]], [[1, 2], [2, 3]]).round(4)
    array([[0.007, 0.993]])
    """
    call = _check(query, key, None, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    with _quiet():
        return softmax(_scaled_scores(call)).astype(call.dtype, copy=False)


def scaled_dot_product_attention(query, key, value, *, attn_mask=None, is_causal=False, scale=None):
    """Average the values, each query with its own weights: (..., L, d_v).

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Vaswani et al. (2017), equation 1.

    >>> scaled_dot_product_attention([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]]).round(4)
    array([[8.9859, 9.9859]])
    """
    call = _check(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    with _quiet():
        output = softmax(_scaled_scores(call)) @ call.value
        return output.astype(call.dtype, copy=False)


class _Call(NamedTuple):
    """The arguments of one call, checked, in the width they are computed in."""

    query: np.ndarray
    key: np.ndarray
    value: np.ndarray | None
    mask: np.ndarray | None  # boolean or floating, is_causal included
    scale: float
    dtype: np.dtype  # of the result


def _scaled_scores(call):
    # The scale goes into the query: a raw product may lie beyond the range of the dtype.
    scores = (call.query * call.scale) @ call.key.swapaxes(-1, -2)
    if call.mask is None:
        return scores
    if call.mask.dtype == bool:
        return np.where(call.mask, scores, -np.inf)
    return np.where(np.isneginf(call.mask), -np.inf, scores + call.mask)  # even where NaN


def _check(query, key, value, *, attn_mask, is_causal, scale):
    arrays = {"query": query, "key": key} | ({} if value is None else {"value": value})
    arrays = {name: _real_array(name, x) for name, x in arrays.items()}
    for name, x in arrays.items():
        if x.ndim < 2:
            axes = {"query": "(..., L, d_k)", "key": "(..., S, d_k)", "value": "(..., S, d_v)"}
            raise ValueError(f"{name} must have shape {axes[name]}, got {x.shape}")
    query, key, value = arrays["query"], arrays["key"], arrays.get("value")
    got_pair = f"got query {query.shape} and key {key.shape}"
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(f"query and key must share d_k, {got_pair}")
    if query.shape[-1] == 0:
        raise ValueError(f"query and key must have d_k of at least 1, {got_pair}")
    if value is not None and key.shape[-2] != value.shape[-2]:
        raise ValueError(
            f"key and value must share their length S, got key {key.shape} and value {value.shape}"
        )
    try:
        leading = np.broadcast_shapes(*(x.shape[:-2] for x in arrays.values()))
    except ValueError:
        got = ", ".join(f"{name} {x.shape}" for name, x in arrays.items())
        raise ValueError(f"leading dimensions must broadcast, got {got}") from None
    dtype = np.result_type(*arrays.values())
    query, key = _widen(query.astype(dtype, copy=False)), _widen(key.astype(dtype, copy=False))
    scores_shape = (*leading, query.shape[-2], key.shape[-2])
    return _Call(
        query,
        key,
        value if value is None else _widen(value.astype(dtype, copy=False)),
        _check_mask(attn_mask, is_causal, scores_shape, query.dtype),
        _check_scale(scale, d_k=query.shape[-1]),
        dtype,
    )


def _check_mask(attn_mask, is_causal, scores_shape, dtype):
    causal = causal_mask(*scores_shape[-2:]) if is_causal else None
    if attn_mask is None:
        return causal
    mask = rectangular("attn_mask", attn_mask)
    if mask.dtype != bool and mask.dtype.kind != "f":
        raise TypeError(
            "attn_mask must be boolean (True = may attend) or floating (added to the scores), "
            f"got dtype {mask.dtype}"
        )
    try:
        np.broadcast_to(mask, scores_shape)
    except ValueError:
        raise ValueError(
            "attn_mask must broadcast to the scores, "
            f"got mask {mask.shape} and scores {scores_shape}"
        ) from None
    if mask.dtype == bool:
        return mask if causal is None else mask & causal
    with _quiet():  # a wider mask may hold numbers that are -inf here
        mask = mask.astype(dtype)
    return mask if causal is None else np.where(causal, mask, -np.inf)


def _check_scale(scale, d_k):
    if scale is None:
        return 1 / math.sqrt(d_k)
    if not isinstance(scale, Real):
        raise TypeError(f"scale must be a real number or None, got {scale!r}")
    try:
        factor = float(scale)
    except OverflowError:  # an integer that no float holds
        factor = math.inf
    if not math.isfinite(factor):
        raise ValueError(f"scale must be finite, got {factor}")
    return factor


def _real_array(name, x):
    x = rectangular(name, x)
    if x.dtype.kind in "iu":
        return x.astype(np.float64)
    if x.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, got dtype {x.dtype}")
    return x.astype(x.dtype.newbyteorder("="), copy=False)  # files may bring the other byte order


def _quiet():
    return np.errstate(over="ignore", invalid="ignore")  # an inf or NaN in the result says it


def _widen(x):
    return x.astype(np.float32) if x.dtype == np.float16 else x
