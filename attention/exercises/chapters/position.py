"""Exercises on positions."""

import numpy as np

from attention.exercises.checking import Exercise, Mutant


def encode_positions(L, d_model):
    wavelengths = 10_000 ** (np.arange(0, d_model, 2) / d_model)
    angles = np.arange(L)[:, np.newaxis] / wavelengths
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(L, d_model)


def nearness(t, u, d_model):
    wavelengths = 10_000 ** (np.arange(0, d_model, 2) / d_model)
    return np.cos((t - u) / wavelengths).sum()


def _angles(L, d_model, *, base=10_000, step=2):
    return np.arange(L)[:, None] / base ** (step * np.arange(d_model // 2) / d_model)


def _interleaved(even, odd):
    return np.stack([even, odd], axis=-1).reshape(len(even), -1)


EXERCISES = (
    Exercise(
        chapter="08-position",
        prompt=(
            "Write `encode_positions(L, d_model)`: the sinusoids `(L, d_model)` of the formula "
            "above, for an even `d_model`."
        ),
        reference=encode_positions,
        cases=((3, 6),),
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
        ),
    ),
    Exercise(
        chapter="08-position",
        prompt=(
            "Write `nearness(t, u, d_model)`: the dot product of the encodings of positions `t`"
            " and `u`, one number, as a sum of cosines."
        ),
        reference=nearness,
        cases=((7, 2, 6),),
        mutants=(
            Mutant(
                "positions added",
                lambda t, u, d_model: nearness(t, -u, d_model),
                "You added the positions: only their distance counts.",
            ),
            Mutant(
                "sines for cosines",
                lambda t, u, d_model: np.sin(_angles(t - u + 1, d_model)[-1]).sum(),
                "You summed sines: a position would have dot product 0 with itself.",
            ),
            Mutant(
                "mean for sum",
                lambda t, u, d_model: nearness(t, u, d_model) / (d_model // 2),
                "You took the mean over the pairs: a dot product is their sum.",
            ),
            Mutant(
                "one term a component",
                lambda t, u, d_model: 2 * nearness(t, u, d_model),
                "You counted each pair twice: a sine and its cosine together make one term.",
            ),
        ),
    ),
)
