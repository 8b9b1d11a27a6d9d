"""The specification: attention as plain loops in 50 digits, and how far rounding may stray."""

import mpmath
import numpy as np

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13  # different primes: a swapped axis cannot pass


def attention_by_loops(query, key, value, *, attn_mask=None, is_causal=False, scale=None):
    """Return weights (..., L, S) and output (..., L, d_v), rounded once to float64."""
    query, key, value = (np.asarray(x, dtype=np.float64) for x in (query, key, value))
    leading = np.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2])
    added = np.zeros(()) if attn_mask is None else np.asarray(attn_mask)
    if added.dtype == bool:
        added = np.where(added, 0.0, -np.inf)

    query, key, value = (np.broadcast_to(x, leading + x.shape[-2:]) for x in (query, key, value))
    added = np.broadcast_to(added, (*leading, query.shape[-2], key.shape[-2]))
    weights = np.zeros(added.shape)
    output = np.zeros((*leading, query.shape[-2], value.shape[-1]))
    for head in np.ndindex(leading):
        weights[head], output[head] = _one_head(
            query[head], key[head], value[head], added[head], is_causal, scale
        )
    return weights, output


def _one_head(query, key, value, added, is_causal, scale):
    weights = np.zeros(added.shape)
    output = np.zeros((len(query), value.shape[-1]))
    with mpmath.workdps(50):
        scale = 1 / mpmath.sqrt(query.shape[-1]) if scale is None else mpmath.mpf(scale)
        for i in range(len(query)):
            chances = {}  # of the keys that query i may attend to
            for j in range(len(key)):
                if added[i, j] == -np.inf or (is_causal and j > i):
                    continue
                score = mpmath.mpf(0)
                for c in range(query.shape[-1]):
                    score += mpmath.mpf(query[i, c]) * key[j, c]
                chances[j] = mpmath.exp(score * scale + added[i, j])
            total = sum(chances.values())
            for j, chance in chances.items():
                weights[i, j] = chance / total
            for c in range(value.shape[-1]):
                output[i, c] = sum(chance / total * value[j, c] for j, chance in chances.items())
    return weights, output


def rounding(query, key, *, attn_mask=None, is_causal=False, scale=None, dtype):
    """Bound the relative error of weights that are computed and returned in a dtype.

    A score of size M (the absolute values of all that it adds up) is off by (d_k + 4) M eps / 2.
    exp makes that a relative error, once above and once below the fraction bar; exp, sums and
    division add S + 4 roundings. The factor 2 covers what is of second order. The same bound, times
    the largest value, holds for the output.
    """
    query, key = np.asarray(query, dtype=np.float64), np.asarray(key, dtype=np.float64)
    d_k, S = query.shape[-1], key.shape[-2]
    size = (np.abs(query) @ np.abs(key).swapaxes(-1, -2)).max(initial=0)
    size *= 1 / np.sqrt(d_k) if scale is None else abs(scale)
    if attn_mask is not None and attn_mask.dtype != bool:
        size += np.abs(attn_mask).max(where=np.isfinite(attn_mask), initial=0)
    computed = np.promote_types(dtype, np.float32)
    return 2 * np.finfo(computed).eps * ((d_k + 4) * size + S + 4) + np.finfo(dtype).eps
