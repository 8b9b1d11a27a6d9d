"""Attention and the Transformer in NumPy, as small as the equations.

Dimensions have one name each, everywhere:

B        batch: sequences that are computed together
H        heads
L        queries: positions that look
S        keys and values: positions that are looked at
d_model  numbers that describe one position of a sequence
d_k      numbers in one query or key; the scores are divided by its square root
d_v      numbers in one value
"""

from attention.dot_product import (
    AttentionSteps,
    attention_steps,
    attention_weights,
    scaled_dot_product_attention,
    softmax,
)
from attention.masks import causal_mask, padding_mask

__all__ = [
    "AttentionSteps",
    "attention_steps",
    "attention_weights",
    "causal_mask",
    "padding_mask",
    "scaled_dot_product_attention",
    "softmax",
]
