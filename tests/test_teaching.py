"""The teachers' page: every chapter, plans that add up, and entries that are as it says."""

import re
from pathlib import Path

from attention import causal_mask
from attention.exercises import EXERCISES, Exercise, Mutant
from attention.exercises.chapters import formula
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
    weeks = rows("Four weeks")
    taught = [[int(number) for number in row[1].split(", ")] for row in weeks]
    assert [int(row[0]) for row in weeks] == [1, 2, 3, 4]
    assert sum(taught, []) == list(minutes())
    assert [int(row[2]) for row in weeks] == [sum(map(minutes().get, week)) for week in taught]


def test_the_entry_of_an_exercise_has_the_fields_of_one():
    entry = re.search(r"```python\n(.*?)```", section("Adding an exercise"), re.DOTALL)[1]
    fields = set(re.findall(r"(?m)^    (\w+)=", entry))
    assert fields == set(Exercise.__dataclass_fields__)
    names = vars(formula) | {"Exercise": Exercise, "Mutant": Mutant}
    made = eval(entry, names | {"query": [[1]], "key": [[1]], "value": [[1]]})
    assert made.mutants[0].hint == EXERCISES["attend"].mutant("no scale").hint


def test_the_entry_of_a_question_is_one():
    entry = re.search(r"```python\n(.*?)```", section("Adding a question"), re.DOTALL)[1]
    names = {"Number": Number, "Mistake": Mistake, "causal_mask": causal_mask}
    question = eval(entry, names)
    assert question.name == "causal-pairs"
    assert [answer.answer for answer in question.answers()] == [15, 10]
