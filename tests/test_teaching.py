"""The teachers' page: every chapter, plans that add up, and entries that are as it says."""

import re
from pathlib import Path

import numpy as np
import pytest

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
from attention.exercises.tasks import KINDS, tasks
from extensions import chapters

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
        if row[-1]
    }


def test_the_table_is_what_the_chapters_say_of_themselves():
    assert chapters.with_table(PAGE) == PAGE, (
        "reference/teaching.md: the table of chapters is not what the notebooks say of themselves "
        'in their metadata, under "teaching": python -m extensions writes it'
    )


def test_every_chapter_is_listed_in_order_with_its_minutes():
    links = [re.search(r"chapters/(.*)\.ipynb", r[0])[1] for r in rows("What each chapter teaches")]
    missing = [chapter.stem for chapter in CHAPTERS if chapter.stem not in links]
    assert not missing, (
        f"reference/teaching.md: the table leaves out {', '.join(missing)}: python -m extensions "
        "writes it from the notebooks' metadata"
    )
    assert links == [chapter.stem for chapter in CHAPTERS]
    for link in links:
        assert int(link.partition("-")[0]) in minutes(), (
            f'chapters/{link}.ipynb: its metadata must say its minutes, under "teaching"'
        )
    assert min(minutes().values()) > 0
    assert "estimates" in section("What each chapter teaches")


def test_a_chapter_needs_only_those_before_it():
    for row in rows("What each chapter teaches"):
        number = int(re.match(r"\[(\d+)\]", row[0])[1])
        later = [x for x in re.findall(r"\d+", row[2]) if int(x) >= number]
        assert not later, (
            f"chapters/{number:02d}-….ipynb: its metadata says that it needs {', '.join(later)}, "
            "and a chapter needs only what stands before it"
        )


def test_the_plans_fill_their_time():
    assert sum(int(row[0]) for row in rows("One hour")) == 60
    assert sum(int(row[0]) for row in rows("Half a day")) == 240
    slots = [row for row in rows("Four weeks") if len(row) == 6]
    assert [int(row[0]) for row in slots] == [1, 2, 3, 4, 5, 6, 7, 8]
    found = list(miscounted(slots, minutes()))
    assert not found, "\n".join(found)


def miscounted(slots, minutes):
    """Yield what the plan of four weeks says and the chapters do not; it may leave some out."""
    taught = [int(number) for row in slots for number in row[1].split(", ")]
    unknown = [number for number in taught if number not in minutes]
    if unknown:
        yield f"reference/teaching.md, four weeks: there is no chapter {unknown[0]}"
    if taught != sorted(set(taught)):
        yield f"reference/teaching.md, four weeks: chapters must stand once, in order, not {taught}"
    for row in slots:
        needed = sum(minutes.get(int(number), 0) for number in row[1].split(", "))
        if int(row[2]) != needed:
            yield (
                f"reference/teaching.md, four weeks: slot {row[0]} takes {needed} minutes at home, "
                f"as its chapters say, and not {row[2]}"
            )
        if sum(map(int, row[3:])) != 90:
            yield f"reference/teaching.md, four weeks: slot {row[0]} must fill 90 minutes in class"


def test_slides_and_sheets_fit_their_slots():
    read = {row[0]: row[1].split(", ") for row in rows("Four weeks") if len(row) == 6}
    shown = rows("Slides and sheets for the eight slots")
    assert [row[0] for row in shown] == list(read)
    for slot, decks, kinds, level in shown:
        assert set(decks.split(", ")) <= set(read[slot])
        assert len(tasks(0, 4, kinds.split(", "), int(level))) == 4
    assert {kind for row in shown for kind in row[2].split(", ")} == set(KINDS)


def test_the_kinds_of_tasks_are_listed():
    assert [row[0].strip("`") for row in rows("Worksheets")] == list(KINDS)


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        (["1", "0, 7", "45", "40", "40", "10"], "there is no chapter 7"),
        (["1", "1, 0", "45", "40", "40", "10"], "must stand once, in order, not [1, 0]"),
        (["1", "0, 1", "50", "40", "40", "10"], "slot 1 takes 45 minutes at home"),
        (["1", "0, 1", "45", "40", "40", "20"], "slot 1 must fill 90 minutes in class"),
    ],
)
def test_a_plan_that_does_not_add_up_is_named(slot, said):
    assert said in next(miscounted([slot], {0: 15, 1: 30}))


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
