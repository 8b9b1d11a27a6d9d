"""The teachers' page: every chapter, plans that add up, and entries that are as it says."""

import re
from pathlib import Path

import numpy as np

from attention import (
    MultiHeadAttention,
    attention_steps,
    causal_mask,
    padding_mask,
    parameter_count,
)
from attention.exercises import EXERCISES, Exercise, Mutant
from attention.exercises.chapters import breakdown
from attention.exercises.question import Mistake, Number

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
PAGE = (ROOT / "reference/teaching.md").read_text(encoding="utf-8")


def section(title):
    """Return the text below a heading, up to the next one."""
    return re.search(rf"(?ms)^#+ {title}$(.*?)(?=^#+ |\Z)", PAGE)[1]


def rows(title):
    """Return the cells of the table below a heading, without its head."""
    lines = re.findall(r"(?m)^\|(.*)\|$", section(title))[2:]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def minutes():
    """Return {number of a chapter: minutes}."""
    return {
        int(re.match(r"\[(\d+)\]", row[0])[1]): int(row[-1])
        for row in rows("What each chapter teaches")
    }


def test_every_chapter_is_listed_in_order_with_its_minutes():
    links = [re.search(r"chapters/(.*)\.ipynb", r[0])[1] for r in rows("What each chapter teaches")]
    numbers = [int(link.partition("-")[0]) for link in links]
    assert links == [chapter.stem for chapter in CHAPTERS]
    assert numbers == list(minutes())
    assert min(minutes().values()) > 0
    assert "estimates" in section("What each chapter teaches")


def test_a_chapter_needs_only_those_before_it():
    for row in rows("What each chapter teaches"):
        number = int(re.match(r"\[(\d+)\]", row[0])[1])
        assert all(int(needed) < number for needed in re.findall(r"\d+", row[2]))


def test_the_plans_fill_their_time():
    assert sum(int(row[0]) for row in rows("One hour")) == 60
    assert sum(int(row[0]) for row in rows("Half a day")) == 240
    slots = [row for row in rows("Four weeks") if len(row) == 6]
    taught = [[int(number) for number in row[1].split(", ")] for row in slots]
    assert [int(row[0]) for row in slots] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert sum(taught, []) == list(minutes())
    assert [int(row[2]) for row in slots] == [sum(map(minutes().get, slot)) for slot in taught]
    assert all(sum(map(int, row[3:])) == 90 for row in slots)


def test_the_key_of_the_exam_is_right():
    exam = section("An exam, with its key")
    assert sum(map(int, re.findall(r"(?m)^\d\. \((\d)\)", exam))) == 30
    key = exam.partition("**Key.**")[2]
    steps = attention_steps([[2, 0, 2, 0]], [[1, 1, 1, 0], [1, 0, 0, 1]], [[4, 0], [0, 8]])
    (s1, s2), (a, b), (w1, w2) = (step[0] for step in steps[:3])
    found = f"Scores {s1:g} and {s2:g}; scaled {a:g} and {b:g}; weights {w1:.2f} and {w2:.2f}"
    x, y = steps.output[0]
    assert f"{found}; output ({x:.1f}, {y:.1f})." in key
    assert f"so by {np.sqrt(64 * 2**2 * 2**2):g}." in key
    pairs = (causal_mask(5) & padding_mask(3, 5)).sum()
    assert f": {pairs} pairs." in key
    layer = MultiHeadAttention.init(np.random.default_rng(0), d_model=512, num_heads=8)
    made = layer.steps(*(np.zeros((n, 512)) for n in (10, 20, 20)))
    shapes = [x[0].shape for x in (made.query, made.key, made.weights)]
    shapes.append((made.weights @ made.value)[0].shape)
    assert ", ".join(map(str, shapes)) in key
    assert f"{parameter_count(layer):,} parameters" in key
    assert f"= {2 * 32 * 8 * 128 * 2 * 4096:,} bytes" in key


def test_the_entry_of_an_exercise_has_the_fields_of_one():
    entry = re.search(r"```python\n(.*?)```", section("Adding an exercise"), re.DOTALL)[1]
    fields = set(re.findall(r"(?m)^    (\w+)=", entry))
    assert fields == set(Exercise.__dataclass_fields__)
    names = vars(breakdown) | {"Exercise": Exercise, "Mutant": Mutant}
    made = eval(entry, names | {"query": [[1]], "key": [[1]], "value": [[1]]})
    assert made.mutants[0].hint == EXERCISES["attend"].mutant("no scale").hint


def test_the_entry_of_a_question_is_one():
    entry = re.search(r"```python\n(.*?)```", section("Adding a question"), re.DOTALL)[1]
    names = {"Number": Number, "Mistake": Mistake, "causal_mask": causal_mask}
    question = eval(entry, names)
    assert question.name == "causal-pairs"
    assert [answer.answer for answer in question.answers()] == [15, 10]
