"""Write the questions for other systems: GIFT, Moodle XML, QTI 2.1, and a sheet to print.

    python -m attention.exercises questions --output FOLDER

Each file holds all questions, by chapter, with the reply to every wrong answer. Formulas stay in
LaTeX, between \\\\( and \\\\), which Moodle and most systems typeset.
"""

import pkgutil
import re
from importlib import import_module
from xml.etree.ElementTree import Element, SubElement

from attention.exercises import qti, questions
from attention.exercises.markup import LICENCE, number, reply, text, written_xml
from attention.exercises.question import Number, shown


def by_chapter():
    """Return {module of a chapter: its questions}, such as {"masks": (...), ...}."""
    names = [found.name for found in pkgutil.iter_modules(questions.__path__)]
    return {name: import_module(f"{questions.__name__}.{name}").QUESTIONS for name in names}


def gift(chapters):
    """Write questions in Moodle's plain-text format."""
    lines = [f"// {LICENCE}\n"]
    for chapter, asked in chapters.items():
        lines.append(f"$CATEGORY: attention/{chapter}\n")
        for question in asked:
            lines.append(f"::{chapter} {question.name}::[html]{_gift(text(question.ask))} {{")
            if isinstance(question, Number):
                lines.append("#")
            lines += [_gift_answer(question, answer) for answer in question.answers()]
            lines.append("}\n")
    return "\n".join(lines)


def _gift(written):
    return re.sub(r"([\\~=#{}:])", r"\\\1", written)


def _gift_answer(question, answer):
    said = _gift(reply(answer))
    if isinstance(question, Number):
        share = "" if not answer.name else "%0%"
        return f"\t={share}{number(answer.answer)}:{number(question.within)}#{said}"
    return f"\t{'~' if answer.name else '='}{_gift(text(answer.answer))}#{said}"


def moodle(chapters):
    """Write questions as Moodle XML."""
    quiz = Element("quiz")
    for chapter, asked in chapters.items():
        category = SubElement(quiz, "question", type="category")
        _text(SubElement(category, "category"), f"$course$/attention/{chapter}")
        for question in asked:
            kind = "numerical" if isinstance(question, Number) else "multichoice"
            entry = SubElement(quiz, "question", type=kind)
            _text(SubElement(entry, "name"), f"{chapter} {question.name}")
            _text(SubElement(entry, "questiontext", format="html"), text(question.ask))
            if kind == "multichoice":
                SubElement(entry, "single").text = "true"
                SubElement(entry, "shuffleanswers").text = "true"
            for answer in question.answers():
                found = SubElement(entry, "answer", fraction="0" if answer.name else "100")
                if kind == "numerical":
                    _text(found, number(answer.answer))
                    SubElement(found, "tolerance").text = number(question.within)
                else:
                    found.set("format", "html")
                    _text(found, text(answer.answer))
                _text(SubElement(found, "feedback", format="html"), reply(answer))
    return written_xml(quiz)


def _text(parent, written):
    SubElement(parent, "text").text = written


def sheet(chapters):
    """Write questions as Markdown to be printed, the answers behind them."""
    asked, answered = ["# Questions", ""], ["# Answers", ""]
    place = 0
    for chapter, found in chapters.items():
        asked += [f"## {chapter.replace('_', ' ').capitalize()}", ""]
        for question in found:
            place += 1
            asked += [f"**{place}.** {question.ask}", ""]
            if not isinstance(question, Number):
                asked += [f"- [ ] {answer.answer}" for answer in question.answers()] + [""]
            right = next(answer for answer in question.answers() if not answer.name)
            answered += [f"**{place}.** {shown(right.answer)} {right.because}", ""]
    return "\n".join([*asked, *answered, LICENCE, ""])


def write(folder):
    """Write all four into a folder: -> their names."""
    folder.mkdir(parents=True, exist_ok=True)
    chapters = by_chapter()
    texts = {"questions.gift": gift, "questions.moodle.xml": moodle, "questions.md": sheet}
    for name, writer in texts.items():
        (folder / name).write_text(writer(chapters), encoding="utf-8")
    qti.package(chapters, folder / "questions.qti.zip")
    return [*texts, "questions.qti.zip"]
