"""The same attention without its matrix of weights: the keys are read block by block.

Of the keys read so far, a query keeps three things, the Partial of Milakov and Gimelshein (2018):

    maximum = max(scores)                   so that no exponent is above 0
    total   = sum(exp(scores - maximum))
    output  = exp(scores - maximum) @ value

Two of them, over different keys, merge into the one over all of them. Dao et al. (2022) made
FlashAttention of it. Every line that is there for speed alone says so. The options of a call are
those of attention.dot_product.
"""

import math
from functools import reduce
from numbers import Integral
from typing import NamedTuple

import numpy as np

from attention.checks import check_call, hide, masked_scores, quiet

TILE = 2**18  # scores that small heads fill together: 1 MiB in float32, a core's second cache
ROWS = 512  # of queries: with fewer, a product is so flat that the processor waits for memory
LEAST_ROWS = 256  # where 512 rows of scores would take more than 16 MiB
MOST = 2**22  # scores, those 16 MiB
MILD = 16  # the size of scores whose exponentials need no maximum subtracted: 1e-7 to 9e6
MANY = 256  # keys, with fewer of which to find out takes longer than to subtract


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
        part = _read(masked_scores(call), call.value)
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
    >>> exact = scaled_dot_product_attention(query, key, value)
    >>> np.allclose(blockwise_attention(query, key, value), exact)
    True
    """
    if not isinstance(block_size, Integral) or block_size < 1:
        raise ValueError(f"block_size must be an integer of at least 1, got {block_size!r}")
    call = check_call(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    return _average(call, rows=block_size, columns=block_size)


def scaled_dot_product_attention(query, key, value, *, attn_mask=None, is_causal=False, scale=None):
    """Average the values, each query with its own weights: (..., L, d_v).

    It is the output of attention_steps, by blocks of queries with all their keys.

    Raises: ValueError for shapes that do not fit, TypeError for arrays that are not real.
    Source: Vaswani et al. (2017), equation 1.

    >>> scaled_dot_product_attention([[3, 4]], [[1, 2], [2, 3]], [[7, 8], [9, 10]]).round(4)
    array([[8.9859, 9.9859]])
    """
    call = check_call(query, key, value, attn_mask=attn_mask, is_causal=is_causal, scale=scale)
    S = max(1, call.key.shape[-2])
    # Under a causal mask low blocks leave more keys beyond the diagonal.
    rows = LEAST_ROWS if is_causal else min(ROWS, max(LEAST_ROWS, MOST // S))
    return _average(call, rows, columns=S)


class _Heads(NamedTuple):
    """Heads that are computed together: their arrays, and the memory for a block of scores."""

    query: np.ndarray  # (..., L, d_k)
    key: np.ndarray  # (..., d_k, S)
    value: np.ndarray  # (..., S, d_v)
    mask: np.ndarray | None  # (..., L, S)
    is_causal: bool
    is_mild: bool  # no score is beyond MILD
    tile: np.ndarray  # (..., rows * columns)


def _average(call, rows, columns):
    """Fold blocks of keys for each block of queries."""
    leading, L, S = call.leading, call.query.shape[-2], call.key.shape[-2]
    output = np.zeros((*leading, L, call.value.shape[-1]), call.value.dtype)
    if not output.size or not S:
        return output.astype(call.dtype, copy=False)
    rows, columns = min(rows, L), min(columns, S)
    mask = call.attn_mask
    mask = mask if mask is None else np.broadcast_to(mask, (*leading, L, S))
    with quiet():
        value, unit = _within_range(call.value, S)
        query, key, value = (_spread(x, leading) for x in (call.query, call.key, value))
        may_be_mild = S >= MANY and unit == 1 and (mask is None or mask.dtype == bool)
        # Many small heads fill a tile together: a call for each would cost more than its numbers.
        looped = _looped(leading, TILE // (L * S))
        # New memory for each block of scores would cost as much as its exponentials.
        tile = np.empty((*leading[looped:], rows * columns), output.dtype)
        for index in np.ndindex(leading[:looped]):
            heads = _Heads(
                query[index],
                key[index].swapaxes(-1, -2),
                value[index],
                mask if mask is None else mask[index],
                call.is_causal,
                may_be_mild and _are_mild(query[index], key[index], call.scale),
                tile,
            )
            for start in range(0, L, rows):
                queries = slice(start, min(start + rows, L))
                # No key beyond the diagonal, unless to show a NaN among the values: 0 * NaN is NaN.
                end = min(queries.stop, S) if call.is_causal and unit == 1 else S
                scaled = heads.query[..., queries, :] * call.scale  # fewer numbers than the scores
                keys = (slice(i, min(i + columns, end)) for i in range(0, end, columns))
                part = reduce(merge, (_read_block(heads, scaled, queries, k) for k in keys))
                part.average(out=output[index][..., queries, :])
        if unit != 1:
            output *= unit
    return output.astype(call.dtype, copy=False)


def _read_block(heads, query, queries, keys):
    key = heads.key[..., keys]
    shape = (*query.shape[:-1], key.shape[-1])
    scores = heads.tile[..., : shape[-2] * shape[-1]].reshape(shape)
    np.matmul(query, key, out=scores)
    mask = None if heads.mask is None else heads.mask[..., queries, keys]
    hide(scores, mask, heads.is_causal, queries.start, keys.start)
    return _read(scores, heads.value[..., keys, :], heads.is_mild)


def _read(scores, value, is_mild=False):
    """Return the Partial of scores (..., L, S), which are overwritten."""
    if is_mild:
        maximum = np.zeros(scores.shape[:-1], scores.dtype)
    else:
        maximum = scores.max(axis=-1, initial=-np.inf)
        scores -= _finite(maximum)[..., np.newaxis]
    np.exp(scores, out=scores)
    total = scores @ np.ones(scores.shape[-1], scores.dtype)  # a third of the time of sum
    # Dividing the output, not the weights, saves a pass over the scores.
    return Partial(maximum, total, scores @ value)


def _finite(maximum):
    """Where nothing may be attended to, subtract a finite number: -inf less -inf would be NaN."""
    return np.maximum(maximum, np.finfo(np.result_type(maximum)).min)


def _are_mild(query, key, scale):
    """Say whether no score is beyond MILD: |query . key| is at most |query| |key|.

    Then subtracting the maximum, two passes over all scores, changes rounding alone. A key that
    is not finite counts as none: its score is NaN, infinite or hidden, whatever is subtracted.
    """
    lengths = np.vecdot(key, key)  # squared
    beyond = ~np.isfinite(lengths)
    if np.isfinite(key[beyond]).all(axis=-1).any():
        return False
    longest = np.vecdot(query, query).max(initial=0) * lengths.max(where=~beyond, initial=0)
    return longest * scale**2 <= MILD**2


def _within_range(value, S):
    """Return value / unit, unit: a power of 2 other than 1 where a weighted sum may overflow.

    A NaN or infinite value counts as one that may.
    """
    largest = max(value.max(initial=0), -value.min(initial=0))
    if largest <= np.finfo(value.dtype).max / S / math.exp(MILD):
        return value, 1
    unit = 2.0 ** math.ceil(math.log2(S) + 1)
    return value / unit, unit


def _spread(x, leading):
    return x if x.shape[:-2] == leading else np.broadcast_to(x, (*leading, *x.shape[-2:]))


def _looped(leading, size):
    """Return how many leading dimensions to loop over, the others having at most size heads."""
    axes = len(leading)
    while axes and math.prod(leading[axes - 1 :]) <= size:
        axes -= 1
    return axes
