"""What a person decided stays until a person changes it: terms, right answers, hints."""

import dataclasses
import json

import keep
import pytest

from attention.exercises import EXERCISES

KEPT = json.loads(keep.KEPT.read_text(encoding="utf-8"))
SAY = "is this meant? Then run python tools/keep.py"


def changes(kept, now):
    """Yield one sentence for each decision that differs from what was noted down."""
    for term in sorted({*kept["glossary"]} ^ {*now["glossary"]}):
        what = "is new" if term in now["glossary"] else "is gone"
        yield f"reference/glossary.md: the term {term!r} {what}: {SAY}"
    folders = {"answers": "questions", "references": "chapters", "mistakes": "chapters"}
    for part, folder in folders.items():
        for name in sorted({*kept[part]} | {*now[part]}):
            before, after = kept[part].get(name), now[part].get(name)
            if before != after:
                yield f"attention/exercises/{folder}, {name}: {before} became {after}: {SAY}"


def test_nothing_changed_unseen():
    found = list(changes(KEPT, keep.decisions()))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("glossary", lambda kept: kept[:-1], "reference/glossary.md: the term"),
        ("answers", lambda kept: dict(zip(kept, [*kept.values()][::-1], strict=True)), "became"),
        ("mistakes", lambda kept: {}, "became None"),
    ],
)
def test_a_change_is_named(part, change, said):
    found = list(changes(KEPT, KEPT | {part: change(KEPT[part])}))
    assert found
    assert all(said in line and SAY in line for line in found)


def test_a_mistake_that_no_longer_fits_its_hint_is_seen():
    exercise = EXERCISES["attend"]
    wrong = dataclasses.replace(exercise.mutant("no scale"), function=exercise.reference)
    now, kept = keep._gives(exercise, wrong.function), KEPT["mistakes"]["attend: no scale"][1]
    assert now != kept
