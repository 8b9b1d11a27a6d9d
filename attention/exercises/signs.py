"""By which sign a mistake betrays itself: what its answers have and the right ones have not."""

import numpy as np

SIGNS = (
    "rows do not sum to 1",
    "what is hidden is seen",
    "too much is hidden",
    "weights too even",
    "one weight takes all",
    "a NaN",
    "another shape",
    "an error",
    "other numbers",
)
_NOTICED = 0.02  # of a weight: less is not seen


def signs_of(exercise, mutant, cases=None):
    """Return the signs of a mutant, in the order of SIGNS, on cases or on those that check takes.

    >>> from attention.exercises import EXERCISES
    >>> signs_of(EXERCISES["look_back"], EXERCISES["look_back"].mutant("one too far"))
    ('what is hidden is seen',)
    """
    right = exercise.answers(exercise.reference, cases)
    wrong = exercise.answers(mutant.function, cases)
    found = {sign for pair in zip(right, wrong, strict=True) for sign in _told(*pair)}
    if all(map(is_weights, right)):
        pairs = [(a.array, b.array) for a, b in zip(right, wrong, strict=True) if _alike(a, b)]
        found |= set(_of_weights(pairs))
        # Only where scores are small: large ones make zeros of their own.
        found |= set(_seen(pairs[: len(exercise.cases)]))
    return tuple(sign for sign in SIGNS if sign in (found or {"other numbers"}))


def is_weights(answer):
    """Say whether rows of an answer are weights: none negative, and they sum to 1, or to 0."""
    array = answer.array
    if array.ndim == 0 or array.dtype.kind != "f":
        return False
    sums = array.sum(axis=-1)
    return bool((array >= 0).all() and (np.isclose(sums, 1, atol=1e-5) | (sums == 0)).all())


def _alike(right, wrong):
    """Say whether two answers can be compared number by number."""
    if wrong.array is None or wrong.array.shape != right.array.shape:
        return False
    return bool(np.isfinite(wrong.array).all() and wrong.array.size)


def _of_weights(pairs):
    """Yield what the sums of weights show, and if they are right, the largest weights."""
    pairs = [(a[a.any(axis=-1)], b[a.any(axis=-1)]) for a, b in pairs]  # rows that see anything
    pairs = [(a, b) for a, b in pairs if a.size]
    if not all(np.allclose(b.sum(axis=-1), 1, atol=1e-4) for _, b in pairs):
        yield "rows do not sum to 1"
    elif pairs:
        more = np.mean([b.max(axis=-1).mean() - a.max(axis=-1).mean() for a, b in pairs])
        if abs(more) > _NOTICED:
            yield "one weight takes all" if more > 0 else "weights too even"


def _seen(pairs):
    """Yield whether something has weight that has none."""
    if any(((a == 0) & (b > 0)).any() for a, b in pairs):
        yield "what is hidden is seen"


def _told(right, wrong):
    """Yield the signs that one answer shows by itself."""
    if wrong.array is None:
        yield "an error"
        return
    a, b = right.array, wrong.array
    if a.shape != b.shape:
        yield "another shape"
    elif np.isfinite(a).all() and not np.isfinite(b).all():
        yield "a NaN"
    elif a.dtype == bool and b.dtype == bool:
        if (b & ~a).any():
            yield "what is hidden is seen"
        if (a & ~b).any():
            yield "too much is hidden"
