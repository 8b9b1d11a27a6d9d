"""Start a chapter: python tools/chapter.py 16-a-name --title "A title" --with exercises questions

It writes the notebook, with each part that a chapter has, runs it, names it in _toc.yml, and makes
the teachers' table anew. With --with it starts the chapter's file of exercises, of questions, or
both. All checks pass from there on; what is to be replaced says so.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from refresh import RefreshError, normalise, refresh, to_text

ROOT = Path(__file__).resolve().parents[1]
MOST = 89  # a chapter from 90 on is read last, and not numbered

OPENING = """\
import numpy as np

from attention import attention_steps, attention_weights
from attention.figures import explore, plots

words = ["dog", "road", "hungry"]
query = np.array([[2, 1]])
key = np.array([[2, 0], [0, 2], [1, 1]])
value = np.array([[1, 0], [0, 1], [1, 1]])


def draw_weights(ax, scale):
    weights = attention_weights(query, key, scale=scale)[0]
    plots.weight_bars(ax, weights, labels=words)
    assert weights.argmax() == 0
    assert (weights.max() > 0.9) == (scale == 3)
    return f"At scale {scale} the dog gets {weights.max():.2f} of the attention."


explore(draw_weights, scale=[0.5, 1, 3])"""
BY_HAND = """\
scores = np.array([query[0] @ row for row in key])
exponentials = np.exp(scores / np.sqrt(2))
weights = exponentials / exponentials.sum()
output = weights @ value
print("weights", weights.round(3), "output", output.round(3))"""
MODULE = """\
steps = attention_steps(query, key, value)
np.testing.assert_allclose(steps.weights[0], weights)
np.testing.assert_allclose(steps.output[0], output)"""
PAPER = """\
On paper: which word gets the smallest weight, and why?

```{dropdown} Answer
The road: its score is 2, and those of the others are 4 and 3.
```"""
PAPER_SHOWN = "assert scores.tolist() == [4, 2, 3]"
EXERCISE = '''\
"""Exercises on {title}."""

import numpy as np

from attention.exercises.checking import Exercise, Mutant


def {module}(weights, value):
    return weights @ value


def _drawn(rng):
    L, S, d_v = rng.integers(2, 9, size=3)
    return rng.dirichlet(np.ones(S), size=L), 10 * rng.normal(size=(S, d_v)).round(1)


EXERCISES = (
    Exercise(
        chapter="{name}",
        prompt="Write `{module}(weights, value)`: the outputs of attention, to be replaced.",
        reference={module},
        cases=((np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]), np.eye(3, 2) * [2, 5]),),
        drawn=_drawn,
        mutants=(
            Mutant(
                "unweighted",
                lambda weights, value: np.ones_like(weights) / len(value) @ value,
                "You took the plain mean: each value counts by its weight.",
            ),
            Mutant(
                "sum of values",
                lambda weights, value: np.ones_like(weights) @ value,
                "You added the values: each value counts by its weight.",
            ),
            Mutant(
                "largest only",
                lambda weights, value: value[weights.argmax(axis=1)],
                "You took one value alone: attention averages all of them.",
            ),
        ),
    ),
)
'''
FILL_IN = """\
{imports}def {module}(weights, value):
    return ...


check("{module}", {module})"""
SOLUTION = """\
def {module}_solution(weights, value):
    return weights @ value


check("{module}", {module}_solution)"""
QUESTIONS = '''\
"""Questions of the chapter {name}."""

import numpy as np

from attention import attention_weights
from attention.exercises.question import Choice, Mistake, Number

QUESTIONS = (
    Number(
        name="equal-scores",
        ask="All of 5 keys have the same score. What is the weight of each?",
        number=attention_weights(np.ones((1, 2)), np.ones((5, 2)))[0, 0],
        because="Equal scores share the whole equally.",
        mistakes=(
            Mistake(1, "not normalised", "The weights of all keys together are 1."),
            Mistake(0.5, "two keys", "There are five keys."),
        ),
    ),
    Choice(
        name="sum",
        ask="What do the weights of a query sum to?",
        right="To 1.",
        because="They are shares of one whole.",
        mistakes=(
            Mistake("To the number of keys.", "no division", "Softmax divides by the sum."),
            Mistake("To the largest score.", "scores taken for weights", "They are shares."),
        ),
    ),
    Choice(
        name="output",
        ask="What is the output of a query?",
        right="The weighted mean of the values.",
        because="Each value counts by its weight.",
        mistakes=(
            Mistake("The value of the largest weight.", "choice for mean", "All values count."),
            Mistake("The weights themselves.", "weights for output", "They are only the shares."),
        ),
    ),
)
'''


def skeleton(name, title, *, exercise):
    """Return a new chapter as a notebook that has not run yet."""
    module = module_of(name)
    cells = [
        new_markdown_cell(
            f"# {title}\n\n*Which question does this chapter, {title}, answer?*\n\n"
            "After this chapter you can say what attention gives for three words."
        ),
        _folded(OPENING),
        new_markdown_cell(
            "**Try:** move the scale to 3. You should see the dog get more than nine tenths."
        ),
        new_markdown_cell("## By hand\n\nScores, weights, and the mean of the values:"),
        new_code_cell(BY_HAND),
        new_markdown_cell("The module gives the same."),
        new_code_cell(MODULE),
    ]
    if exercise:
        prompt = f"Write `{module}(weights, value)`: the outputs of attention, to be replaced."
        imports = "from attention.exercises import check\n\n\n"
        cells += [
            new_markdown_cell(f"## Your turn\n\n### `{module}`\n\n{prompt}"),
            new_code_cell(FILL_IN.format(imports=imports, module=module)),
            new_code_cell(SOLUTION.format(module=module), metadata={"tags": ["hide-cell"]}),
        ]
    else:
        cells += [new_markdown_cell(f"## Your turn\n\n{PAPER}"), _folded(PAPER_SHOWN)]
    cells.append(
        new_markdown_cell(
            "## What was shown\n\nThe larger the scale, the more of the attention goes to the "
            "largest score. Next: the question that this one leaves open."
        )
    )
    nb = new_notebook(cells=cells)
    nb.metadata["teaching"] = {
        "afterwards": "say what attention gives for three words",
        "needs": "3",
        "minutes": 15,
    }
    return normalise(nb, name)


def _folded(source):
    return new_code_cell(source, metadata={"tags": ["hide-input"]})


def module_of(name):
    """Return the name of a chapter's files of exercises and questions: 16-a-name -> a_name."""
    return name.partition("-")[2].replace("-", "_")


def named(wanted, folder):
    """Return a chapter's name with its number, the next that is free if none is given.

    Raises: SystemExit if it cannot name a chapter, or if its number or name is taken.
    """
    stems = [path.stem for path in folder.glob("*.ipynb")]
    if not re.fullmatch(r"(\d\d-)?[a-z][a-z0-9]*(-[a-z0-9]+)*", wanted):
        raise SystemExit(
            f"A chapter is named by small letters, digits and hyphens, such as 16-a-name, and not "
            f"{wanted!r}."
        )
    if not wanted[0].isdigit():
        numbers = [int(stem[:2]) for stem in stems if int(stem[:2]) <= MOST]
        wanted = f"{max(numbers, default=-1) + 1:02d}-{wanted}"
    for stem in stems:
        if stem[:2] == wanted[:2] or module_of(stem) == module_of(wanted):
            raise SystemExit(f"chapters/{stem}.ipynb is there already: take another name.")
    return wanted


def with_line(contents, name):
    """Return the text of _toc.yml with a line for a chapter, below the one it follows."""
    lines = contents.splitlines(keepends=True)
    before = [
        place
        for place, line in enumerate(lines)
        if (found := re.search(r"file: chapters/(\S+)", line)) and found[1] < name
    ]
    follows = lines[before[-1]]
    lines.insert(before[-1] + 1, re.sub(r"chapters/\S+", f"chapters/{name}", follows))
    return "".join(lines)


def start(wanted, title=None, parts=(), root=ROOT):
    """Write a chapter and name it where it must be named: -> the files that are new or changed."""
    name = named(wanted, root / "chapters")
    title = title or name.partition("-")[2].replace("-", " ").capitalize()
    notebook, toc = root / f"chapters/{name}.ipynb", root / "_toc.yml"
    written, module = [notebook, toc], module_of(name)
    for part, text in {"exercises": EXERCISE, "questions": QUESTIONS}.items():
        if part in parts:
            folder = "chapters" if part == "exercises" else part
            file = root / f"attention/exercises/{folder}/{module}.py"
            file.write_text(text.format(name=name, title=title, module=module), encoding="utf-8")
            written.append(file)
    nb = skeleton(name, title, exercise="exercises" in parts)
    notebook.write_text(to_text(nb), encoding="utf-8")
    try:
        refresh(notebook)
    except RefreshError as error:
        for file in {*written} - {toc}:
            file.unlink()
        raise SystemExit(
            f"No chapter is started, since its first form does not run: {error}"
        ) from error
    contents = toc.read_text(encoding="utf-8")
    toc.write_text(with_line(contents, name), encoding="utf-8")
    again = [[sys.executable, "-m", "extensions"]]
    if "exercises" in parts:  # the gallery lists every mistake
        again.append([sys.executable, "tools/refresh.py", "chapters/13-gallery-of-errors.ipynb"])
    if parts:
        again.append([sys.executable, "tools/keep.py"])
    for command in again:
        subprocess.run(command, cwd=root, env=_here(root), check=True, stdout=subprocess.DEVNULL)
    return written


def _here(root):
    paths = [str(root), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", help="such as 16-a-name, or a-name for the next free number")
    parser.add_argument("--title", help="what stands above the chapter")
    parser.add_argument(
        "--with", dest="parts", nargs="*", default=[], choices=["exercises", "questions"]
    )
    asked = parser.parse_args(arguments)
    for file in start(asked.name, asked.title, asked.parts):
        print(file.relative_to(ROOT))
    print("Now write it: make lab, then make refresh and make test.")


if __name__ == "__main__":
    main()
