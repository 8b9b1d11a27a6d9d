"""Exercises on generating, token by token."""

import numpy as np

from attention import scaled_dot_product_attention, softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def with_temperature(logits, temperature):
    return softmax(logits / temperature)


def keep_top(logits, k):
    smallest_kept = np.sort(logits)[-k]
    return softmax(np.where(logits >= smallest_kept, logits, -np.inf))


def attend_with_cache(query, key, value, past_key, past_value):
    key = np.concatenate([past_key, key])
    value = np.concatenate([past_value, value])
    return scaled_dot_product_attention(query, key, value)


EXERCISES = (
    Exercise(
        chapter="11-generating",
        prompt=(
            "Write `with_temperature(logits, temperature)`: the chances of the next token, "
            "nearer to a certain choice the lower the temperature. Both have shape "
            "`(vocabulary,)`."
        ),
        reference=with_temperature,
        cases=((*draw(15, (5,)), 0.5),),
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
                "You left the temperature out: that is right at temperature 1 alone.",
            ),
        ),
    ),
    Exercise(
        chapter="11-generating",
        prompt=(
            "Write `keep_top(logits, k)`: chances `(vocabulary,)` in which only the `k` tokens "
            "with the largest logits take part. No two logits are equal."
        ),
        reference=keep_top,
        cases=((np.array([1.2, -0.4, 2.0, 0.3, -1.1]), 2),),
        mutants=(
            Mutant(
                "keeps the smallest",
                lambda logits, k: softmax(
                    np.where(logits <= np.sort(logits)[k - 1], logits, -np.inf)
                ),
                "You kept the k smallest: sorting puts the largest at the end.",
            ),
            Mutant(
                "not normalised",
                lambda logits, k: softmax(logits) * (logits >= np.sort(logits)[-k]),
                "You removed tokens after the softmax: those kept must share the whole.",
            ),
            Mutant(
                "logit 0 for the rest",
                lambda logits, k: softmax(logits * (logits >= np.sort(logits)[-k])),
                "You gave the rest a logit of 0, which is one like any other: use minus infinity.",
            ),
            Mutant(
                "one too few",
                lambda logits, k: softmax(np.where(logits > np.sort(logits)[-k], logits, -np.inf)),
                "You kept one token too few: the k-th largest takes part too.",
            ),
            Mutant(
                "one too many",
                lambda logits, k: keep_top(logits, k + 1),
                "You kept one token too many: count from the end, beginning with 1.",
            ),
        ),
    ),
    Exercise(
        chapter="11-generating",
        prompt=(
            "A new token brings one `query`, `key` and `value`, each `(1, d)`; earlier ones "
            "left `past_key` and `past_value` `(S, d)`. Write `attend_with_cache(query, key, "
            "value, past_key, past_value)`: the new row of output."
        ),
        reference=attend_with_cache,
        cases=(draw(16, (1, 2), (1, 2), (1, 2), (3, 2), (3, 2)),),
        mutants=(
            Mutant(
                "past forgotten",
                lambda query, key, value, past_key, past_value: value,
                "You looked at the new key alone: that returns its value, and forgets the past.",
            ),
            Mutant(
                "new key left out",
                lambda query, key, value, past_key, past_value: scaled_dot_product_attention(
                    query, past_key, past_value
                ),
                "You looked at the past alone: a token may see itself too.",
            ),
            Mutant(
                "mask from the top left",
                lambda query, key, value, past_key, past_value: past_value[:1].copy(),
                "A causal mask of one row lets the query see key 0 alone: the last row is meant.",
                chapter="06-masks",
            ),
            Mutant(
                "values out of step",
                lambda query, key, value, past_key, past_value: attend_with_cache(
                    query, key, past_value[-1:], past_key, np.vstack([value, past_value[:-1]])
                ),
                "You appended the key and put the value in front: a key must meet its own value.",
            ),
        ),
    ),
)
