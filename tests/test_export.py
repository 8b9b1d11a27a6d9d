"""The questions for other systems: all of them, whole, with replies, and scored as in the book."""

import re
import zipfile
from xml.etree import ElementTree

import pytest

from attention.exercises import export, qti
from attention.exercises.__main__ import main
from attention.exercises.markup import reply, text
from attention.exercises.question import Choice, Mistake, Number

CHAPTERS = export.by_chapter()
ALL = [(chapter, question) for chapter, found in CHAPTERS.items() for question in found]
each_question = pytest.mark.parametrize(
    ("chapter", "question"), ALL, ids=[f"{chapter}-{question.name}" for chapter, question in ALL]
)
NAMES = {"q": f"{{{qti.QTI}}}"}


@each_question
def test_markdown_leaves_nothing_unread(chapter, question):
    for written in [question.ask, *(answer.because for answer in question.answers())]:
        turned = text(written)
        assert "$" not in turned
        assert "`" not in turned
        assert turned.count("\\(") == turned.count("\\)") == written.count("$") / 2
        ElementTree.fromstring(f"<p>{turned}</p>")


def test_a_formula_keeps_its_braces():
    assert text(r"Divide by $\sqrt{d_k}$?") == r"Divide by \(\sqrt{d_k}\)?"


def read_gift(written):
    """Read what gift wrote: -> {title: (ask, [(is right, answer, reply)])}."""

    def plain(escaped):
        return re.sub(r"\\([\\~=#{}:])", r"\1", escaped)

    found = {}
    for title, ask, body in re.findall(
        r"(?ms)^::(.*?)::\[html\](.*?)(?<!\\) \{$(.*?)^\}$", written
    ):
        lines = [line for line in body.splitlines() if line.startswith("\t")]
        answers = []
        for line in lines:
            given, said = re.split(r"(?<!\\)#", line[2:], maxsplit=1)
            is_right = line[1] == "=" and not given.startswith("%0%")
            answers.append((is_right, plain(given.removeprefix("%0%")), plain(said)))
        found[title] = plain(ask), answers
    return found


def test_gift_holds_every_question_with_its_replies():
    found = read_gift(export.gift(CHAPTERS))
    assert len(found) == len(ALL)
    for chapter, question in ALL:
        ask, answers = found[f"{chapter} {question.name}"]
        assert ask == text(question.ask)
        for (is_right, given, said), answer in zip(answers, question.answers(), strict=True):
            assert is_right == (not answer.name)
            assert said == reply(answer)
            if isinstance(question, Number):
                number, within = map(float, given.split(":"))
                assert number == pytest.approx(answer.answer, rel=1e-9)
                assert within == question.within
            else:
                assert given == text(answer.answer)


def test_moodle_holds_every_question_with_its_replies():
    quiz = ElementTree.fromstring(export.moodle(CHAPTERS))
    entries = {x.findtext("name/text"): x for x in quiz if x.get("type") != "category"}
    assert len(entries) == len(ALL)
    for chapter, question in ALL:
        entry = entries[f"{chapter} {question.name}"]
        assert entry.get("type") == ("numerical" if isinstance(question, Number) else "multichoice")
        for found, answer in zip(entry.iter("answer"), question.answers(), strict=True):
            assert found.get("fraction") == ("0" if answer.name else "100")
            assert found.findtext("feedback/text") == reply(answer)


def play(item, response):
    """Process a response as QTI asks for: -> score, identifier of the feedback."""
    for branch in item.find("q:responseProcessing/q:responseCondition", {"q": qti.QTI}):
        test = branch[0]
        expected = test.findtext("q:baseValue", namespaces={"q": qti.QTI})
        if test.tag.endswith("}equal"):
            assert test.get("toleranceMode") == "absolute"
            hit = abs(float(response) - float(expected)) <= float(test.get("tolerance"))
        else:
            hit = response == expected
        if hit:
            return [outcome[0].text for outcome in branch[1:]]
    return ["0", None]


@each_question
def test_qti_scores_and_replies_as_the_book(chapter, question):
    item = ElementTree.fromstring(qti.item(chapter, question))
    feedback = {
        x.get("identifier"): "".join(x.itertext()).strip()
        for x in item.iter(f"{NAMES['q']}modalFeedback")
    }
    for i, answer in enumerate(question.answers()):
        response = answer.answer if isinstance(question, Number) else f"A{i}"
        score, shown = play(item, response)
        assert score == ("0" if answer.name else "1")
        plain = "".join(ElementTree.fromstring(f"<p>{reply(answer)}</p>").itertext())
        assert " ".join(feedback[shown].split()) == " ".join(plain.split())
    assert play(item, 1e9)[0] == "0"


def test_a_package_lists_what_it_holds(tmp_path):
    assert set(export.write(tmp_path)) == {file.name for file in tmp_path.iterdir()}
    with zipfile.ZipFile(tmp_path / "questions.qti.zip") as package:
        names = set(package.namelist()) - {"imsmanifest.xml"}
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
    assert names == {x.get("href") for x in manifest.iter(f"{{{qti.CP}}}resource")}
    assert len(names) == len(ALL)


def test_the_same_questions_give_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        main(["questions", "--output", str(tmp_path / folder)])
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_the_sheet_keeps_its_answers_for_the_end():
    wrong = Mistake("never", "m", "No.")
    asked = (Choice("a", "When?", "now", "Yes.", (wrong,)), Number("b", "How many?", 3, "B.", ()))
    before, after = export.sheet({"small_things": asked}).split("# Answers")
    assert "**1.** When?" in before
    assert sorted(re.findall(r"- \[ \] (\w+)", before)) == ["never", "now"]
    assert "## Small things" in before
    assert "**1.** now Yes." in after
    assert "**2.** 3 B." in after
