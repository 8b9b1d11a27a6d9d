"""A page about a class: who has what, and which mistakes it makes, the most frequent first."""

import html
from collections import Counter

from attention.exercises import EXERCISES
from attention.exercises.checking import unanswered
from attention.exercises.markup import html_page
from attention.figures import figure, plots

MOST = 10  # mistakes in the picture
MARKS = {"right": "✓", "not yet": "✗", "open": "…", "not handed in": "–"}

_STYLE = """\
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; }
div { overflow-x: auto; }
figure { margin: 1rem 0 !important; }
table { border-collapse: collapse; }
:is(th, td) { border: 1px solid #aaa; padding: .1rem .4rem; text-align: center; }
th { font-weight: normal; }
tbody th, li { text-align: left; }
tbody tr:nth-child(odd) { background: #f4f4f2; }
thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; }
.right { color: #1b6e2a; }
.wrong { color: #a3231a; }
"""


def mistakes(grades):
    """Count the named mistakes: -> [((exercise, mistake), count), ...], the most frequent first."""
    made = Counter((grade.exercise, grade.mistake) for grade in grades if grade.mistake)
    return sorted(made.items(), key=lambda item: (-item[1], item[0]))


def page(grades, title):
    """Write grades as a page of HTML that needs nothing beside it."""
    students = sorted({grade.student for grade in grades})
    given = {(grade.student, grade.exercise): grade for grade in grades}
    names = [name for name in EXERCISES if any(grade.exercise == name for grade in grades)]
    solved = {
        name: sum(grade.right for grade in grades if grade.exercise == name) for name in names
    }
    body = [
        _bars([solved[n] for n in names], names, f"Who solved it, of {len(students)}", _solved),
        "<h2>Who has what</h2>\n",
        _table(students, names, given),
    ]
    if made := mistakes(grades):
        shown = made[:MOST]
        labels = [f"{exercise}: {mistake}" for (exercise, mistake), _ in shown]
        counts = [count for _, count in shown]
        body += [
            "<h2>What to teach next</h2>\n",
            _bars(counts, labels, "Named mistakes", _made),
            "<ul>\n",
            *(_hint(exercise, mistake, count) for (exercise, mistake), count in made),
            "</ul>\n",
        ]
    return html_page(title, f"<h1>{html.escape(title)}</h1>\n{''.join(body)}", _STYLE)


def _bars(counts, labels, title, sentence):
    def draw(ax):
        plots.bars(ax, counts, labels=labels, role=None, span=(0, max(1, *counts)), digits=0)
        ax.set(xlabel="students", title=title)
        return sentence(counts, labels)

    height = 0.9 + 0.22 * len(labels)
    return figure(draw, height=height)._repr_mimebundle_()["text/html"] + "\n"


def _solved(counts, labels):
    least = [label for label, count in zip(labels, counts, strict=True) if count == min(counts)]
    return f"Solved least often, by {min(counts)}: {', '.join(least)}."


def _made(counts, labels):
    return f"The most frequent mistake is {labels[0]}: {counts[0]} made it."


def _cell(grade):
    """Return the cell of one answer; the remark shows where the pointer rests."""
    if grade is None:
        return f"<td>{MARKS['not handed in']}</td>"
    kind = "right" if grade.right else "not yet"
    if grade.remark == unanswered(grade.exercise).sentence:
        kind = "open"
    css = {"right": "right", "not yet": "wrong"}.get(kind, "")
    said = html.escape(grade.remark)
    return f'<td class="{css}" title="{said}">{MARKS[kind]}</td>'


def _table(students, names, given):
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(student)}</th>'
        + "".join(_cell(given.get((student, name))) for name in names)
        + f"<td>{sum(given[student, n].right for n in names if (student, n) in given)}</td></tr>\n"
        for student in students
    )
    legend = ", ".join(f"{mark} {kind}" for kind, mark in MARKS.items())
    return (
        f'<p>{legend}</p>\n<div tabindex="0" role="group" aria-label="Grades">\n<table>\n'
        f'<thead><tr><td></td>{head}<th scope="col">sum</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _hint(exercise, mistake, count):
    known = EXERCISES[exercise].mutant(mistake)
    chapter = known.chapter or EXERCISES[exercise].chapter
    return (
        f"<li>{count} × <strong>{html.escape(mistake)}</strong> ({html.escape(exercise)}, "
        f"chapter {int(chapter[:2])}). {html.escape(known.hint)}</li>\n"
    )
