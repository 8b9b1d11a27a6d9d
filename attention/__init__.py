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

from attention.blocks import EncoderBlock, Sizes
from attention.dot_product import (
    AttentionSteps,
    attention_steps,
    attention_weights,
    scaled_dot_product_attention,
    softmax,
)
from attention.layers import FeedForward, layer_norm
from attention.masks import causal_mask, padding_mask
from attention.multi_head import MultiHeadAttention, merge_heads, split_heads
from attention.parameters import parameter_count
from attention.positional import rotary_positional_encoding, sinusoidal_positional_encoding
from attention.transformer import DecoderOnly, Transformer

__all__ = [
    "AttentionSteps",
    "DecoderOnly",
    "EncoderBlock",
    "FeedForward",
    "MultiHeadAttention",
    "Sizes",
    "Transformer",
    "attention_steps",
    "attention_weights",
    "causal_mask",
    "layer_norm",
    "merge_heads",
    "padding_mask",
    "parameter_count",
    "rotary_positional_encoding",
    "scaled_dot_product_attention",
    "sinusoidal_positional_encoding",
    "softmax",
    "split_heads",
]
