"""Exercises on positions."""

import numpy as np

from attention import softmax
from attention.exercises.cases import draw
from attention.exercises.checking import Exercise, Mutant


def encode_positions(L, d_model):
    wavelengths = 10_000 ** (np.arange(0, d_model, 2) / d_model)
    angles = np.arange(L)[:, np.newaxis] / wavelengths
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(L, d_model)


def rotate(x, positions):
    d_k = x.shape[1]
    angles = np.outer(positions, 1 / 10_000 ** (np.arange(0, d_k, 2) / d_k))
    even, odd = x[:, 0::2], x[:, 1::2]
    turned_even = even * np.cos(angles) - odd * np.sin(angles)
    turned_odd = even * np.sin(angles) + odd * np.cos(angles)
    return np.stack([turned_even, turned_odd], axis=-1).reshape(x.shape)


def alibi_weights(scores, slope):
    places = np.arange(len(scores))
    distance = places[:, np.newaxis] - places
    return softmax(np.where(distance >= 0, scores - slope * distance, -np.inf))


def _angles(L, d_model, *, base=10_000, step=2):
    return np.arange(L)[:, None] / base ** (step * np.arange(d_model // 2) / d_model)


def _interleaved(even, odd):
    return np.stack([even, odd], axis=-1).reshape(len(even), -1)


def _rotate_by(x, angles):
    even, odd = x[:, 0::2], x[:, 1::2]
    return _interleaved(
        even * np.cos(angles) - odd * np.sin(angles), even * np.sin(angles) + odd * np.cos(angles)
    )


def _frequencies(d_k, step=2):
    return 10_000.0 ** (-step * np.arange(d_k // 2) / d_k)


def _rotate_halves(x, positions):
    angles = np.outer(positions, _frequencies(x.shape[1]))
    a, b = np.split(x, 2, axis=1)
    return np.hstack(
        [a * np.cos(angles) - b * np.sin(angles), a * np.sin(angles) + b * np.cos(angles)]
    )


def _rotated_and_added(x, positions):
    angles = np.outer(positions, _frequencies(x.shape[1]))
    return x + _interleaved(np.sin(angles), np.cos(angles))


def _distance(scores):
    return np.subtract.outer(np.arange(len(scores)), np.arange(len(scores)))


def _alibi(scores, bias, seen):
    return softmax(np.where(seen, scores + bias, -np.inf))


def _length_and_width(rng):
    return int(rng.integers(1, 40)), 2 * int(rng.choice([1, 2, 3, 5, 13]))


def _words_and_positions(rng):
    L, pairs = rng.integers(1, 12), rng.choice([1, 2, 3, 5, 7])
    x = rng.choice([0.1, 1, 1000]) * rng.normal(size=(L, 2 * pairs))
    return x, rng.integers(-20, 3000, size=L)


def _scores_and_slope(rng):
    L = rng.integers(1, 12)
    scores = rng.choice([1, 20, 1000]) * rng.normal(size=(L, L))
    return scores, float(2.0 ** -rng.integers(1, 9))


EXERCISES = (
    Exercise(
        chapter="08-position",
        prompt=(
            "Write `encode_positions(L, d_model)`: the sinusoids `(L, d_model)` of the formula "
            "above, for an even `d_model`."
        ),
        reference=encode_positions,
        cases=((3, 6),),
        drawn=_length_and_width,
        mutants=(
            Mutant(
                "halves",
                lambda L, d_model: np.hstack(
                    [np.sin(_angles(L, d_model)), np.cos(_angles(L, d_model))]
                ),
                "You put all sines before all cosines: here a sine and its cosine are neighbours.",
            ),
            Mutant(
                "sine and cosine exchanged",
                lambda L, d_model: _interleaved(
                    np.cos(_angles(L, d_model)), np.sin(_angles(L, d_model))
                ),
                "You began with the cosine: even components are sines.",
            ),
            Mutant(
                "c for 2c",
                lambda L, d_model: _interleaved(
                    np.sin(_angles(L, d_model, step=1)), np.cos(_angles(L, d_model, step=1))
                ),
                "Your exponents are half as large: pair c has 2c / d_model.",
            ),
            Mutant(
                "wrong base",
                lambda L, d_model: _interleaved(
                    np.sin(_angles(L, d_model, base=1000)), np.cos(_angles(L, d_model, base=1000))
                ),
                "Your base is 1,000: the paper's is 10,000.",
            ),
            Mutant(
                "counted from 1",
                lambda L, d_model: encode_positions(L + 1, d_model)[1:],
                "You began with position 1: the first word has position 0.",
            ),
            Mutant(
                "one pair for all",
                lambda L, d_model: np.tile(encode_positions(L, d_model)[:, :2], d_model // 2),
                "All your hands turn alike: the frequency falls from pair to pair.",
            ),
        ),
    ),
    Exercise(
        chapter="08-position",
        prompt=(
            "Write `rotate(x, positions)`: queries or keys `(L, d_k)`, `d_k` even, turned pair by "
            "pair as rotary positions ask. `positions` holds the position of each row."
        ),
        reference=rotate,
        cases=((*draw(8, (3, 4)), np.array([0, 1, 5])),),
        drawn=_words_and_positions,
        mutants=(
            Mutant(
                "halves paired",
                _rotate_halves,
                "You paired component c with c + d_k / 2: here neighbours are a pair.",
            ),
            Mutant(
                "turned back",
                lambda x, positions: rotate(x, -positions),
                "You turned the other way: the sign of the sine is exchanged.",
            ),
            Mutant(
                "sinusoids added",
                _rotated_and_added,
                "You added the sinusoids: a rotary position turns the vector, nothing is added.",
            ),
            Mutant(
                "place for position",
                lambda x, positions: rotate(x, np.arange(len(x))),
                "You numbered the rows yourself: use the positions that were given.",
            ),
            Mutant(
                "c for 2c",
                lambda x, positions: _rotate_by(
                    x, np.outer(positions, _frequencies(x.shape[1], step=1))
                ),
                "Your exponents are half as large: pair c turns by 10,000 to the -2c / d_k.",
            ),
            Mutant(
                "one angle for all",
                lambda x, positions: _rotate_by(x, np.outer(positions, np.ones(x.shape[1] // 2))),
                "You turned every pair by the same angle: later pairs turn more slowly.",
            ),
            Mutant(
                "only the cosines",
                lambda x, positions: (
                    x * np.repeat(np.cos(np.outer(positions, _frequencies(x.shape[1]))), 2, axis=1)
                ),
                "You only shrank each pair: a rotation also moves one component into the other.",
            ),
        ),
    ),
    Exercise(
        chapter="08-position",
        prompt=(
            "Write `alibi_weights(scores, slope)`: causal weights `(L, L)` from scaled scores "
            "`(L, L)`, where each score loses `slope` for every word between key and query, the "
            "key's own place counted. You may use `softmax`."
        ),
        reference=alibi_weights,
        cases=((*draw(9, (3, 3)), 0.5),),
        drawn=_scores_and_slope,
        mutants=(
            Mutant(
                "far words first",
                lambda scores, slope: alibi_weights(scores, -slope),
                "You added the distance: far words should lose.",
            ),
            Mutant(
                "future seen",
                lambda scores, slope: softmax(scores - slope * np.abs(_distance(scores))),
                "Your words see those that follow: causal weights are 0 there.",
            ),
            Mutant(
                "past hidden",
                lambda scores, slope: _alibi(
                    scores, slope * _distance(scores), _distance(scores) <= 0
                ),
                "You hid the past in place of the future: rows are queries, columns are keys.",
            ),
            Mutant(
                "no distance",
                lambda scores, slope: _alibi(scores, 0, _distance(scores) >= 0),
                "The distance does not count: subtract slope times distance.",
            ),
            Mutant(
                "multiplied",
                lambda scores, slope: _alibi(
                    scores * (1 - slope * _distance(scores)), 0, _distance(scores) >= 0
                ),
                "You multiplied the scores by the distance: it is subtracted, whatever the score.",
            ),
            Mutant(
                "after the softmax",
                lambda scores, slope: (
                    _alibi(scores, 0, _distance(scores) >= 0)
                    - slope * np.maximum(_distance(scores), 0)
                ),
                "You subtracted after the softmax: then the rows no longer sum to 1.",
            ),
            Mutant(
                "itself hidden",
                lambda scores, slope: _alibi(
                    scores, -slope * _distance(scores), _distance(scores) > 0
                ),
                "Your words do not see themselves: their distance is 0, and they lose nothing.",
            ),
        ),
    ),
)
