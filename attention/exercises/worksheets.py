"""Worksheets: attention problems to be solved by hand, each with its key and the usual mistakes.

    python -m attention.exercises.worksheets --seed 7 --count 30 --output sheet.html

All numbers given are integers, and so are the scaled scores. Weights are rounded to two digits and
outputs to one, and the numbers are chosen so that who rounds finds what who does not round finds.
The wrong options are what usual mistakes of the exercises make of the same numbers. The same seed
gives the same sheet.
"""

import argparse
import html
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from markdown_it import MarkdownIt

from attention.dot_product import AttentionSteps, attention_steps
from attention.exercises import EXERCISES

MOST = 500  # problems on a sheet, far fewer than there are
MISTAKES = {  # by exercise; no mistake whose output no average could be
    "attend": ["no scale", "/ d_k", "length for d_k"],
    "soft_lookup": ["plain average", "hard lookup"],
}
APART = 0.3  # how far in some component an option is from every other, at least
LETTERS = "ABCD"
OPTIONS = len(LETTERS)
_TASK = (
    "Work out the output of scaled dot-product attention, and choose it among the options. "
    "Round the weights to two digits behind the point, and the output to one."
)


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


def vector(numbers, digits=0):
    """Write numbers in brackets, with so many digits behind the point.

    >>> vector(np.array([1, -0.125]), digits=2)
    '(1.00, −0.12)'
    """
    written = (f"{x:.{digits}f}" for x in np.round(numbers, digits) + 0.0)
    return f"({', '.join(written)})".replace("-", "−")


def fractions(scaled_scores):
    """Write the softmax of integers, the least of which becomes e to the power of 0.

    >>> fractions(np.array([3, 5, 3]))
    '1/(1 + e² + 1), e²/(1 + e² + 1), 1/(1 + e² + 1)'
    """
    exponents = np.rint(scaled_scores - min(scaled_scores)).astype(int)
    powers = [["1", "e", "e²", "e³"][i] for i in exponents]
    return ", ".join(f"{power}/({' + '.join(powers)})" for power in powers)


def markdown(sheet, title):
    """Write a sheet as Markdown, the key behind all problems."""
    lines = [f"# {title}", "", _TASK]
    for number, problem in enumerate(sheet, 1):
        lines += ["", f"## Problem {number}", "", *_given(problem), ""]
        options = zip(LETTERS, problem.options, strict=True)
        lines += [", ".join(f"**{letter}** {vector(o.output, 1)}" for letter, o in options) + "."]
    lines += ["", "## Key"]
    for number, problem in enumerate(sheet, 1):
        lines += ["", f"### Key to problem {number}", "", *_key(problem)]
    return "\n".join(lines) + "\n"


def _given(problem):
    yield f"- q = {vector(problem.query[0])}"
    for number, key, value in zip("₁₂₃", problem.key, problem.value, strict=False):
        yield f"- k{number} = {vector(key)}, v{number} = {vector(value)}"


def _key(problem):
    scores, scaled, weights, output = (step[0] for step in problem.steps)
    yield f"1. Match: the scores are {vector(scores)}."
    yield f"2. Scale: divided by √{problem.query.shape[1]}, they are {vector(scaled)}."
    yield f"3. Softmax: {fractions(scaled)}, about {vector(weights, 2)}."
    yield f"4. Average: the output is {vector(output, 1)}."
    yield ""
    for letter, option in zip(LETTERS, problem.options, strict=True):
        yield f"- **{letter}** {option.hint or 'Right.'}"


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }}
:is(ul, ol) {{ break-inside: avoid; break-after: avoid; }}
:is(h2, h3) {{ break-after: avoid; }}
h2:last-of-type {{ break-before: page; }}
</style>
</head>
<body>
{body}</body>
</html>
"""


def page(sheet, title):
    """Write a sheet as a page of HTML; on paper its key begins on a page of its own."""
    body = MarkdownIt("commonmark", {"html": False}).render(markdown(sheet, title))
    return _PAGE.format(title=html.escape(title), body=body)


FORMATS = {"html": page, "md": markdown}


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")  # one sentence, without the usage


def main(arguments=None):
    """Write a worksheet to a file or to the terminal."""
    parser = _Parser(prog="python -m attention.exercises.worksheets", description=_TASK)
    parser.add_argument("--seed", type=int, default=0, help="which sheet (default: 0)")
    parser.add_argument("--count", type=int, default=10, help="how many problems (default: 10)")
    parser.add_argument("--format", choices=FORMATS, help="html or md (default: as the file)")
    parser.add_argument("--output", type=Path, help="the file (default: the terminal)")
    asked = parser.parse_args(arguments)
    ending = asked.output.suffix[1:] if asked.output else ""
    write = FORMATS[asked.format or (ending if ending in FORMATS else "html")]
    try:
        text = write(problems(asked.seed, asked.count), f"Attention by hand, sheet {asked.seed}")
        if asked.output:
            asked.output.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"cannot write {asked.output}: {error.strerror}")


if __name__ == "__main__":
    main()
