"""Exercises on several heads."""

import numpy as np

from attention import merge_heads, scaled_dot_product_attention, split_heads
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def to_heads(x, num_heads):
    L, d_model = x.shape
    return x.reshape(L, num_heads, d_model // num_heads).swapaxes(0, 1)


def from_heads(x):
    num_heads, L, d_v = x.shape
    return x.swapaxes(0, 1).reshape(L, num_heads * d_v)


def several_heads(x, W_q, W_k, W_v, W_o, num_heads):
    query, key, value = (split_heads(x @ W, num_heads) for W in (W_q, W_k, W_v))
    return merge_heads(scaled_dot_product_attention(query, key, value)) @ W_o


def _several_heads(x, W_q, W_k, W_v, num_heads, *, split=split_heads, merge=merge_heads, d=None):
    query, key, value = (split(x @ W, num_heads) for W in (W_q, W_k, W_v))
    scale = (d or query.shape[-1]) ** -0.5
    return merge(scaled_dot_product_attention(query, key, value, scale=scale))


def _reshape_only(x, num_heads):
    return x.reshape(num_heads, len(x), -1)


EXERCISES = (
    Exercise(
        chapter="07-multi-head",
        prompt=(
            "Write `to_heads(x, num_heads)`: split `(L, d_model)` into heads, `(num_heads, L, "
            "d_model / num_heads)`. Each head gets its components of **every** word."
        ),
        reference=to_heads,
        cases=((np.arange(18.0).reshape(3, 6), 2),),
        mutants=(
            Mutant(
                "wrong reshape",
                _reshape_only,
                "You reshaped at once, which cuts by words: split the last axis, then move it.",
            ),
            Mutant(
                "every other component",
                lambda x, num_heads: x.reshape(len(x), -1, num_heads).transpose(2, 0, 1),
                "You dealt the components out in turn: a head owns a block of neighbours.",
            ),
            Mutant(
                "heads not in front",
                lambda x, num_heads: x.reshape(len(x), num_heads, -1),
                "You split, but left the words in front: move the axis of the heads.",
            ),
            Mutant(
                "words last",
                lambda x, num_heads: x.T.reshape(num_heads, -1, len(x)),
                "Your words are in the last axis: in each head rows are words.",
            ),
        ),
    ),
    Exercise(
        chapter="07-multi-head",
        prompt=(
            "Write `from_heads(x)`, the way back: `(num_heads, L, d_v)` to `(L, num_heads * "
            "d_v)`, the heads side by side."
        ),
        reference=from_heads,
        cases=((np.arange(18.0).reshape(2, 3, 3),),),
        mutants=(
            Mutant(
                "wrong reshape",
                lambda x: x.reshape(x.shape[1], -1),
                "You reshaped at once, which mixes words: move the axis of the heads first.",
            ),
            Mutant(
                "components in turn",
                lambda x: x.transpose(1, 2, 0).reshape(x.shape[1], -1),
                "You took one component of each head in turn: put whole heads side by side.",
            ),
            Mutant(
                "heads added",
                lambda x: x.sum(axis=0),
                "You added the heads: side by side, nothing of them is lost.",
            ),
            Mutant(
                "heads below each other",
                lambda x: x.reshape(-1, x.shape[2]),
                "You put heads below each other: each word has one row that holds all heads.",
            ),
        ),
    ),
    Exercise(
        chapter="07-multi-head",
        prompt=(
            "Write `several_heads(x, W_q, W_k, W_v, W_o, num_heads)`: self-attention of `x` "
            "`(L, d_model)` with heads that own blocks of columns. The answer is `(L, "
            "d_model)`. You may use `split_heads`, `merge_heads` and "
            "`scaled_dot_product_attention`."
        ),
        reference=several_heads,
        cases=((*draw(9, (5, 6), (6, 6), (6, 6), (6, 6), (6, 6)), 2),),
        mutants=(
            Mutant(
                "d_model for d_k",
                lambda x, W_q, W_k, W_v, W_o, num_heads: (
                    _several_heads(x, W_q, W_k, W_v, num_heads, d=len(W_q)) @ W_o
                ),
                "You divided by the root of d_model: the query of a head has d_k components.",
            ),
            Mutant(
                "wrong reshape",
                lambda x, W_q, W_k, W_v, W_o, num_heads: (
                    _several_heads(x, W_q, W_k, W_v, num_heads, split=_reshape_only) @ W_o
                ),
                "You reshaped into heads at once, which cuts by words and not by components.",
            ),
            Mutant(
                "wrong reshape back",
                lambda x, W_q, W_k, W_v, W_o, num_heads: (
                    _several_heads(
                        x, W_q, W_k, W_v, num_heads, merge=lambda heads: heads.reshape(x.shape)
                    )
                    @ W_o
                ),
                "You reshaped the heads back at once, which mixes words: move their axis first.",
            ),
            Mutant(
                "no W_o",
                lambda x, W_q, W_k, W_v, W_o, num_heads: _several_heads(
                    x, W_q, W_k, W_v, num_heads
                ),
                "You left out W_o: without it the heads never meet.",
            ),
            Mutant(
                "one head",
                lambda x, W_q, W_k, W_v, W_o, num_heads: _several_heads(x, W_q, W_k, W_v, 1) @ W_o,
                "You did not split: one head of all components has one row of weights a word.",
            ),
        ),
    ),
)
