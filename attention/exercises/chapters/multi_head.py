"""Exercises on several heads."""

import numpy as np

from attention import merge_heads, scaled_dot_product_attention, split_heads
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def to_heads(x, num_heads):
    L, d_model = x.shape
    return x.reshape(L, num_heads, d_model // num_heads).swapaxes(0, 1)


def several_heads(x, W_q, W_k, W_v, W_o, num_heads):
    query, key, value = (split_heads(x @ W, num_heads) for W in (W_q, W_k, W_v))
    return merge_heads(scaled_dot_product_attention(query, key, value)) @ W_o


def head_shares(heads, W_o):
    H, L, d_v = heads.shape
    return heads @ W_o.reshape(H, d_v, -1)


def cache_bytes(tokens, layers, d_model, heads, key_heads, size):
    d_k = d_model // heads
    return 2 * layers * tokens * key_heads * d_k * size


def _several_heads(x, W_q, W_k, W_v, num_heads, *, split=split_heads, merge=merge_heads, d=None):
    query, key, value = (split(x @ W, num_heads) for W in (W_q, W_k, W_v))
    scale = (d or query.shape[-1]) ** -0.5
    return merge(scaled_dot_product_attention(query, key, value, scale=scale))


def _reshape_only(x, num_heads):
    return x.reshape(num_heads, len(x), -1)


def _two_halves(x, num_heads):
    half = x.shape[1] // 2
    return np.stack([x[:, :half], x[:, half : 2 * half]])


def _words_and_heads(rng):
    L, H, d_k = (int(n) for n in rng.choice([1, 2, 3, 5], size=3))
    return rng.normal(size=(L, H * d_k)).round(1), H


def _layer(rng):
    L, H, d_k = (int(n) for n in rng.choice([1, 2, 3, 5], size=3))
    d_model, size = H * d_k, rng.choice([1, 10])  # with 10 no float holds the exponentials
    x = size * rng.normal(size=(L, d_model))
    return x, *rng.normal(size=(4, d_model, d_model)), H


def _outputs_of_heads(rng):
    H, L, d_v, d_model = rng.choice([1, 2, 3, 5, 7], size=4)
    return rng.normal(size=(H, L, d_v)), rng.normal(size=(H * d_v, d_model))


def _sizes(rng):
    key_heads, group, d_k = (int(n) for n in rng.choice([1, 2, 4, 8], size=3))
    heads = key_heads * group
    tokens, layers = int(rng.integers(1, 999)), int(rng.integers(1, 99))
    return tokens, layers, heads * d_k, heads, key_heads, int(rng.choice([1, 2, 4]))


EXERCISES = (
    Exercise(
        chapter="07-multi-head",
        prompt=(
            "Write `to_heads(x, num_heads)`: split `(L, d_model)` into heads, `(num_heads, L, "
            "d_model / num_heads)`. Each head gets its components of **every** word."
        ),
        reference=to_heads,
        cases=((np.arange(18.0).reshape(3, 6), 2),),
        drawn=_words_and_heads,
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
            Mutant(
                "two heads only",
                _two_halves,
                "You cut into two halves: there may be more heads than two, or one.",
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
        drawn=_layer,
        mutants=(
            Mutant(
                "no scale",
                lambda x, W_q, W_k, W_v, W_o, num_heads: (
                    _several_heads(x, W_q, W_k, W_v, num_heads, d=1) @ W_o
                ),
                "You left the scores as they are: divide them by the root of a head's d_k.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "/ d_k",
                lambda x, W_q, W_k, W_v, W_o, num_heads: (
                    _several_heads(x, W_q, W_k, W_v, num_heads, d=(len(W_q) // num_heads) ** 2)
                    @ W_o
                ),
                "You divided by d_k: its square root scales.",
                chapter="05-why-sqrt-d",
            ),
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
                "You left out W_o: each head is multiplied by its rows of W_o, and all are added.",
            ),
            Mutant(
                "one head",
                lambda x, W_q, W_k, W_v, W_o, num_heads: _several_heads(x, W_q, W_k, W_v, 1) @ W_o,
                "You did not split: one head of all components has one row of weights a word.",
            ),
            Mutant(
                "two heads only",
                lambda x, W_q, W_k, W_v, W_o, num_heads: (
                    _several_heads(
                        x, W_q, W_k, W_v, 2, split=lambda x, _: _two_halves(x, 2), merge=np.hstack
                    )
                    @ W_o
                ),
                "You made two heads: num_heads says how many there are.",
            ),
        ),
    ),
    Exercise(
        chapter="07-multi-head",
        prompt=(
            "The outputs of the heads are `heads` `(H, L, d_v)`, and `W_o` is `(H * d_v, "
            "d_model)`. Write `head_shares(heads, W_o)`: what each head adds to the output, "
            "`(H, L, d_model)`, without putting the heads side by side."
        ),
        reference=head_shares,
        cases=(draw(10, (2, 3, 2), (4, 5)),),
        drawn=_outputs_of_heads,
        mutants=(
            Mutant(
                "one block for all",
                lambda heads, W_o: heads @ W_o[: heads.shape[2]],
                "You gave all heads the first rows of W_o: each head has d_v rows of its own.",
            ),
            Mutant(
                "rows in turn",
                lambda heads, W_o: (
                    heads @ W_o.reshape(heads.shape[2], len(heads), -1).swapaxes(0, 1)
                ),
                "You dealt the rows of W_o out in turn: a head owns a block of neighbours.",
            ),
            Mutant(
                "equal shares",
                lambda heads, W_o: np.repeat(
                    [merge_heads(heads) @ W_o / len(heads)], len(heads), axis=0
                ),
                "You divided the output by the number of heads: they do not add the same.",
            ),
            Mutant(
                "added up",
                lambda heads, W_o: merge_heads(heads) @ W_o,
                "That is the sum of all shares: keep them apart, one for each head.",
            ),
            Mutant(
                "last head first",
                lambda heads, W_o: heads @ W_o.reshape(len(heads), heads.shape[2], -1)[::-1],
                "You began with the last rows of W_o: the first head owns the first ones.",
            ),
        ),
    ),
    Exercise(
        chapter="07-multi-head",
        prompt=(
            "In each of `layers` layers `heads` query heads split `d_model` components among them "
            "and share `key_heads` heads of keys and values. Write `cache_bytes(tokens, layers, "
            "d_model, heads, key_heads, size)`: the bytes that the keys and values of `tokens` "
            "tokens take, at `size` bytes a number."
        ),
        reference=cache_bytes,
        cases=((5, 2, 12, 6, 3, 4),),
        drawn=_sizes,
        mutants=(
            Mutant(
                "keys alone",
                lambda tokens, layers, d_model, heads, key_heads, size: (
                    layers * tokens * key_heads * (d_model // heads) * size
                ),
                "You kept the keys alone: each key comes with a value of the same size.",
            ),
            Mutant(
                "no sharing",
                lambda tokens, layers, d_model, heads, key_heads, size: (
                    2 * layers * tokens * d_model * size
                ),
                "That is all of d_model: key_heads are kept, each of them d_model / heads long.",
            ),
            Mutant(
                "d_model for d_k",
                lambda tokens, layers, d_model, heads, key_heads, size: (
                    2 * layers * tokens * key_heads * d_model * size
                ),
                "You gave a head all of d_model: it has a part, d_model / heads.",
            ),
            Mutant(
                "one layer",
                lambda tokens, layers, d_model, heads, key_heads, size: (
                    2 * tokens * key_heads * (d_model // heads) * size
                ),
                "You counted one layer: each has keys and values of its own.",
            ),
            Mutant(
                "numbers for bytes",
                lambda tokens, layers, d_model, heads, key_heads, size: (
                    2 * layers * tokens * key_heads * (d_model // heads)
                ),
                "You counted numbers: each takes some bytes.",
            ),
        ),
    ),
)
