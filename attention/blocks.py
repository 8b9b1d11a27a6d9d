"""The blocks of the Transformer, Vaswani et al. (2017), section 3.1. There is no dropout.

x has shape (..., L, d_model), and masks are those of MultiHeadAttention: (..., H, L, S).
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from attention.layers import FeedForward, LayerNorm, LayerNormSteps
from attention.multi_head import MultiHeadAttention


@dataclass(frozen=True)
class Sizes:
    """What all blocks of a model have in common.

    Normalised after each sum as in the paper, or before each sublayer with pre_norm=True (Xiong et
    al., 2020). d_k is d_model / num_heads and scale 1 / sqrt(d_k) if None.

    >>> sizes = Sizes(d_model=512, num_heads=8, d_ff=2048)  # the base model of the paper
    >>> sizes.attention(np.random.default_rng(0)).W_q.shape
    (512, 512)
    """

    d_model: int
    num_heads: int
    d_ff: int
    pre_norm: bool = False
    activation: str = "relu"
    d_k: int | None = None
    scale: float | None = None
    dtype: Any = np.float64

    def attention(self, rng):
        return MultiHeadAttention.init(
            rng, self.d_model, self.num_heads, d_k=self.d_k, scale=self.scale, dtype=self.dtype
        )

    def feed_forward(self, rng):
        return FeedForward.init(
            rng, self.d_model, self.d_ff, activation=self.activation, dtype=self.dtype
        )

    def norm(self):
        return LayerNorm.init(self.d_model, self.dtype)

    def embedding(self, rng, vocabulary):
        shape = vocabulary, self.d_model
        return rng.normal(0, self.d_model**-0.5, shape).astype(self.dtype, copy=False)

    def final_norm(self):
        """Before each sublayer means not after the last one: that is made up for here."""
        return self.norm() if self.pre_norm else None


class ResidualSteps(NamedTuple):
    """The intermediate results of one sublayer with its residual connection and its norm."""

    norm: LayerNormSteps
    sublayer: Any  # the steps of the sublayer
    output: np.ndarray  # (..., L, d_model)


class Residual(NamedTuple):
    """A sublayer added to its input, and its norm: (..., L, d_model), same out.

    norm(x + sublayer(x)) as in the paper, or x + sublayer(norm(x)) with pre_norm.
    """

    norm: LayerNorm
    sublayer: MultiHeadAttention | FeedForward
    pre_norm: bool

    def steps(self, x, call):
        """Return all intermediate results; call(sublayer, x) returns those of the sublayer."""
        if self.pre_norm:
            normed = self.norm.steps(x)
            steps = call(self.sublayer, normed.output)
            return ResidualSteps(normed, steps, x + steps.output)
        steps = call(self.sublayer, x)
        normed = self.norm.steps(x + steps.output)
        return ResidualSteps(normed, steps, normed.output)


class EncoderBlockSteps(NamedTuple):
    """The intermediate results of an encoder block."""

    attention: ResidualSteps  # its sublayer: MultiHeadSteps
    feed_forward: ResidualSteps  # its sublayer: FeedForwardSteps
    output: np.ndarray  # (..., L, d_model)


@dataclass(frozen=True, eq=False)
class EncoderBlock:
    """Self-attention, then feed-forward, each added to its input: (..., L, d_model), same out.

    Normalised after each sum as in the paper, or before each sublayer with pre_norm=True (Xiong et
    al., 2020). With is_causal=True it is the block of a decoder-only model.

    >>> block = EncoderBlock.init(np.random.default_rng(0), Sizes(d_model=4, num_heads=2, d_ff=16))
    >>> block(np.ones((2, 5, 4)), is_causal=True).shape
    (2, 5, 4)
    """

    attention: MultiHeadAttention
    attention_norm: LayerNorm
    feed_forward: FeedForward
    feed_forward_norm: LayerNorm
    pre_norm: bool = False

    @classmethod
    def init(cls, rng, sizes):
        return cls(
            sizes.attention(rng),
            sizes.norm(),
            sizes.feed_forward(rng),
            sizes.norm(),
            sizes.pre_norm,
        )

    def __call__(self, x, *, attn_mask=None, is_causal=False):
        return self.steps(x, attn_mask=attn_mask, is_causal=is_causal).output

    @property
    def residuals(self):
        """The sublayers with their norms, in order."""
        return (
            Residual(self.attention_norm, self.attention, self.pre_norm),
            Residual(self.feed_forward_norm, self.feed_forward, self.pre_norm),
        )

    def steps(self, x, **mask_and_past):
        """Return all intermediate results; attn_mask, is_causal and past go to the attention."""
        attention, feed_forward = self.residuals
        attended = attention.steps(x, lambda layer, x: layer.steps(x, x, x, **mask_and_past))
        fed = feed_forward.steps(attended.output, FeedForward.steps)
        return EncoderBlockSteps(attended, fed, fed.output)


class DecoderBlockSteps(NamedTuple):
    """The intermediate results of a decoder block."""

    attention: ResidualSteps  # its sublayer: MultiHeadSteps
    cross_attention: ResidualSteps  # its sublayer: MultiHeadSteps
    feed_forward: ResidualSteps  # its sublayer: FeedForwardSteps
    output: np.ndarray  # (..., L, d_model)


@dataclass(frozen=True, eq=False)
class DecoderBlock:
    """Causal self-attention, attention to the memory, feed-forward: (..., L, d_model), same out.

    The memory (..., S, d_model) is what the encoder made of the source.

    >>> sizes = Sizes(d_model=4, num_heads=2, d_ff=16)
    >>> block = DecoderBlock.init(np.random.default_rng(0), sizes)
    >>> block(np.ones((2, 5, 4)), memory=np.ones((2, 7, 4))).shape
    (2, 5, 4)
    """

    attention: MultiHeadAttention
    attention_norm: LayerNorm
    cross_attention: MultiHeadAttention
    cross_attention_norm: LayerNorm
    feed_forward: FeedForward
    feed_forward_norm: LayerNorm
    pre_norm: bool = False

    @classmethod
    def init(cls, rng, sizes):
        return cls(
            sizes.attention(rng),
            sizes.norm(),
            sizes.attention(rng),
            sizes.norm(),
            sizes.feed_forward(rng),
            sizes.norm(),
            sizes.pre_norm,
        )

    def __call__(self, x, memory, *, memory_mask=None):
        return self.steps(x, memory, memory_mask=memory_mask).output

    @property
    def residuals(self):
        """The sublayers with their norms, in order."""
        return (
            Residual(self.attention_norm, self.attention, self.pre_norm),
            Residual(self.cross_attention_norm, self.cross_attention, self.pre_norm),
            Residual(self.feed_forward_norm, self.feed_forward, self.pre_norm),
        )

    def steps(self, x, memory, *, memory_mask=None):
        """Return all intermediate results."""
        attention, cross_attention, feed_forward = self.residuals
        own = attention.steps(x, lambda layer, x: layer.steps(x, x, x, is_causal=True))
        crossed = cross_attention.steps(
            own.output, lambda layer, x: layer.steps(x, memory, memory, attn_mask=memory_mask)
        )
        fed = feed_forward.steps(crossed.output, FeedForward.steps)
        return DecoderBlockSteps(own, crossed, fed, fed.output)
