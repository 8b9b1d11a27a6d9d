"""How an answer to an exercise is judged: by its numbers, and against the usual mistakes."""

import html
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from attention.exercises.answers import Answer, answer, close

ROUNDS = 12  # cases drawn for each exercise, the same ones each time


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
    cases: tuple[tuple, ...]  # of the arguments, in order: small ones, to be shown
    mutants: tuple[Mutant, ...]
    drawn: Callable | None = None  # rng -> one more case; sizes and magnitudes are drawn too

    @property
    def name(self):
        return self.reference.__name__

    @property
    def arguments(self):
        return list(inspect.signature(self.reference).parameters)

    @property
    def source(self):
        """The lines that define the reference."""
        return inspect.getsource(self.reference)

    def cases_for(self, seed):
        """Return the cases that are shown, and those that a seed draws."""
        if self.drawn is None:
            return self.cases
        seeds = range(seed * ROUNDS, (seed + 1) * ROUNDS)
        return (*self.cases, *(self.drawn(np.random.default_rng(i)) for i in seeds))

    @cached_property
    def all_cases(self):
        """The cases on which check judges: those of seed 0."""
        return self.cases_for(seed=0)

    def mutant(self, name):
        """Return the mutant of this name."""
        return next(mutant for mutant in self.mutants if mutant.name == name)

    def answers(self, function, cases=None):
        """Return what a function makes of each case, of all_cases if none are given."""
        cases = self.all_cases if cases is None else cases
        return [answer(function, case, self.arguments) for case in cases]


# How a verdict is told apart at a glance, and without colours: mark, word and edge.
MARKS = {
    "right": ("✓", "Right.", "solid #2e7d32"),
    "unanswered": ("…", "Open.", "dotted #767676"),
    "unknown": ("?", "Which one?", "dotted #767676"),
    "wrong": ("✗", "Not yet.", "dashed #b3261e"),
}


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
        mark, word, edge = MARKS.get(self.kind, MARKS["wrong"])
        return (
            f'<div class="attention-verdict" data-kind="{self.kind}" '
            f'style="border-left:4px {edge};padding-left:.75rem">\n'
            f"<p><strong>{mark} {word}</strong> {html.escape(self.sentence)}</p>\n{case}</div>"
        )


def judge(exercise, function):
    """Judge a function as the answer to an exercise: -> Verdict."""
    name = exercise.name
    if function is None or function is ... or function is NotImplemented:
        return unanswered(name)
    if not callable(function):
        got = type(function).__name__
        call = f'check("{name}", {name})'
        return Verdict("error", f"{name}: pass the function itself, {call}, not its {got}.")
    return compare(exercise, exercise.all_cases, exercise.answers(function))


def compare(exercise, cases, given):
    """Judge what a function made of the cases: -> Verdict."""
    name = exercise.name
    if all(one.is_open for one in given):
        return unanswered(name)
    expected = exercise.answers(exercise.reference, cases)
    failed = [i for i in range(len(given)) if not given[i].right(expected[i])]
    if not failed:
        count = len(exercise.mutants)
        return Verdict("right", f"{name}: right, and none of the {count} usual mistakes.")
    # A case where numbers differ says more than one where only their type does.
    i = min(failed, key=lambda i: (given[i].same(expected[i]), sum(map(np.size, cases[i]))))
    kind, sentence = difference(given[i], expected[i])
    case = shown(exercise, cases[i], given[i], expected[i])
    mutant = mistake(exercise, cases, given, failed)
    if mutant:
        return Verdict(kind, f"{name}: {mutant.hint}", mutant.name, case)
    return Verdict(kind, f"{name}: {sentence}", case=case)


def mistake(exercise, cases, given, failed):
    """Return the mutant that gives the same answers, if there is one.

    If none does, one that does so where no number overflows: who makes a mistake and lets large
    scores overflow as well hears of the mistake.
    """
    if all(one.array is None for one in given):
        return None
    made = [(mutant, exercise.answers(mutant.function, cases)) for mutant in exercise.mutants]
    for mutant, answers in made:
        if all(map(Answer.same, given, answers)):
            return mutant
    rest = [i for i, one in enumerate(given) if not one.overflows]
    for mutant, answers in made if set(rest) & set(failed) else ():
        if all(given[i].same(answers[i]) and given[i].is_like(answers[i]) for i in rest):
            return mutant
    return None


def unanswered(name):
    """Return what is said where the dots still stand."""
    return Verdict("unanswered", f"{name}: not answered yet. Replace the dots and run again.")


def difference(given, expected):
    """Say in which way an answer is not the expected one: -> kind, sentence."""
    if given.error:
        return "error", f"no answer, but {given.error}"
    if given.array is None:
        return "wrong", "your function returns nothing in the case below. Is a `return` missing?"
    a, b = given.array, expected.array
    if a.shape != b.shape:
        if close(a.T, b):
            return "shape", "the numbers are right, but rows and columns are exchanged."
        if a.size == b.size and close(a.reshape(b.shape), b):
            return "shape", f"the numbers are right, but their shape is {a.shape}, not {b.shape}."
        return "shape", f"the shape should be {b.shape}, and is {a.shape}."
    if not close(a, b):
        place = np.unravel_index(np.argmax(~np.isclose(a, b, equal_nan=True)), a.shape)
        where = f" at [{', '.join(map(str, place))}]" if place else ""
        return "wrong", f"not yet. This is the smallest case that differs, first{where}."
    if given.changed:
        names = " and ".join(given.changed)
        return "changed", f"the answer is right, but {names} is no longer what it was: use a copy."
    return "dtype", f"the numbers are right, but their type is {a.dtype}, not {b.dtype}."


def shown(exercise, case, given, expected):
    """Write one case: its inputs, what was expected and what came."""
    arrays = dict(zip(exercise.arguments, case, strict=True))
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
