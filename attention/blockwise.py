"""Attention without its matrix of weights: the keys are read block by block.

Of the keys read so far, a query keeps three things:

    maximum = max(scores)                   so that no exponent is above 0
    total   = sum(exp(scores - maximum))
    output  = exp(scores - maximum) @ value

Two such parts, over different keys, merge into the one over all of them. The running maximum and
total are those of Milakov and Gimelshein (2018), the running output that of Rabe and Staats (2021).
FlashAttention (Dao et al., 2022) made them fast, and FlashAttention-2 (Dao, 2023) goes through
the queries outside and divides once, at the end, as is done here.

The options of a call are those of attention.dot_product.
"""

from functools import reduce
from typing import NamedTuple

import numpy as np

from attention._checks import bounded, check_call, integer_from, quiet
from attention.masks import mask_in_place, masked


class Partial(NamedTuple):
    """What queries know of the keys that they have read.

    Before the first key it is Partial(-inf, 0, 0), which changes nothing in a merge.

    >>> Partial(np.array([18.0]), np.array([4.0]), np.array([[8.0, 12.0]])).average()
    array([[2., 3.]])
    """

    maximum: np.ndarray  # (..., L), -inf where no key may be attended to
    total: np.ndarray  # (..., L)
    output: np.ndarray  # (..., L, d_v), the weighted sum of the values, not divided by total

    def average(self, out=None):
        """Return the output of attention: (..., L, d_v), 0 where no key may be attended to."""
        total = np.asarray(self.total)[..., np.newaxis]
        return np.divide(self.output, np.maximum(total, np.finfo(total.dtype).tiny), out=out)


def partial_attention(query, key, value, *, attn_mask=None, is_causal=False, scale=None):
    """Read one block of keys: Partial of (..., L), (..., L) and (..., L, d_v).

    The options are those of scaled_dot_product_attention; is_causal counts the keys from this
    block's first. float16 gives a Partial in float32.

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Milakov and Gimelshein (2018), algorithm 3.

    >>> part = partial_attention([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]])
    >>> part.average().round(4)
    array([[8.9859, 9.9859]])
    """
    call = check_call(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    with quiet():
        scores = (call.query * call.scale) @ call.key.swapaxes(-1, -2)
        part = read(masked(scores, call.attn_mask, call.is_causal), call.value)
    # A value may bring leading dimensions that query and key do not have.
    return part._replace(
        maximum=np.broadcast_to(part.maximum, part.output.shape[:-1]),
        total=np.broadcast_to(part.total, part.output.shape[:-1]),
    )


def merge(a, b):
    """Join what was read in two blocks of keys; the order of merging changes rounding alone.

    Source: Milakov and Gimelshein (2018), section 3.1.

    >>> first = partial_attention([[3, 4]], [[1, 2]], [[7, 8]])
    >>> second = partial_attention([[3, 4]], [[2, 3]], [[9, 10]])
    >>> merge(first, second).average().round(4)
    array([[8.9859, 9.9859]])
    """
    maximum = np.maximum(a.maximum, b.maximum)
    with quiet():
        from_a, from_b = (np.exp(part.maximum - _finite(maximum)) for part in (a, b))
        return Partial(
            maximum,
            from_a * a.total + from_b * b.total,
            from_a[..., np.newaxis] * a.output + from_b[..., np.newaxis] * b.output,
        )


def blockwise_attention(
    query, key, value, *, attn_mask=None, is_causal=False, scale=None, block_size=512
):
    """Average the values, block_size queries and keys at a time: (..., L, d_v).

    Beyond the output it needs memory for one block of scores, whatever the lengths.

    Raises: ValueError for shapes that do not fit and a block_size below 1, TypeError for arrays
    that are not real.
    Source: Dao et al. (2022), algorithm 1.

    >>> query, key, value = np.random.default_rng(0).normal(size=(3, 1000, 16))
    >>> one_block = blockwise_attention(query, key, value, block_size=1000)
    >>> np.allclose(blockwise_attention(query, key, value, block_size=7), one_block)
    True
    """
    size = integer_from("block_size", block_size, 1)
    call = check_call(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    L, S = call.query.shape[-2], call.key.shape[-2]
    output = np.zeros((*call.leading, L, call.value.shape[-1]), call.value.dtype)
    if not output.size or not S:
        return output.astype(call.dtype, copy=False)
    safe = bounded(call.value, S)
    query, key, value, mask, *_ = call._replace(value=safe.value).spread()

    def read_block(head, rows, columns):
        scores = (query[head][rows] * call.scale) @ key[head][columns].T
        hidden = None if mask is None else mask[head][rows, columns]
        mask_in_place(scores, hidden, call.is_causal, rows.start, columns.start)
        return read(scores, value[head][columns])

    with quiet():
        for head in np.ndindex(call.leading):
            for rows in blocks(L, size):
                # No key beyond the diagonal, unless to show a NaN among the values: 0 * NaN is NaN.
                end = min(rows.stop, S) if call.is_causal and safe.is_finite else S
                parts = (read_block(head, rows, columns) for columns in blocks(end, size))
                reduce(merge, parts).average(out=output[head][rows])
        output *= safe.unit
    return output.astype(call.dtype, copy=False)


def read(scores, value, subtract=True):
    """Return what scores (..., L, S), which are overwritten, make of the values: -> Partial.

    Without subtract the maximum is taken to be 0, which is for scores that are known to be small.

    >>> read(np.array([[0.0, np.log(3)]]), np.array([[4.0], [8.0]])).average()
    array([[7.]])
    """
    if subtract:
        maximum = scores.max(axis=-1, initial=-np.inf)
        scores -= _finite(maximum)[..., np.newaxis]
    else:
        maximum = np.zeros(scores.shape[:-1], scores.dtype)
    np.exp(scores, out=scores)
    total = scores @ np.ones(scores.shape[-1], scores.dtype)  # faster than sum
    return Partial(maximum, total, scores @ value)


def blocks(length, size):
    """Yield slices of at most size that cover length.

    >>> list(blocks(5, 3))
    [slice(0, 3, None), slice(3, 5, None)]
    """
    return (slice(start, min(start + size, length)) for start in range(0, length, size))


def _finite(maximum):
    """Where nothing may be attended to, subtract a finite number: -inf less -inf would be NaN."""
    return np.maximum(maximum, np.finfo(np.result_type(maximum)).min)
