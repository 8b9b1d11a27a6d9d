"""What a handout's grade cell shows: a number, so that a grading system can add it up."""

from attention.exercises import EXERCISES
from attention.exercises.checking import compare, judge


def score(name, function, seed=0):
    """Return 1 if a function answers the exercise of this name, else 0, whatever it does.

    Each seed draws cases of its own; those of seed 0 are the ones that check judges by.

    Raises: ValueError if there is no such exercise.

    >>> score("soft_lookup", lambda weights, value: weights @ value, seed=7)
    1
    >>> score("soft_lookup", ...)
    0
    """
    if name not in EXERCISES:
        raise ValueError(f"name must be that of an exercise, got {name!r}")
    exercise = EXERCISES[name]
    if not callable(function):
        return int(judge(exercise, function).right)
    cases = exercise.cases_for(seed)
    return int(compare(exercise, cases, exercise.answers(function, cases)).right)
