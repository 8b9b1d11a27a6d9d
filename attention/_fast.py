"""The same attention, as fast as NumPy allows: skip at first reading.

Each line is here for speed alone. Blocks of queries meet all their keys in memory that is used
again; heads that are small are computed together; scores that are known to be small are not
searched for their maximum; the output is divided, not the weights; each core has blocks of its own.
"""

import math
import threading
from typing import NamedTuple

import numpy as np

from attention._checks import MILD, bounded, quiet
from attention._threads import each
from attention.blockwise import blocks, read
from attention.masks import mask_in_place


class Tiling(NamedTuple):
    """How much is computed at a time, as measured by benchmarks/speed.py."""

    rows: int = 512  # of queries: with fewer, a product is so flat that it waits for memory
    least_rows: int = 256  # under a causal mask, and where 512 rows would exceed most_scores
    most_scores: int = 2**22  # 16 MiB in float32
    small_scores: int = 2**18  # that small heads fill together: 1 MiB, a core's second cache
    many_keys: int = 256  # with fewer, to find out whether scores are mild costs more than it gains
    many_scores: int = 2**20  # with fewer, threads cost more than they gain

    def height(self, S, is_causal):
        """Return how many queries a block has: with a low one more keys lie beyond the diagonal."""
        if is_causal:
            return self.least_rows
        return min(self.rows, max(self.least_rows, self.most_scores // S))


class _Heads(NamedTuple):
    """Heads that are computed together, and where their output goes."""

    query: np.ndarray  # (..., L, d_k)
    key: np.ndarray  # (..., d_k, S)
    value: np.ndarray  # (..., S, d_v)
    mask: np.ndarray | None  # (..., L, S)
    is_causal: bool
    scale: float
    is_mild: bool  # no score is beyond MILD
    output: np.ndarray  # (..., L, d_v)


def average(call, tiling=Tiling()):  # noqa: B008 (it is a constant)
    """Average the values of a call, each query with its own weights: (..., L, d_v)."""
    L, S = call.query.shape[-2], call.key.shape[-2]
    output = np.zeros((*call.leading, L, call.value.shape[-1]), call.value.dtype)
    if output.size and S:
        with quiet():
            safe = bounded(call.value, S)
            rows = min(L, tiling.height(S, call.is_causal))
            looped = _looped(call.leading, tiling.small_scores // (L * S))
            scratch = _Scratch((*call.leading[looped:], rows * S), output.dtype)
            may_be_mild = tiling.many_keys <= S and safe.unit == 1
            skips = call.is_causal and safe.is_finite
            call = call._replace(value=safe.value).spread()

            def jobs():
                for index in np.ndindex(call.leading[:looped]):
                    heads = _heads(call, index, output[index], may_be_mild)
                    for queries in blocks(L, rows):
                        # No key beyond the diagonal, unless to show a NaN: 0 * NaN is NaN.
                        keys = slice(0, min(queries.stop, S) if skips else S)
                        yield heads, queries, keys

            def fill(job):
                with quiet():  # in whatever thread this is
                    _fill(*job, scratch.tile)

            is_long = output[..., 0].size * S >= tiling.many_scores
            each(fill, jobs(), threads=None if is_long else 1)
            if safe.unit != 1:
                output *= safe.unit
    return output.astype(call.dtype, copy=False)


class _Scratch(threading.local):
    """A tile for each thread: new memory for each block would cost as much as its exponentials."""

    def __init__(self, shape, dtype):
        self.tile = np.empty(shape, dtype)


def _heads(call, index, output, may_be_mild):
    """Return the heads of a call at an index of its leading dimensions."""
    query, key, mask = call.query[index], call.key[index], call.attn_mask
    may_be_mild = may_be_mild and (mask is None or mask.dtype == bool)
    return _Heads(
        query,
        key.swapaxes(-1, -2),
        call.value[index],
        None if mask is None else mask[index],
        call.is_causal,
        call.scale,
        may_be_mild and are_mild(query, key, call.scale),
        output,
    )


def _fill(heads, queries, keys, tile):
    """Write the output of a block of queries, whose scores take place in tile."""
    query, key = heads.query[..., queries, :] * heads.scale, heads.key[..., keys]
    shape = (*query.shape[:-1], key.shape[-1])
    scores = tile[..., : shape[-2] * shape[-1]].reshape(shape)
    np.matmul(query, key, out=scores)
    mask = None if heads.mask is None else heads.mask[..., queries, keys]
    mask_in_place(scores, mask, heads.is_causal, first_query=queries.start)
    part = read(scores, heads.value[..., keys, :], subtract=not heads.is_mild)
    part.average(out=heads.output[..., queries, :])


def are_mild(query, key, scale):
    """Say whether no score is beyond MILD: |query . key| is at most |query| |key|.

    Then subtracting the maximum, two passes over all scores, changes rounding alone. A key that
    is not finite counts as none: its score is NaN, infinite or hidden, whatever is subtracted.

    >>> are_mild(np.full((1, 4), 3.0), np.full((2, 4), 5.0), scale=0.25)
    True
    """
    lengths = np.vecdot(key, key)  # squared
    beyond = ~np.isfinite(lengths)
    if np.isfinite(key[beyond]).all(axis=-1).any():
        return False
    longest = np.vecdot(query, query).max(initial=0) * lengths.max(where=~beyond, initial=0)
    return bool(longest * scale**2 <= MILD**2)


def _looped(leading, size):
    """Return how many leading dimensions to loop over, the others having at most size heads."""
    axes = len(leading)
    while axes and math.prod(leading[axes - 1 :]) <= size:
        axes -= 1
    return axes
