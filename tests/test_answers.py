"""What check says to answers that people write: tests/answers/ holds them, with what they deserve.

A file for each chapter, a table for each exercise. The answers stand below the name of the mistake
that they make and must be told, or below "right", "not yet" (with the place where they differ), or
what is wrong apart from the numbers: "shape", "dtype", "changed" inputs, an "error". They were
written before the lists of mistakes were read. An answer is an expression, or a function's body.
"""

import linecache
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

import attention
from attention.exercises import EXERCISES, check
from attention.exercises.checking import MARKS

FOLDER = Path(__file__).parent / "answers"
ANSWERS = [
    (name, deserved, source)
    for file in sorted(FOLDER.glob("*.toml"))
    for name, answers in tomllib.loads(file.read_text("utf-8")).items()
    for deserved, sources in answers.items()
    for source in sources
]
KNOWN = {"np": np, "math": math, **{name: getattr(attention, name) for name in attention.__all__}}


def written(name, source):
    """Return the function of this name that somebody wrote, as a notebook would make it."""
    try:
        compile(source, name, "eval")
        source = f"return {source}"
    except SyntaxError:
        pass
    body = "".join(f"    {line}\n" for line in source.splitlines())
    text = f"def {name}({', '.join(EXERCISES[name].arguments)}):\n{body}"
    file = f"<{name} {hash(source)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = dict(KNOWN)
    exec(compile(text, file, "exec"), namespace)
    return namespace[name]


@pytest.mark.parametrize(("name", "deserved", "source"), ANSWERS)
def test_an_answer_gets_what_it_deserves(name, deserved, source):
    verdict = check(name, written(name, source))
    said = verdict.mutant or {"wrong": "not yet"}.get(verdict.kind, verdict.kind)
    assert said == deserved
    mark, word, _ = MARKS.get(verdict.kind, MARKS["wrong"])
    assert f"<strong>{mark} {word}</strong>" in verdict._repr_html_()
    if deserved == "right":
        assert verdict.case == ""
        return
    assert "expected" in verdict.case
    lines = [line.strip() for line in source.splitlines()]
    if verdict.kind == "error" and "array is asked for" not in verdict.sentence and said == "error":
        assert any(f"in your line `{x}`" in verdict.sentence for x in (*lines, f"return {source}"))
    if said == "not yet" and "`return`" not in verdict.sentence:
        assert "smallest case that differs, first" in verdict.sentence
        assert "\ngot" in verdict.case


def test_there_are_many_answers_to_each_exercise():
    for name in EXERCISES:
        deserved = [what for of, what, _ in ANSWERS if of == name]
        assert deserved.count("right") >= 1
        assert len(deserved) - deserved.count("right") >= 9
        known = {mutant.name for mutant in EXERCISES[name].mutants}
        kinds = {"right", "not yet", "shape", "dtype", "changed", "error"}
        assert set(deserved) <= known | kinds
    assert not {name for name, *_ in ANSWERS} - set(EXERCISES)
