"""Multi-head attention, Vaswani et al. (2017), section 3.2.2.

    head_i = attention(query @ W_q_i, key @ W_k_i, value @ W_v_i)
    output = concatenate(head_1 ... head_H) @ W_o

The W_q_i of all heads stand side by side in one matrix W_q, so one product makes all queries and a
reshape tells the heads apart. As in the paper there are no biases.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from attention._checks import widen
from attention.dot_product import attention_weights
from attention.parameters import draw_matrix


def split_heads(x, num_heads):
    """Split the model dimension into heads: (..., L, d_model) -> (..., H, L, d_model / H).

    Head i gets columns i * d_model / H up to those of head i + 1, all positions of them.

    Raises: ValueError if d_model is not a multiple of num_heads.

    >>> split_heads(np.zeros((2, 5, 6)), num_heads=3).shape
    (2, 3, 5, 2)
    """
    x = np.asarray(x)
    if x.ndim < 2 or num_heads < 1 or x.shape[-1] % num_heads:
        raise ValueError(
            "x must have shape (..., L, d_model) with d_model a multiple of num_heads, "
            f"got x {x.shape} and num_heads {num_heads}"
        )
    # A reshape to (..., H, L, d_model / H) has the same shape, but mixes positions into heads.
    return x.reshape(*x.shape[:-1], num_heads, x.shape[-1] // num_heads).swapaxes(-2, -3)


def merge_heads(x):
    """Put the heads side by side again: (..., H, L, d_v) -> (..., L, H * d_v).

    Raises: ValueError if x has fewer than three axes.

    >>> x = np.arange(60).reshape(2, 5, 6)
    >>> np.array_equal(merge_heads(split_heads(x, num_heads=3)), x)
    True
    """
    x = np.asarray(x)
    if x.ndim < 3:
        raise ValueError(f"x must have shape (..., H, L, d_v), got {x.shape}")
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1])


class MultiHeadSteps(NamedTuple):
    """The intermediate results of multi-head attention, in the order in which they are computed."""

    inputs: tuple  # query (..., L, d_model), key and value (..., S, d_model) as they came
    query: np.ndarray  # (..., H, L, d_k)
    key: np.ndarray  # (..., H, S, d_k), those of the past in front
    value: np.ndarray  # (..., H, S, d_v), those of the past in front
    weights: np.ndarray  # (..., H, L, S), rows sum to 1
    heads: np.ndarray  # (..., L, H * d_v), the outputs of the heads side by side
    output: np.ndarray  # (..., L, d_model)


@dataclass(frozen=True, eq=False)
class MultiHeadAttention:
    """H attentions side by side, each with projections of its own: (..., L, d_model), same out.

    float16 is computed in float32, from the projections to the output, and returned as float16.
    W_q and W_k (d_model, H * d_k), W_v (d_model, H * d_v), W_o (H * d_v, d_model). The mask is that
    of scaled_dot_product_attention and broadcasts to (..., H, L, S): it has an axis for the heads.

    Raises: ValueError for shapes that do not fit.
    Source: Vaswani et al. (2017), section 3.2.2.

    >>> layer = MultiHeadAttention.init(np.random.default_rng(0), d_model=6, num_heads=3)
    >>> x = np.ones((2, 5, 6))
    >>> layer(x, x, x, is_causal=True).shape
    (2, 5, 6)
    >>> layer.weights(x, x)[0, 0, 0]
    array([0.2, 0.2, 0.2, 0.2, 0.2])
    """

    W_q: np.ndarray
    W_k: np.ndarray
    W_v: np.ndarray
    W_o: np.ndarray
    num_heads: int
    scale: float | None = None  # 1 / sqrt(d_k) if None

    def __post_init__(self):
        shapes = {name: getattr(self, name).shape for name in ("W_q", "W_k", "W_v", "W_o")}
        got = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        if any(len(shape) != 2 for shape in shapes.values()):
            raise ValueError(f"weights must have shape (d_in, d_out), got {got}")
        if shapes["W_q"][1] != shapes["W_k"][1] or shapes["W_v"][1] != shapes["W_o"][0]:
            raise ValueError(f"W_q and W_k must share H * d_k, W_v and W_o H * d_v, got {got}")
        if self.num_heads < 1 or any(shapes[W][1] % self.num_heads for W in ("W_q", "W_v")):
            raise ValueError(f"weights must split into num_heads = {self.num_heads}, got {got}")

    @classmethod
    def init(cls, rng, d_model, num_heads, *, d_k=None, scale=None, dtype=np.float64):
        """Draw a layer with d_v = d_model / num_heads, and d_k the same unless given."""
        if num_heads < 1 or d_model % num_heads:
            raise ValueError(
                f"d_model must be a multiple of num_heads, got {d_model} and {num_heads}"
            )
        d_key = d_model if d_k is None else num_heads * d_k
        shapes = (d_model, d_key), (d_model, d_key), (d_model, d_model), (d_model, d_model)
        W_q, W_k, W_v, W_o = (draw_matrix(rng, *shape, dtype) for shape in shapes)
        return cls(W_q, W_k, W_v, W_o, num_heads, scale)

    def __call__(self, query, key, value, *, attn_mask=None, is_causal=False):
        return self.steps(query, key, value, attn_mask=attn_mask, is_causal=is_causal).output

    def weights(self, query, key, *, attn_mask=None, is_causal=False):
        """Return how much each query attends to each key, head by head: (..., H, L, S)."""
        weights = attention_weights(
            self._heads("query", query, self.W_q),
            self._heads("key", key, self.W_k),
            attn_mask=attn_mask,
            is_causal=is_causal,
            scale=self.scale,
        )
        return weights.astype(_dtype(query, key, self.W_q, self.W_k), copy=False)

    def steps(self, query, key, value, *, attn_mask=None, is_causal=False, past=None):
        """Return all intermediate results.

        past, the key and value of earlier steps, saves their projection: they come first in S.
        """
        q = self._heads("query", query, self.W_q)
        k, v = self._heads("key", key, self.W_k), self._heads("value", value, self.W_v)
        if past is not None:
            k, v = (
                np.concatenate([widen(old), new], axis=-2)
                for old, new in zip(past, (k, v), strict=True)
            )
        if k.shape[-2] != v.shape[-2]:
            raise ValueError(
                "key and value must share their length S, "
                f"got key {np.shape(key)} and value {np.shape(value)}"
            )
        weights = attention_weights(
            q, k, attn_mask=attn_mask, is_causal=is_causal, scale=self.scale
        )
        heads = merge_heads(weights @ v)
        results = q, k, v, weights, heads, heads @ widen(self.W_o)
        dtype = _dtype(query, key, value, self.W_q, self.W_k, self.W_v, self.W_o, *(past or ()))
        results = (x.astype(dtype, copy=False) for x in results)
        return MultiHeadSteps((query, key, value), *results)

    def _heads(self, name, x, W):
        x = np.asarray(x)
        if x.ndim < 2 or x.shape[-1] != len(W):
            raise ValueError(
                f"{name} must have shape (..., length, {len(W)}) to fit its weights {W.shape}, "
                f"got {x.shape}"
            )
        return split_heads(widen(x) @ widen(W), self.num_heads)


def _dtype(*arrays):
    return np.result_type(*map(np.asarray, arrays))
