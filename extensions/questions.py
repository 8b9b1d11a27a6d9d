"""Put the questions of a chapter at its end, where a page answers them without a kernel.

The questions are those of attention/exercises/questions/. Without a script the answers unfold
below each question.
"""

import html
import pkgutil
from importlib import import_module

from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from attention.exercises import questions
from attention.exercises.question import Number, shown

LAST = "What was shown"  # the section that closes a chapter: questions come before it


class Questions(nodes.FixedTextElement):
    """All questions of a chapter; text that is fixed gets no links to terms within a label."""


def setup(app):
    app.add_node(Questions, html=(lambda self, node: None, lambda self, node: None))
    app.connect("doctree-read", _insert, priority=400)  # before the contents are collected


def of_chapter(docname):
    """Return the questions of a chapter, such as "chapters/03-breakdown"."""
    folder, _, name = docname.rpartition("/")
    module = name.partition("-")[2].replace("-", "_")
    if folder != "chapters" or module not in {
        x.name for x in pkgutil.iter_modules(questions.__path__)
    }:
        return ()
    return import_module(f"{questions.__name__}.{module}").QUESTIONS


def _insert(app, doctree):
    found = of_chapter(app.env.docname)
    if not found:
        return
    section = nodes.section(ids=["questions"], names=["questions"])
    section += nodes.title("", "Questions")
    section += nodes.paragraph("", "What you answer stays on your device.")
    section += Questions("", "", *markup(found))
    [chapter] = (node for node in doctree.children if isinstance(node, nodes.section))
    titles = [node[0].astext() if isinstance(node, nodes.section) else "" for node in chapter]
    chapter.insert(titles.index(LAST) if LAST in titles else len(titles), section)


def markup(found):
    """Turn questions into nodes."""
    for question in found:
        name = html.escape(question.name)
        yield _raw(f'<fieldset class="question" data-name="{name}">\n<legend>')
        yield from _inline(question.ask)
        yield _raw("</legend>\n")
        answers = question.answers()
        if not isinstance(question, Number):
            for number, answer in enumerate(answers):
                choice = f'<input type="radio" name="{name}" value="{number}">'
                yield _raw(f'<label class="choice">{choice} <span>')
                yield from _inline(shown(answer.answer))
                yield _raw("</span></label>\n")
        else:
            yield _raw(
                '<label>Your answer: <input type="text" inputmode="decimal" autocomplete="off" '
                f'size="8" data-within="{question.within:g}"></label>\n'
            )
        yield _raw("<details>\n<summary>Answers</summary>\n<ul>\n")
        for answer in answers:
            value = f' data-value="{answer.answer:.10g}"' if isinstance(question, Number) else ""
            yield _raw(f"<li{value}{'' if answer.name else ' data-right'}><b>")
            yield from _inline(shown(answer.answer))
            yield _raw("</b> <span>")
            verdict = f"No: {answer.name}." if answer.name else "Right."
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
