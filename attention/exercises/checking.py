"""How an answer to an exercise is judged: by its numbers, and against the usual mistakes."""

import copy
import html
import inspect
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from attention.masks import rectangular


@dataclass(frozen=True)
class Mutant:
    """A usual mistake: a wrong answer to an exercise, and the hint that it deserves."""

    name: str
    function: Callable
    hint: str
    chapter: str = ""  # that explains it, if it is not the chapter of the exercise


@dataclass(frozen=True)
class Exercise:
    """A function to be written. It has the name and the arguments of the reference."""

    chapter: str
    prompt: str
    reference: Callable
    cases: tuple[tuple, ...]  # of the arguments, in order
    mutants: tuple[Mutant, ...]

    @property
    def name(self):
        return self.reference.__name__

    @property
    def arguments(self):
        return list(inspect.signature(self.reference).parameters)

    def mutant(self, name):
        """Return the mutant of this name."""
        return next(mutant for mutant in self.mutants if mutant.name == name)

    def answers(self, function):
        """Return what a function makes of each case."""
        return [answer(function, case, self.arguments) for case in self.cases]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function made of one case: an array, or an error, or neither."""

    array: np.ndarray | None = None
    error: str = ""
    changed: tuple[str, ...] = ()  # names of inputs that are no longer what they were

    def same(self, other):
        """Say whether two answers are the same but for rounding."""
        if (self.error, self.changed) != (other.error, other.changed):
            return False
        if self.array is None or other.array is None:
            return self.array is other.array
        return self.array.dtype == other.array.dtype and close(self.array, other.array)


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer: a sentence, and the case that shows it.

    kind is "right", "unanswered", "unknown", "error", "changed", "shape", "dtype" or "wrong".
    """

    kind: str
    sentence: str
    mutant: str = ""  # the mistake it is, by name
    case: str = ""

    @property
    def right(self):
        return self.kind == "right"

    def __repr__(self):
        return "\n\n".join(filter(None, [self.sentence, self.case]))

    def _repr_html_(self):
        style = "white-space:pre-wrap;overflow-wrap:anywhere"
        case = self.case and f'<pre style="{style}">{html.escape(self.case)}</pre>\n'
        return f'<div class="attention-verdict">\n<p>{html.escape(self.sentence)}</p>\n{case}</div>'


def close(a, b):
    """Say whether two arrays have one shape and, but for rounding, the same numbers."""
    return a.shape == b.shape and np.allclose(a, b, equal_nan=True)


def answer(function, case, names):
    """Call a function with copies of the inputs of a case: -> Answer."""
    inputs = copy.deepcopy(case)
    try:
        with np.errstate(all="ignore"):  # an inf or NaN in the answer says it
            result = function(*inputs)
        if result is None or result is ... or result is NotImplemented:
            return Answer()
        array = rectangular("the answer", result)
        if array.dtype.kind not in "biufc":
            raise TypeError(f"the answer must hold numbers, got {type(result).__name__}")
    except NotImplementedError:
        return Answer()
    except Exception as error:
        return Answer(error=f"{type(error).__name__}: {error}")
    changed = [
        name
        for name, before, now in zip(names, case, inputs, strict=True)
        if not np.array_equal(before, now)
    ]
    return Answer(array, changed=tuple(changed))


def judge(exercise, function):
    """Judge a function as the answer to an exercise: -> Verdict."""
    name = exercise.name
    unanswered = Verdict("unanswered", f"{name}: not answered yet. Replace the dots and run again.")
    if function is None or function is ... or function is NotImplemented:
        return unanswered
    if not callable(function):
        got = type(function).__name__
        call = f'check("{name}", {name})'
        return Verdict("error", f"{name}: pass the function itself, {call}, not its {got}.")
    given, expected = exercise.answers(function), exercise.answers(exercise.reference)
    if not any(one.error or one.array is not None for one in given):
        return unanswered
    failed = [i for i in range(len(given)) if not given[i].same(expected[i])]
    if not failed:
        count = len(exercise.mutants)
        return Verdict("right", f"{name}: right, and none of the {count} usual mistakes.")
    i = min(failed, key=lambda i: sum(np.size(x) for x in exercise.cases[i]))
    kind, sentence = difference(given[i], expected[i])
    case = shown(exercise, i, given[i], expected[i])
    for mutant in exercise.mutants:
        if all(map(Answer.same, given, exercise.answers(mutant.function))):
            return Verdict(kind, f"{name}: {mutant.hint}", mutant.name, case)
    return Verdict(kind, f"{name}: {sentence}", case=case)


def difference(given, expected):
    """Say in which way an answer is not the expected one: -> kind, sentence."""
    if given.error:
        return "error", f"no answer, but {given.error}"
    if given.array is None:
        return "wrong", "your function returns nothing in the case below."
    a, b = given.array, expected.array
    if a.shape != b.shape:
        if close(a.T, b):
            return "shape", "the numbers are right, but rows and columns are exchanged."
        if a.size == b.size and close(a.reshape(b.shape), b):
            return "shape", f"the numbers are right, but their shape is {a.shape}, not {b.shape}."
        return "shape", f"the shape should be {b.shape}, and is {a.shape}."
    if not close(a, b):
        return "wrong", "not yet. This is the smallest case that differs."
    if given.changed:
        names = " and ".join(given.changed)
        return "changed", f"the answer is right, but {names} is no longer what it was: use a copy."
    return "dtype", f"the numbers are right, but their type is {a.dtype}, not {b.dtype}."


def shown(exercise, i, given, expected):
    """Write one case: its inputs, what was expected and what came."""
    arrays = dict(zip(exercise.arguments, exercise.cases[i], strict=True))
    arrays["expected"] = expected.array
    if given.array is not None:
        arrays["got"] = given.array
    return "\n".join(written(name, x) for name, x in arrays.items())


def written(name, x):
    """Write a number in one line, an array below its shape."""
    if np.ndim(x) == 0:
        return f"{name} = {x}"
    text = np.array2string(x, precision=4, suppress_small=True, floatmode="maxprec", threshold=100)
    return f"{name} {x.shape} {x.dtype}\n{text}"
