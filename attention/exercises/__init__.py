"""Exercises that know the usual mistakes.

An exercise is data: a prompt, a reference, cases in which mistakes show, and its mutants, which are
the usual mistakes, each with a hint. check tells right from wrong, and which mistake it is. Each
module holds the exercises of one chapter; a new one is one more entry.

>>> check("soft_lookup", lambda weights, value: weights @ value)
soft_lookup: right, and none of the 5 usual mistakes.
>>> print(check("soft_lookup", lambda weights, value: value[weights.argmax(axis=1)]).sentence)
soft_lookup: You took the value of the largest weight: attention selects nothing, it averages.
"""

import difflib
import pkgutil
from importlib import import_module

from attention.exercises import chapters
from attention.exercises.checking import Exercise, Mutant, Verdict, judge

__all__ = ["EXERCISES", "Exercise", "Mutant", "Verdict", "check"]

_CHAPTERS = [
    import_module(f"{chapters.__name__}.{found.name}")
    for found in pkgutil.iter_modules(chapters.__path__)
]
EXERCISES = {
    exercise.name: exercise
    for exercise in sorted(
        (exercise for chapter in _CHAPTERS for exercise in chapter.EXERCISES),
        key=lambda exercise: exercise.chapter,
    )
}


def check(name, function):
    """Judge a function as the answer to the exercise of this name: -> Verdict, whatever it does.

    >>> check("soft_lookup", ...)
    soft_lookup: not answered yet. Replace the dots and run again.
    """
    if not isinstance(name, str):
        example = 'check("scale", scale)'
        return Verdict("unknown", f"The name of the exercise comes first, in quotes: {example}.")
    if name in EXERCISES:
        return judge(EXERCISES[name], function)
    near = difflib.get_close_matches(name, EXERCISES, cutoff=0.4) or EXERCISES
    return Verdict("unknown", f"There is no exercise {name!r}: it may be {', '.join(near)}.")
