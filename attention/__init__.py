"""Attention and the Transformer in NumPy, as small as the equations.

Dimensions have one name each, everywhere:

B        batch: sequences that are computed together
H        heads
L        queries: positions that look
S        keys and values: positions that are looked at
d_model  numbers that describe one position of a sequence
d_k      numbers in one query or key; the scores are divided by its square root
d_v      numbers in one value
d_ff     numbers within a feed-forward layer, between its two matrices
"""

from attention.blocks import DecoderBlock, EncoderBlock, Sizes
from attention.blockwise import (
    Partial,
    blockwise_attention,
    merge,
    partial_attention,
    scaled_dot_product_attention,
)
from attention.dot_product import AttentionSteps, attention_steps, attention_weights, softmax
from attention.layers import FeedForward, LayerNorm, gelu, layer_norm, relu
from attention.masks import causal_mask, padding_mask
from attention.multi_head import MultiHeadAttention, merge_heads, split_heads
from attention.parameters import ShapesOnly, parameter_count, parameters, with_parameters
from attention.positional import sinusoidal_positional_encoding
from attention.transformer import DecoderOnly, Transformer, embed

__all__ = [
    "AttentionSteps",
    "DecoderBlock",
    "DecoderOnly",
    "EncoderBlock",
    "FeedForward",
    "LayerNorm",
    "MultiHeadAttention",
    "Partial",
    "ShapesOnly",
    "Sizes",
    "Transformer",
    "attention_steps",
    "attention_weights",
    "blockwise_attention",
    "causal_mask",
    "embed",
    "gelu",
    "layer_norm",
    "merge",
    "merge_heads",
    "padding_mask",
    "parameter_count",
    "parameters",
    "partial_attention",
    "relu",
    "scaled_dot_product_attention",
    "sinusoidal_positional_encoding",
    "softmax",
    "split_heads",
    "with_parameters",
]
