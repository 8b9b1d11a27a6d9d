"""The questions for other systems: all of them, whole, with replies, and scored as in the book."""

import html
import json
import re
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sphinx.errors import ExtensionError

from attention.exercises import export, qti
from attention.exercises.__main__ import main
from attention.exercises.markup import reply, text
from attention.exercises.question import Choice, Mistake, Number
from extensions import node

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
    """Read GIFT by the grammar of gift-pegjs: -> {title: question}."""
    asked = {"modules": str(node.MODULES), "gift": written}
    found = node.run(Path(__file__).parent / "gift.mjs", asked)
    return {x["title"]: x for x in found if x["type"] != "Category"}


def test_gift_holds_every_question_with_its_replies():
    found = read_gift(export.gift(CHAPTERS))
    assert len(found) == len(ALL)
    for chapter, question in ALL:
        entry = found[f"{chapter} {question.name}"]
        assert entry["stem"] == {"format": "html", "text": text(question.ask)}
        is_number = isinstance(question, Number)
        assert entry["type"] == ("Numerical" if is_number else "MC")
        choices = entry["choices"]
        for choice, answer in zip(choices, question.answers(), strict=True):
            assert choice["feedback"]["text"] == reply(answer)
            assert choice["isCorrect"] == (not answer.name) or choice["weight"] == 0
            if is_number:
                assert choice["text"]["number"] == pytest.approx(answer.answer, rel=1e-9)
                assert choice["text"]["range"] == question.within
            else:
                assert choice["text"]["text"] == text(answer.answer)


def test_broken_gift_is_seen():
    written = export.gift(CHAPTERS)
    with pytest.raises(ExtensionError, match="gift.mjs failed"):
        read_gift(written.replace("\\:", ":").replace("}", ""))


READ_BY_OTHERS = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from moodle_xml_parser.parser import parse_file
from onyx2moodle.parser import parse_item

folder = Path(sys.argv[1])
items = [parse_item(file) for file in sorted(folder.glob("items/*.xml"))]
print(json.dumps({
    "moodle": [asdict(x) for x in parse_file(folder / "questions.moodle.xml")["multichoice"]],
    "qti": {
        item.title: [
            [asdict(x) for x in item.response_decls.values()],
            [asdict(x) for x in item.interactions],
            [asdict(x) for x in item.feedback],
        ]
        for item in items
    },
}))
"""


def test_readers_that_others_wrote_find_every_question(apart, tmp_path):
    export.write(tmp_path)
    with zipfile.ZipFile(tmp_path / "questions.qti.zip") as package:
        package.extractall(tmp_path / "items")
    (tmp_path / "items/imsmanifest.xml").unlink()
    done = subprocess.run(
        [apart / "python", "-c", READ_BY_OTHERS, tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    moodle = {x["name"]: x for x in found["moodle"]}
    assert len(found["qti"]) == len(ALL)
    for chapter, question in ALL:
        title = f"{chapter} {question.name}"
        answers = question.answers()
        declared, [interaction], feedback = found["qti"][title]
        [right] = declared[0]["correct_values"]
        assert len(feedback) == len(answers)
        if isinstance(question, Number):
            assert title not in moodle
            assert interaction["kind"] == "textEntry"
            assert float(right) == pytest.approx(question.number, rel=1e-9)
            continue
        assert [x["identifier"] for x in interaction["choices"]][0] == "A0"
        place = int(right.removeprefix("A"))
        assert not answers[place].name
        options = moodle[title]["options"]
        assert [x["score_fraction"] for x in options] == [0 if x.name else 100 for x in answers]
        assert options[place]["feedback"] == html.unescape(reply(answers[place]))


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


def test_each_file_says_its_licence(tmp_path):
    for name in export.write(tmp_path):
        file = tmp_path / name
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as package:
                texts = [package.read(x).decode() for x in package.namelist()]
        else:
            texts = [file.read_text(encoding="utf-8")]
        assert all("CC BY 4.0" in x for x in texts), name


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
