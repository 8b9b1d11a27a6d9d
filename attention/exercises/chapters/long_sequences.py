"""Exercises on long sequences, part by part."""

import math

import numpy as np

from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def merge_parts(average_a, maximum_a, total_a, average_b, maximum_b, total_b):
    maximum = np.maximum(maximum_a, maximum_b)
    share_a = total_a * np.exp(maximum_a - maximum)
    share_b = total_b * np.exp(maximum_b - maximum)
    return (share_a * average_a + share_b * average_b) / (share_a + share_b)


def merge_logs(average_a, log_a, average_b, log_b):
    larger = np.maximum(log_a, log_b)
    share_a, share_b = np.exp(log_a - larger), np.exp(log_b - larger)
    return (share_a * average_a + share_b * average_b) / (share_a + share_b)


def causal_tiles(L, block):
    rows = -(-L // block)  # rounded up: a row of tiles that is not full counts
    return rows * (rows + 1) // 2


def _merge(average_a, share_a, average_b, share_b):
    return (share_a * average_a + share_b * average_b) / (share_a + share_b)


_AVERAGE_A, _AVERAGE_B = draw(18, (2, 3), (2, 3))
_MAXIMUM_A, _TOTAL_A = np.array([[1.0], [3.0]]), np.array([[1.5], [2.0]])
_MAXIMUM_B, _TOTAL_B = np.array([[2.0], [0.5]]), np.array([[1.2], [2.5]])


def _draw_parts(rng):
    """Draw what two sets of keys leave, with scores that may be thousands."""
    L, d_v, size = rng.choice([1, 2, 3, 7]), rng.choice([1, 3, 5]), rng.choice([0, 100, 3000])
    parts = []
    common = size * rng.choice([-1, 1], size=(L, 1))  # so that both count,
    apart = rng.choice([0, 0, -2000, 2000], size=(L, 1))  # or not
    for level in (common, common + apart):
        average = rng.normal(size=(L, d_v))
        parts += [average, level + rng.normal(size=(L, 1)), rng.uniform(1, 5, size=(L, 1))]
    return tuple(parts)


def _draw_logs(rng):
    average_a, maximum_a, total_a, average_b, maximum_b, total_b = _draw_parts(rng)
    return average_a, maximum_a + np.log(total_a), average_b, maximum_b + np.log(total_b)


EXERCISES = (
    Exercise(
        chapter="12-long-sequences",
        prompt=(
            "The keys came in two parts, a and b. Attention to one part gave its `average` of the "
            "values `(L, d_v)`, the `maximum` of its scores and the `total` of "
            "`exp(score - maximum)`, both `(L, 1)`. Write "
            "`merge_parts(average_a, maximum_a, total_a, average_b, maximum_b, total_b)`: "
            "the output of attention to all keys together. Scores may be thousands."
        ),
        reference=merge_parts,
        cases=((_AVERAGE_A, _MAXIMUM_A, _TOTAL_A, _AVERAGE_B, _MAXIMUM_B, _TOTAL_B),),
        drawn=_draw_parts,
        mutants=(
            Mutant(
                "plain average",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: (
                    (average_a + average_b) / 2
                ),
                "You took the plain average of both: a part counts by the sum of its exponentials.",
            ),
            Mutant(
                "no rescaling",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: _merge(
                    average_a, total_a, average_b, total_b
                ),
                "Your totals were measured from different maxima: bring them to one maximum first.",
            ),
            Mutant(
                "maxima without difference",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: _merge(
                    average_a, total_a * np.exp(maximum_a), average_b, total_b * np.exp(maximum_b)
                ),
                "Right for small scores alone: subtract the maxima before you take exp.",
            ),
            Mutant(
                "only the first rescaled",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: _merge(
                    average_a, total_a * np.exp(maximum_a), average_b, total_b
                ),
                "You rescaled the first part alone: measure both from the larger maximum.",
            ),
            Mutant(
                "maxima alone",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: merge_parts(
                    average_a, maximum_a, 1, average_b, maximum_b, 1
                ),
                "You weighed the parts by their maxima: the totals count too.",
            ),
            Mutant(
                "sign turned round",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: merge_parts(
                    average_a, -maximum_a, total_a, average_b, -maximum_b, total_b
                ),
                "You turned the sign round: the part with the lower maximum must count less.",
            ),
            Mutant(
                "averages added",
                lambda average_a, maximum_a, total_a, average_b, maximum_b, total_b: (
                    average_a + average_b
                ),
                "You added the averages: each is an average already, and so is the answer.",
            ),
        ),
    ),
    Exercise(
        chapter="12-long-sequences",
        prompt=(
            "Maximum and total fit into one number: `log = maximum + ln(total)`, `(L, 1)`, which "
            "is what fast programs keep. Write `merge_logs(average_a, log_a, average_b, log_b)`: "
            "the output `(L, d_v)` of attention to all keys together. Scores may be thousands."
        ),
        reference=merge_logs,
        cases=(
            (
                _AVERAGE_A,
                _MAXIMUM_A + np.log(_TOTAL_A),
                _AVERAGE_B,
                _MAXIMUM_B + np.log(_TOTAL_B),
            ),
        ),
        drawn=_draw_logs,
        mutants=(
            Mutant(
                "logarithms as shares",
                lambda average_a, log_a, average_b, log_b: _merge(
                    average_a, log_a, average_b, log_b
                ),
                "You weighed by the logarithms: a part counts by the sum, which is their exp.",
            ),
            Mutant(
                "logs without difference",
                lambda average_a, log_a, average_b, log_b: _merge(
                    average_a, np.exp(log_a), average_b, np.exp(log_b)
                ),
                "Right for small scores alone: subtract the larger one before you take exp.",
            ),
            Mutant(
                "plain average",
                lambda average_a, log_a, average_b, log_b: (average_a + average_b) / 2,
                "You took the plain average of both: a part counts by the sum of its exponentials.",
            ),
            Mutant(
                "not divided",
                lambda average_a, log_a, average_b, log_b: (
                    np.exp(log_a - np.maximum(log_a, log_b)) * average_a
                    + np.exp(log_b - np.maximum(log_a, log_b)) * average_b
                ),
                "Your shares do not sum to 1: divide by their sum.",
            ),
            Mutant(
                "sign turned round",
                lambda average_a, log_a, average_b, log_b: merge_logs(
                    average_a, -log_a, average_b, -log_b
                ),
                "You turned the sign round: the part with the smaller sum must count less.",
            ),
            Mutant(
                "the larger alone",
                lambda average_a, log_a, average_b, log_b: np.where(
                    log_a > log_b, average_a, average_b
                ),
                "You kept the part with the larger sum alone: the other counts too.",
            ),
        ),
    ),
    Exercise(
        chapter="12-long-sequences",
        prompt=(
            "Under a causal mask a tile is skipped if no query in it may see any of its keys. "
            "Write `causal_tiles(L, block)`: how many tiles of at most `block` by `block` are "
            "computed, for `L` queries and as many keys."
        ),
        reference=causal_tiles,
        cases=((7, 3), (6, 3)),
        drawn=lambda rng: (int(rng.integers(1, 40)), int(rng.choice([1, 2, 3, 5, 7, 64]))),
        mutants=(
            Mutant(
                "none skipped",
                lambda L, block: math.ceil(L / block) ** 2,
                "You counted every tile: those beyond the diagonal are skipped.",
            ),
            Mutant(
                "diagonal skipped",
                lambda L, block: math.ceil(L / block) * (math.ceil(L / block) - 1) // 2,
                "You skipped the tiles on the diagonal: half of each is seen.",
            ),
            Mutant(
                "half of all",
                lambda L, block: math.ceil(L / block) ** 2 / 2,
                "You took half of all tiles: those on the diagonal are computed whole.",
            ),
            Mutant(
                "last tile lost",
                lambda L, block: (L // block) * (L // block + 1) // 2,
                "You rounded down: a tile that is not full is computed too.",
            ),
            Mutant(
                "pairs for tiles",
                lambda L, block: L * (L + 1) // 2,
                "You counted pairs of query and key: a tile holds many.",
            ),
        ),
    ),
)
