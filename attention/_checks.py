"""The contract of all functions of attention: what a call may hold, and in what it is computed."""

import math
import operator
from numbers import Integral, Real
from typing import NamedTuple

import numpy as np

MILD = 16  # the size of scores whose exponentials need no maximum subtracted: 1e-7 to 9e6


class Call(NamedTuple):
    """The arguments of one call, checked, in the width they are computed in."""

    query: np.ndarray
    key: np.ndarray
    value: np.ndarray | None
    attn_mask: np.ndarray | None  # boolean or floating
    is_causal: bool
    scale: float
    dtype: np.dtype  # of the result
    leading: tuple  # the dimensions in front of L and S

    def spread(self):
        """Return the call with all its arrays broadcast to the leading dimensions."""
        L, S = self.query.shape[-2], self.key.shape[-2]
        query, key, value = (
            x
            if x.shape[:-2] == self.leading
            else np.broadcast_to(x, (*self.leading, *x.shape[-2:]))
            for x in (self.query, self.key, self.value)
        )
        mask = self.attn_mask
        mask = mask if mask is None else np.broadcast_to(mask, (*self.leading, L, S))
        return self._replace(query=query, key=key, value=value, attn_mask=mask)


def check_call(query, key, value, *, attn_mask, is_causal, scale):
    """Check the arguments of attention, value being None where it is not needed: -> Call.

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.

    >>> call = check_call([[3, 4]], [[1, 2]], None, attn_mask=None, is_causal=False, scale=None)
    >>> call.query, round(call.scale, 4)
    (array([[3., 4.]]), 0.7071)
    """
    arrays = {"query": query, "key": key} | ({} if value is None else {"value": value})
    arrays = {name: real_array(name, x) for name, x in arrays.items()}
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
    query, key = widen(query.astype(dtype, copy=False)), widen(key.astype(dtype, copy=False))
    scores_shape = (*leading, query.shape[-2], key.shape[-2])
    return Call(
        query,
        key,
        value if value is None else widen(value.astype(dtype, copy=False)),
        None if attn_mask is None else _check_mask(attn_mask, scores_shape),
        bool(is_causal),
        _check_scale(scale, d_k=query.shape[-1]),
        dtype,
        leading,
    )


def real_array(name, x):
    """Return x as an array of native floating numbers, integers as float64.

    Raises: TypeError if it does not hold real numbers, ValueError if it is not rectangular.

    >>> real_array("x", [1, 2])
    array([1., 2.])
    """
    x = rectangular(name, x)
    if x.dtype.kind in "iu":
        return x.astype(np.float64)
    if x.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, got dtype {x.dtype}")
    return x.astype(x.dtype.newbyteorder("="), copy=False)  # files may bring the other byte order


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


def whole_number(name, value):
    """Return value as an int of at least 0.

    Raises: TypeError if it is not an integer, ValueError if it is negative.

    >>> whole_number("L", np.int64(3))
    3
    """
    try:
        length = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {value!r}") from None
    if length < 0:
        raise ValueError(f"{name} must not be negative, got {length}")
    return length


def integer_from(name, value, least):
    """Return value as an int.

    Raises: ValueError if it is not an integer of at least so much.

    >>> integer_from("count", np.int64(3), 0)
    3
    """
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f"{name} must be an integer of at least {least}, got {value!r}")
    return int(value)


class Bounded(NamedTuple):
    """Values that are divided by unit where their weighted sum might leave the range of floats."""

    value: np.ndarray
    unit: float  # a power of 2, and 1 unless the values are huge, infinite or NaN
    is_finite: bool


def bounded(value, S):
    """Divide values, of which up to S are summed, if their sum may overflow: -> Bounded.

    >>> bounded(np.array([1e308]), S=3).unit
    8.0
    """
    largest = max(value.max(initial=0), -value.min(initial=0))
    if largest <= np.finfo(value.dtype).max / S / math.exp(MILD):
        return Bounded(value, 1, True)
    unit = 2.0 ** math.ceil(math.log2(S) + 1)
    return Bounded(value / unit, unit, bool(np.isfinite(largest)))


def quiet():
    """Return a context without warnings: an inf or NaN in the result says it."""
    return np.errstate(over="ignore", invalid="ignore")


def widen(x):
    """Return x in the width it is computed in: float16 as float32."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def _check_mask(attn_mask, scores_shape):
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
    return mask


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
