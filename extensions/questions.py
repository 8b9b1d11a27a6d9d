"""Put questions at the end of each chapter, which a page answers without a kernel.

questions/<chapter>.yml holds a list of questions. Each has a name, a text to ask, and either
answers to choose among or a number to write:

    ask      Markdown with formulas; {{...}} is a Python expression, written as it is on paper
    given    Python that is run first, if the expressions need it
    number   a Python expression over the module: the right answer is never typed
    within   how far an answer may lie from the number, 0.005 if nothing is said
    because  why the right answer is right
    answers  the right one is `right: ... because: ...`
    mistakes or a list of those a reader may make, each with its reply:
             `wrong: ... mistake: its name because: ...`; for a number, wrong is an expression

Without a script the answers unfold below each question.
"""

import html
import math
import re
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

import attention

FOLDER = Path(__file__).with_name("questions")
LAST = "What was shown"  # the section that closes a chapter: questions come before it


class Answer(NamedTuple):
    """An answer to choose, or a number that may be written, and what is said to it."""

    text: str
    because: str
    mistake: str = ""  # its name; the right answer has none
    number: float | None = None


class Question(NamedTuple):
    """A question with its answers, the right one among them."""

    name: str
    ask: str
    answers: list[Answer]
    within: float | None = None  # of a number


class Questions(nodes.FixedTextElement):
    """All questions of a chapter; text that is fixed gets no links to terms within a label."""


def setup(app):
    app.add_node(Questions, html=(lambda self, node: None, lambda self, node: None))
    app.connect("doctree-read", _insert, priority=400)  # before the contents are collected


def file_of(docname):
    return FOLDER / f"{docname.rpartition('/')[2]}.yml"


def _insert(app, doctree):
    docname = app.env.docname
    if not docname.startswith("chapters/") or not file_of(docname).exists():
        return
    section = nodes.section(ids=["questions"], names=["questions"])
    section += nodes.title("", "Questions")
    section += nodes.paragraph("", "What you answer stays on your device.")
    section += Questions("", "", *markup(load(file_of(docname))))
    [chapter] = (node for node in doctree.children if isinstance(node, nodes.section))
    titles = [node[0].astext() if isinstance(node, nodes.section) else "" for node in chapter]
    chapter.insert(titles.index(LAST) if LAST in titles else len(titles), section)


def load(file):
    """Read a file of questions and compute their numbers: -> [Question, ...]."""
    return [_question(**entry) for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]


def _question(
    *, name, ask, given="", number=None, within=0.005, because="", answers=(), mistakes=()
):
    names = vars(attention) | {"np": np, "math": math}
    exec(given, names)

    def written(text):
        return re.sub(r"\{\{(.+?)\}\}", lambda match: shown(eval(match[1], names)), text)

    def numeric(expression, because, mistake=""):
        value = float(eval(expression, names))
        return Answer(shown(value), written(because), mistake, value)

    def chosen(because, right="", wrong="", mistake=""):
        return Answer(written(right or wrong), written(because), mistake)

    if number is None:
        # In an order that says nothing and is the same in each build.
        found = sorted((chosen(**one) for one in answers), key=_shuffled)
        return Question(name, written(ask), found)
    wrong = [numeric(one["wrong"], one["because"], one["mistake"]) for one in mistakes]
    return Question(name, written(ask), [numeric(number, because), *wrong], within)


def _shuffled(answer):
    return zlib.crc32(answer.text.encode())


def shown(value):
    """Write a number or an array as on paper: at most four digits behind the point."""
    if np.ndim(value):
        return "[" + " ".join(map(shown, value)) + "]"
    return f"{round(float(value), 4) + 0.0:.10g}".replace("-", "−")


def markup(questions):
    """Turn questions into nodes."""
    for question in questions:
        name = html.escape(question.name)
        yield _raw(f'<fieldset class="question" data-name="{name}">\n<legend>')
        yield from _inline(question.ask)
        yield _raw("</legend>\n")
        if question.within is None:
            for number, answer in enumerate(question.answers):
                yield _raw(f'<label><input type="radio" name="{name}" value="{number}"> <span>')
                yield from _inline(answer.text)
                yield _raw("</span></label>\n")
        else:
            yield _raw(
                '<label>Your answer: <input type="text" inputmode="decimal" autocomplete="off" '
                f'size="8" data-within="{question.within:g}"></label>\n'
            )
        yield _raw("<details>\n<summary>Answers</summary>\n<ul>\n")
        for answer in question.answers:
            value = "" if answer.number is None else f' data-value="{answer.number:.10g}"'
            yield _raw(f"<li{value}{'' if answer.mistake else ' data-right'}><b>")
            yield from _inline(answer.text)
            yield _raw("</b> <span>")
            verdict = f"No: {answer.mistake}." if answer.mistake else "Right."
            yield from _inline(f"{verdict} {answer.because}")
            yield _raw("</span></li>\n")
        yield _raw("</ul>\n</details>\n</fieldset>\n")


def _raw(markup):
    return nodes.raw("", markup, format="html")


def _inline(text):
    """Read one paragraph of Markdown: -> its nodes."""
    settings = {"myst_enable_extensions": ["dollarmath"], "report_level": 3, "halt_level": 3}
    tree = publish_doctree(text, parser=Parser(), settings_overrides=settings)
    [paragraph] = tree.children
    return paragraph.children
