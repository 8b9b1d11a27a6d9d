"""Note down what a person decided, so that it changes by a person alone: python tools/keep.py.

tests/kept.json holds the terms of the glossary, the right answer to each question, and for each
exercise and each usual mistake its words beside what it gives in the first case. No computation can
tell that two answers were exchanged, or that a hint no longer fits its mistake. So whoever changes
one of them runs this, looks at the difference, and commits it.
"""

import json
import re
from pathlib import Path

import numpy as np

from attention.exercises import EXERCISES
from attention.exercises.export import by_chapter
from attention.exercises.question import shown

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests/kept.json"


def decisions():
    """Return all that is noted down, as it stands now."""
    glossary = (ROOT / "reference/glossary.md").read_text(encoding="utf-8")
    return {
        "glossary": re.findall(r"(?m)^(?![`#*(])(\S.*)$", glossary.partition("```{glossary}")[2]),
        "answers": {
            f"{chapter}: {question.name}": _right(question)
            for chapter, found in by_chapter().items()
            for question in found
        },
        "references": {
            exercise.name: [exercise.prompt, _gives(exercise, exercise.reference)]
            for exercise in EXERCISES.values()
        },
        "mistakes": {
            f"{exercise.name}: {mutant.name}": [mutant.hint, _gives(exercise, mutant.function)]
            for exercise in EXERCISES.values()
            for mutant in exercise.mutants
        },
    }


def _right(question):
    return next(shown(answer.answer) for answer in question.answers() if not answer.name)


def _gives(exercise, function):
    """Write what a function gives in the first case: its shape and its sum."""
    [first] = exercise.answers(function, exercise.cases[:1])
    if first.array is None:
        return "an error"
    total = np.sum(first.array, dtype=float)
    return f"{first.array.shape} {total + 0.0:.3g}"


def main():
    text = json.dumps(decisions(), indent=1, ensure_ascii=False) + "\n"
    KEPT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
