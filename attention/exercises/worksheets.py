"""Worksheets: attention problems to be solved by hand, each with its key and the usual mistakes.

    python -m attention.exercises.worksheets --seed 7 --count 30 --output sheet.html

All numbers given are integers, and so are the scaled scores. Weights are rounded to two digits and
outputs to one, and the numbers are chosen so that who rounds finds what who does not round finds.
The wrong options are what usual mistakes of the exercises make of the same numbers. The same seed
gives the same sheet.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from markdown_it import MarkdownIt

from attention.exercises.markup import html_page
from attention.exercises.problems import problems

LETTERS = "ABCD"
_TASK = (
    "Work out the output of scaled dot-product attention, and choose it among the options. "
    "Round the weights to two digits behind the point, and the output to one."
)


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


_STYLE = """\
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }
:is(ul, ol) { break-inside: avoid; break-after: avoid; }
:is(h2, h3) { break-after: avoid; }
h2:last-of-type { break-before: page; }
"""


def page(sheet, title):
    """Write a sheet as a page of HTML; on paper its key begins on a page of its own."""
    body = MarkdownIt("commonmark", {"html": False}).render(markdown(sheet, title))
    return html_page(title, body, _STYLE)


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
