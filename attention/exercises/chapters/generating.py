"""Exercises on generating, token by token."""

import numpy as np

from attention import scaled_dot_product_attention, softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def with_temperature(logits, temperature):
    return softmax(logits / temperature)


def keep_likely(logits, p):
    chances = softmax(logits)
    order = np.argsort(-chances)
    before = np.cumsum(chances[order]) - chances[order]
    dropped = order[before >= p]
    chances[dropped] = 0
    return chances / chances.sum()


def attend_with_cache(query, key, value, past_key, past_value):
    keys = np.concatenate([past_key, key])
    values = np.concatenate([past_value, value])
    seen = np.tri(len(query), len(keys), len(past_key), dtype=bool)
    return scaled_dot_product_attention(query, keys, values, attn_mask=seen)


def _likely(keep):
    """Keep the places of the sorted chances for which keep(sorted chances, p) holds."""

    def function(logits, p):
        chances = softmax(logits)
        order = np.argsort(-chances)
        kept = np.zeros_like(chances)
        kept[order] = np.where(keep(chances[order], p), chances[order], 0)
        return kept / kept.sum()

    return function


def _with_cache(scale=None, offset=None):
    """Attend with another scale, or with the diagonal of the mask moved to offset(S)."""

    def function(query, key, value, past_key, past_value):
        keys, values = np.concatenate([past_key, key]), np.concatenate([past_value, value])
        diagonal = len(past_key) if offset is None else offset(len(past_key))
        seen = np.tri(len(query), len(keys), diagonal, dtype=bool)
        factor = None if scale is None else scale(len(keys))
        return scaled_dot_product_attention(query, keys, values, attn_mask=seen, scale=factor)

    return function


def _logits(rng):
    size = rng.choice([1, 10, 1000])  # large logits leave the range of exp
    return size * rng.normal(size=rng.choice([2, 3, 5, 7, 11]))


def _draw_cache(rng):
    L, S, d = rng.choice([1, 2, 3, 5]), rng.choice([1, 3, 7, 11]), rng.choice([2, 3, 5, 7])
    size = rng.choice([1, 3, 50])
    return tuple(
        x * rng.normal(size=(n, d)) for x, n in ((size, L), (size, L), (1, L), (size, S), (1, S))
    )


EXERCISES = (
    Exercise(
        chapter="11-generating",
        prompt=(
            "Write `with_temperature(logits, temperature)`: the chances of the next token, "
            "nearer to a certain choice the lower the temperature. Both have shape "
            "`(vocabulary,)`. Logits may be thousands."
        ),
        reference=with_temperature,
        cases=((*draw(15, (5,)), 0.5),),
        drawn=lambda rng: (_logits(rng), rng.choice([0.2, 0.7, 1.5, 4.0, 300.0])),
        mutants=(
            Mutant(
                "multiplied",
                lambda logits, temperature: softmax(logits * temperature),
                "You multiplied: a low temperature would then flatten the chances, so divide.",
            ),
            Mutant(
                "after the softmax",
                lambda logits, temperature: softmax(logits) / temperature,
                "You divided the chances: they no longer sum to 1, so divide the logits.",
            ),
            Mutant(
                "root of the temperature",
                lambda logits, temperature: softmax(logits / temperature**0.5),
                "You divided by the root of the temperature: the temperature itself divides.",
            ),
            Mutant(
                "no temperature",
                lambda logits, temperature: softmax(logits),
                "Your temperature has no effect: it must divide the logits.",
            ),
            Mutant(
                "maximum left in",
                lambda logits, temperature: (
                    np.exp(logits / temperature) / np.exp(logits / temperature).sum()
                ),
                "Right for small logits alone: subtract the largest, or the exponential overflows.",
                chapter="12-long-sequences",
            ),
        ),
    ),
    Exercise(
        chapter="11-generating",
        prompt=(
            "Write `keep_likely(logits, p)`, which is top-p: chances `(vocabulary,)` in which only "
            "the most probable tokens take part, the fewest that have the chance `p` together. "
            "No two logits are equal."
        ),
        reference=keep_likely,
        cases=((np.log([0.1, 0.5, 0.15, 0.25]), 0.7),),
        drawn=lambda rng: (_logits(rng), 1 - 10 ** rng.uniform(-4, -0.05)),
        mutants=(
            Mutant(
                "one too few",
                _likely(lambda chances, p: np.cumsum(chances) <= p),
                "You left out the token with which the sum reaches p: it takes part too.",
            ),
            Mutant(
                "each by itself",
                _likely(lambda chances, p: chances >= p),
                "You asked each token by itself for the chance p: they are to have it together.",
            ),
            Mutant(
                "p for k",
                _likely(lambda chances, p: np.arange(len(chances)) < p * len(chances)),
                "You kept the share p of the tokens: it is a share of the chance that is meant.",
            ),
            Mutant(
                "not normalised",
                lambda logits, p: np.where(keep_likely(logits, p) > 0, softmax(logits), 0),
                "The chances of those kept do not sum to 1: they must share the whole.",
            ),
            Mutant(
                "not put back",
                lambda logits, p: -np.sort(-keep_likely(logits, p)),
                "Your chances are sorted: token i must keep place i.",
            ),
            Mutant(
                "maximum left in",
                lambda logits, p: (
                    np.where(keep_likely(logits, p) > 0, np.exp(logits), 0)
                    / np.exp(logits)[keep_likely(logits, p) > 0].sum()
                ),
                "Right for small logits alone: subtract the largest, or the exponential overflows.",
                chapter="12-long-sequences",
            ),
        ),
    ),
    Exercise(
        chapter="11-generating",
        prompt=(
            "Several tokens are read at once: `query`, `key` and `value`, each `(L, d)`. Earlier "
            "ones left `past_key` and `past_value` `(S, d)`. Write `attend_with_cache(query, key, "
            "value, past_key, past_value)`: the new rows of output `(L, d)`. A token sees all "
            "earlier ones and itself."
        ),
        reference=attend_with_cache,
        cases=(draw(16, (2, 2), (2, 2), (2, 2), (3, 2), (3, 2)),),
        drawn=_draw_cache,
        mutants=(
            Mutant(
                "past forgotten",
                lambda query, key, value, past_key, past_value: scaled_dot_product_attention(
                    query, key, value, is_causal=True
                ),
                "You looked at the new keys alone, and forgot the past.",
            ),
            Mutant(
                "new keys left out",
                lambda query, key, value, past_key, past_value: scaled_dot_product_attention(
                    query, past_key, past_value
                ),
                "You looked at the past alone: a token sees itself too.",
            ),
            Mutant(
                "no mask",
                _with_cache(offset=lambda S: 10**6),
                "Your first new token sees those after it: hide them.",
                chapter="06-masks",
            ),
            Mutant(
                "mask from the top left",
                _with_cache(offset=lambda S: 0),
                "Your mask begins at key 0: new token i stands at place S + i.",
                chapter="06-masks",
            ),
            Mutant(
                "not itself",
                _with_cache(offset=lambda S: S - 1),
                "Your tokens do not see themselves: the diagonal belongs to what is seen.",
                chapter="06-masks",
            ),
            Mutant(
                "no scale",
                _with_cache(scale=lambda S: 1.0),
                "You did not scale the scores: divide them by the root of d.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "root of 2",
                _with_cache(scale=lambda S: 2**-0.5),
                "You divided by the root of 2, which is right for d = 2 alone.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "length for d",
                _with_cache(scale=lambda S: S**-0.5),
                "You divided by the root of the number of keys: it is the root of d.",
                chapter="05-why-sqrt-d",
            ),
            Mutant(
                "values out of step",
                lambda query, key, value, past_key, past_value: attend_with_cache(
                    query,
                    key,
                    np.vstack([value, past_value])[len(past_value) :],
                    past_key,
                    np.vstack([value, past_value])[: len(past_value)],
                ),
                "You appended the keys and put the values in front: a key must meet its own value.",
            ),
        ),
    ),
)
