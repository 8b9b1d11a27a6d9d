"""Problems to be solved by hand: numbers chosen so that rounding on the way changes no answer."""

from typing import NamedTuple

import numpy as np

from attention.dot_product import AttentionSteps, attention_steps
from attention.exercises import EXERCISES

MOST = 500  # problems on a sheet, far fewer than there are
MISTAKES = {  # by exercise; no mistake whose output no average could be
    "attend": ["no scale", "/ d_k", "length for d_k"],
    "soft_lookup": ["plain average", "hard lookup"],
}
APART = 0.3  # how far in some component an option is from every other, at least
OPTIONS = 4


class Option(NamedTuple):
    """One answer to choose, and the mistake that leads to it; the right one has none."""

    output: np.ndarray  # (d_v,)
    mistake: str = ""
    hint: str = ""


class Problem(NamedTuple):
    """One query, two or three keys with their values, the four steps, and answers to choose."""

    query: np.ndarray  # (1, d_k)
    key: np.ndarray  # (S, d_k)
    value: np.ndarray  # (S, d_v)
    steps: AttentionSteps
    options: tuple[Option, ...]


def problems(seed, count):
    """Draw different problems with integers: -> a list of count Problems, the same for each seed.

    Raises: ValueError if seed is negative or count is not between 1 and 500.

    >>> [problem] = problems(seed=7, count=1)
    >>> np.sqrt(problem.query.shape[1]) in (2, 3)
    True
    """
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, got {seed}")
    if not 1 <= count <= MOST:
        raise ValueError(f"count must be between 1 and {MOST}, got {count}")
    rng, found = np.random.default_rng(seed), {}
    while len(found) < count:
        root, S = rng.choice([2, 2, 3]), rng.integers(2, 4)
        query = rng.integers(-1, 3, (1, root**2))
        key = rng.integers(-1, 3, (S, root**2))
        value = rng.integers(0, 10, (S, 2))
        scaled, remainder = np.divmod(query @ key.T, root)
        # Few enough powers of e, and a softmax that does not decide everything.
        if remainder.any() or not 1 <= np.ptp(scaled) <= 3:
            continue
        steps = attention_steps(query, key, value)
        if not _same_by_hand(steps, value):
            continue
        options = _options(rng, query, key, value, steps)
        if len(options) == OPTIONS:
            given = tuple(np.concatenate([query, key], axis=None)), tuple(value.flat)
            found[given] = Problem(query, key, value, steps, options)
    return list(found.values())


def by_hand(weights, value):
    """Average with weights of two digits, in hundredths, without rounding on the way: (d_v,).

    >>> by_hand(np.array([0.268941, 0.731059]), np.array([[1, 2], [3, 4]]))
    array([246, 346])
    """
    return np.rint(100 * weights).astype(int) @ value


def _same_by_hand(steps, value):
    """Say whether who rounds the weights finds the same output, to one digit, and no tie."""
    [weights], [output] = steps.weights, steps.output
    hundredths = by_hand(weights, value)
    is_clear = np.abs(output * 10 % 1 - 0.5) > 0.05
    same = np.rint(hundredths / 10) == np.rint(output * 10)
    # Two-digit weights that do not sum to 1 would look like a mistake.
    sums_to_one = np.rint(100 * weights).sum() == 100
    return sums_to_one and np.all(same & is_clear & (hundredths % 10 != 5))


def _options(rng, query, key, value, steps):
    """Return the right output and those of mistakes, in any order, no two of them near."""
    inputs = {"attend": (query, key, value), "soft_lookup": (steps.weights, value)}
    found = [
        (EXERCISES[exercise].mutant(name), inputs[exercise])
        for exercise, names in MISTAKES.items()
        for name in names
    ]
    options = [Option(steps.output[0])]
    for i in rng.permutation(len(found)):
        mutant, given = found[i]
        output = mutant.function(*given)[0]
        if all(np.abs(output - other.output).max() >= APART for other in options):
            options.append(Option(output, mutant.name, mutant.hint))
    kept = options[:OPTIONS]
    return tuple(kept[i] for i in rng.permutation(len(kept)))
