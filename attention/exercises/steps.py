"""Tasks about the four steps: scores, softmax, an output, and somebody's mistake.

Each takes a random generator and a level, and returns a Task. Scores are integers or logarithms, so
that weights are integers over a sum.
"""

from fractions import Fraction

import numpy as np

from attention.exercises.problems import problems
from attention.exercises.task import Task, row, rows, vector

LETTERS = "ABCD"
MISTAKES = {
    "no scale": "the scores were not scaled",
    "/ d_k": "the scores were divided by d_k, not by its root",
    "columns": "the softmax ran over the queries, down each column",
    "late mask": "the mask came after the softmax",
}
_SHARES = [
    np.array(parts)
    for parts in [(1, 1), (1, 3), (1, 4), (2, 3), (3, 5), (1, 7), (1, 9), (3, 7)]
    + [(1, 1, 2), (1, 2, 2), (1, 3, 4), (1, 2, 5), (1, 4, 5), (2, 3, 5), (1, 2, 7), (2, 2, 1)]
]


def scores(rng, level):
    """One score; scaled scores of a query; a matrix of them."""
    why = "Multiply component by component and add"
    if level == 1:
        query, key = rng.integers(-3, 4, size=(2, 3))
        ask = f"The query is {row(query)}, the key {row(key)}. What is their score?"
        return Task(ask, str(query @ key).replace("-", "−"), f"{why}.")
    queries = rng.integers(-3, 4, size=(level - 1, 4))
    keys = 2 * rng.integers(-2, 3, size=(3, 4))  # even, so that the root of 4 divides all scores
    ask = f"The queries are {rows(queries)}, the keys {rows(keys)}. "
    ask += "Write down the scaled scores, a row for each query."
    why += f": {rows(queries @ keys.T)}. Then divide by √4 = 2."
    return Task(ask, rows(queries @ keys.T // 2), why)


def softmax(rng, level):
    """Weights from logarithms; with a number added to all; with values."""
    parts = rng.choice([p for p in _SHARES if len(p) == (2 if level == 1 else 3)])
    parts = rng.permutation(parts)
    total, added = int(sum(parts)), int(rng.integers(2, 10)) if level > 1 else 0
    written = ", ".join(f"{added} + ln {p}" if added else f"ln {p}" for p in parts)
    weights = [Fraction(int(p), total) for p in parts]
    ask = f"The scaled scores of a query are {written}. Give the weights as fractions"
    why = f"e to these powers are as {' : '.join(map(str, parts))}, {total} in all."
    if added:
        why += f" The {added} is a factor of all and cancels."
    if level < 3:
        return Task(ask + ".", row(weights), why)
    values = rng.integers(1, 10, size=3) * total
    output = sum(w * int(v) for w, v in zip(weights, values, strict=True))
    ask += f", and the output for the values {', '.join(map(str, values))}."
    return Task(ask, f"{row(weights)}, output {output}", why)


def mistake(rng, level):
    """Weights that somebody computed: which step went wrong?"""
    kinds = list(MISTAKES)[: level + 1]
    a, b, c = (int(x) for x in rng.permutation([1, 4, 9, 16])[:3])
    d = int(rng.choice([1, 4, 9, 16]))
    made = {
        "no scale": ((1, 0), _shares(c**2, d**2)),
        "/ d_k": ((1, 0), _shares(_root(c), _root(d))),
        "columns": ((_shares(a, c)[0], 0), (_shares(a, c)[1], 1)),
        "late mask": ((_shares(a, b)[0], 0), _shares(c, d)),
    }
    right = ((1, 0), _shares(c, d))
    if len({right, *made.values()}) < 5:  # c = d, say, hides a mistake
        return mistake(rng, level)
    kind = kinds[rng.integers(len(kinds))]
    ask = f"d_k = 4. The scores, not yet scaled, are (2 ln {a}, 2 ln {b}) for query 1 and "
    ask += (
        f"(2 ln {c}, 2 ln {d}) for query 2, which may see both keys; query 1 may see key 1 alone. "
    )
    ask += f"Somebody's weights are {rows(made[kind])}. What went wrong?\n\n"
    ask += "\n".join(f"- **{LETTERS[i]}** {MISTAKES[name]}" for i, name in enumerate(MISTAKES))
    letter = LETTERS[list(MISTAKES).index(kind)]
    return Task(ask, letter, f"{MISTAKES[kind].capitalize()}. Right is {rows(right)}.")


def _shares(a, b):
    return Fraction(a, a + b), Fraction(b, a + b)


def _root(square):
    return int(square**0.5)


def output(rng, level):
    """All four steps, with two keys, with three, and with vectors of nine."""
    fits = {
        1: lambda p: len(p.key) == 2,
        2: lambda p: len(p.key) == 3,
        3: lambda p: p.query.size == 9,
    }
    drawn = problems(int(rng.integers(2**31)), count=12)
    problem = next(filter(fits[level], drawn), drawn[0])
    given = [f"- q = {vector(problem.query[0])}"]
    for i, (key, value) in enumerate(zip(problem.key, problem.value, strict=True)):
        given.append(f"- k{'₁₂₃'[i]} = {vector(key)}, v{'₁₂₃'[i]} = {vector(value)}")
    found = [vector(option.output, 1) for option in problem.options]
    options = ", ".join(f"**{a}** {x}" for a, x in zip(LETTERS, found, strict=True))
    wrong = [f"{a}: {o.hint}" for a, o in zip(LETTERS, problem.options, strict=True) if o.mistake]
    right = next(i for i, option in enumerate(problem.options) if not option.mistake)
    ask = "\n".join(["Work out the output, and choose among the four.", "", *given, "", options])
    raw, scaled, weights = (step[0] for step in problem.steps[:3])
    why = f"Scores {vector(raw)}; scaled {vector(scaled)}; weights about {vector(weights, 2)}. "
    return Task(ask, f"{LETTERS[right]} {found[right]}", why + " ".join(wrong))
