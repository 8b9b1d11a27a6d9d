"""The questions of the chapters: complete, computed, distinct, and on the pages as written."""

import ast
import dataclasses
import html
import math
import re
from pathlib import Path

import numpy as np
import pytest
from docutils import nodes

from attention.exercises import questions as data
from attention.exercises.question import Choice, Mistake, Number
from extensions import questions

ROOT = Path(__file__).resolve().parents[1]
STEMS = [file.stem for file in sorted(ROOT.glob("chapters/*.ipynb"))]
LOADED = {stem: found for stem in STEMS if (found := questions.of_chapter(f"chapters/{stem}"))}
CHAPTERS = list(LOADED)
FILES = sorted(Path(data.__file__).parent.glob("[!_]*.py"))


def right(question):
    [answer] = [answer for answer in question.answers() if not answer.name]
    return answer


def test_every_question_belongs_to_a_chapter():
    named = {chapter.partition("-")[2].replace("-", "_") for chapter in STEMS}
    for file in FILES:
        assert file.stem in named, (
            f"attention/exercises/questions/{file.name} is named after no chapter: for "
            f"chapters/NN-a-name.ipynb it must be called a_name.py"
        )


def file_of(chapter):
    return f"attention/exercises/questions/{chapter.partition('-')[2].replace('-', '_')}.py"


def test_a_chapter_has_three_questions_and_a_number_among_them():
    found = [problem for chapter in CHAPTERS for problem in shortages(LOADED[chapter], chapter)]
    assert not found, "\n".join(found)


def shortages(found, chapter):
    """Yield what the questions of a chapter lack."""
    if len(found) < 3:
        yield f"{file_of(chapter)}: three questions are the least, and it has {len(found)}"
    for kind in (Choice, Number):
        if not any(isinstance(question, kind) for question in found):
            yield f"{file_of(chapter)}: one question must be a {kind.__name__}"
    names = [question.name for question in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{file_of(chapter)}: two questions are called {name}"


@pytest.mark.parametrize(
    ("chapter", "question"),
    [
        pytest.param(chapter, question, id=f"{chapter}-{question.name}")
        for chapter, found in LOADED.items()
        for question in found
    ],
)
def test_every_wrong_answer_is_a_named_mistake_with_its_reply(chapter, question):
    found = list(faults(question))
    assert not found, "\n".join(f"{file_of(chapter)}, {question.name}: {x}" for x in found)


def faults(question):
    """Yield what is missing in a question."""
    answers = question.answers()
    mistakes = [answer.name for answer in answers if answer.name]
    if len(mistakes) < 2:
        yield f"two mistakes are the least, and it has {len(mistakes)}"
    if len(set(mistakes)) < len(answers) - 1:
        yield f"each mistake needs a name of its own, and they are called {mistakes}"
    given = [answer.answer for answer in answers]
    if len(set(given)) < len(given):
        yield f"each answer must differ from the others, and they are {given}"
    for answer in answers:
        if not answer.because.endswith("."):
            yield f"the reply to {answer.answer!r} must end with a full stop"
    if not question.ask.endswith("?"):
        yield f"it must end with a question mark: {question.ask!r}"
    if isinstance(question, Number):
        numbers = sorted(map(float, given))
        if not all(map(math.isfinite, numbers)):
            yield f"its answers must be finite, and they are {given}"
        elif np.diff(numbers).min() <= 2 * question.within:
            yield f"two answers lie within {question.within} of each other: {given}"


RIGHT = Number("n", "How many?", 3, "Three.", (Mistake(1, "a", "No."), Mistake(2, "b", "No.")), 0.1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mistakes": RIGHT.mistakes[:1]}, "two mistakes are the least, and it has 1"),
        ({"mistakes": (Mistake(1, "a", "No."), Mistake(2, "a", "No."))}, "called ['a', 'a']"),
        ({"number": 2.0}, "each answer must differ"),
        ({"because": "Three"}, "the reply to 3 must end with a full stop"),
        ({"ask": "How many"}, "must end with a question mark"),
        ({"within": 0.6}, "within 0.6 of each other"),
        ({"number": math.inf}, "must be finite"),
    ],
)
def test_what_a_question_lacks_is_named(change, said):
    assert list(faults(RIGHT)) == []
    assert said in next(faults(dataclasses.replace(RIGHT, **change)))


def test_what_the_questions_of_a_chapter_lack_is_named():
    assert list(shortages((RIGHT, RIGHT), "07-small-one")) == [
        "attention/exercises/questions/small_one.py: three questions are the least, and it has 2",
        "attention/exercises/questions/small_one.py: one question must be a Choice",
        "attention/exercises/questions/small_one.py: two questions are called n",
    ]


def typed(source):
    """Yield the names of the numbers that a module of questions types instead of computing."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Number":
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            number = given["number"]
            if isinstance(getattr(number, "operand", number), ast.Constant):
                yield given["name"].value


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_right_number_is_computed_and_not_typed(file):
    found = list(typed(file.read_text(encoding="utf-8")))
    assert not found, (
        f"attention/exercises/questions/{file.name}: the number of {', '.join(found)} is typed, "
        "and must be computed by the module"
    )


def test_a_typed_number_is_found():
    assert list(typed('Number(name="a", number=-3)\nNumber(name="b", number=abs(2))')) == ["a"]


# By hand, and by loops alone: what the expressions of the files must give.
BY_HAND = {
    ("00-introduction", "pairs"): sum(1 for _ in range(12) for _ in range(12)),
    ("00-introduction", "cheaper"): 512 / 64,
    ("01-core-concept", "average"): (2 + 4 + 9) / 3,
    ("01-core-concept", "doubled"): 10 * 10,
    ("02-formula", "scores-shape"): 3 * 5,
    ("02-formula", "which-d"): 2,
    ("02-formula", "learned"): 6 * 3 + 6 * 3 + 6 * 2,
    ("03-breakdown", "score"): 1 * 2 + 0 * 5 + 2 * 1 + 1 * 1,
    ("03-breakdown", "share"): math.e / (math.e + 1),
    ("04-numeric-example", "second-weight"): math.e / (math.e + 1),
    ("04-numeric-example", "divisor"): 5 / math.log(3),
    ("05-why-sqrt-d", "long-query"): 6 * 6,
    ("05-why-sqrt-d", "divided-variance"): 1 / 64,
    ("06-masks", "window-pairs"): 1 + 2 + 3 + 3 + 3 + 3,
    ("06-masks", "after-softmax"): 3 / 4,
    ("07-multi-head", "head-size"): 8,
    ("07-multi-head", "how-many-weights"): 4 * 5 * 5,
    ("07-multi-head", "shared-keys"): 8,
    ("08-position", "first-row"): 3,
    ("08-position", "rotary-score"): 6 * math.cos(1),
    ("09-transformer", "norm"): 1 / math.sqrt(1 + 1e-5),
    ("10-training", "chance-loss"): math.log(16),
    ("10-training", "signs"): 0.01,
    ("11-generating", "hot"): math.e / (math.e + 1),
    ("11-generating", "top-p"): 0.5 / 0.8,
    ("11-generating", "passes"): 1 + 9,
    ("12-long-sequences", "rescale"): 2 * math.exp(3 - 5) + 1,
    ("13-gallery-of-errors", "missing-weight"): 3 / 5,
}


@pytest.mark.parametrize(("place", "number"), BY_HAND.items())
def test_numbers_are_what_they_are_by_hand(place, number):
    chapter, name = place
    [question] = [question for question in LOADED[chapter] if question.name == name]
    assert right(question).answer == pytest.approx(number)


def test_the_right_answer_may_stand_anywhere():
    choices = [q for found in LOADED.values() for q in found if isinstance(q, Choice)]
    places = [question.answers().index(right(question)) for question in choices]
    assert {0, 1, 2} <= set(places)
    assert max(map(places.count, places)) < 0.6 * len(places)


def test_a_question_is_shown_as_it_is_written():
    question = Number("n", "How many are $x$?", 3 / 7, "Of $x$.", (Mistake(-2, "m", "b"),), 0.1)
    made = list(questions.markup([question]))
    assert [node.astext() for node in made if isinstance(node, nodes.math)] == ["x", "x"]
    page = "".join(node.astext() for node in made)
    assert 'data-within="0.1"' in page
    assert '<li data-value="0.4285714286" data-right><b>0.4286</b> <span>Right. Of ' in page
    assert '<li data-value="-2"><b>−2</b> <span>No: m. b</span></li>' in page


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_asks_its_questions_before_it_closes(site, chapter):
    page = (site / "chapters" / f"{chapter}.html").read_text(encoding="utf-8")
    names = re.findall(r'<fieldset class="question" data-name="([^"]*)">', page)
    assert names == [question.name for question in LOADED[chapter]]
    headings = [html.unescape(re.sub("<[^>]*>", "", h)) for h in re.findall("<h2>(.*?)</h2>", page)]
    headings = [heading.rstrip("#") for heading in headings]
    if questions.LAST in headings:
        assert headings.index("Questions") == headings.index(questions.LAST) - 1
    section = re.search(r'<section id="questions">.*?</section>', page, re.DOTALL)[0]
    assert 'class="reference' not in section.replace('class="headerlink"', "")
    assert '<a class="headerlink" href="#questions"' in section
    for question in LOADED[chapter]:
        for answer in question.answers():
            if "$" not in f"{answer.name}{answer.answer}":
                assert f"No: {answer.name}." in section or not answer.name
    assert '<a class="reference internal nav-link" href="#questions">Questions</a>' in page
