"""Number the chapters: above their titles, with the minutes they take, and in the contents.

The number is that of the file, which captions and replies name. What a reader can do afterwards,
what the chapter needs and how many minutes it takes stand in the notebook's own metadata, under
"teaching"; the table of reference/teaching.md is made of that by python -m extensions.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from attention.figures.marks import formula_html
from extensions import metadata

ROOT = Path(__file__).resolve().parents[1]
TEACHING = ROOT / "reference" / "teaching.md"
UNNUMBERED = 90  # a file from here on is read last, and its number says no more
HEAD = "| chapter | what a reader can do afterwards | needs | minutes |\n|---|---|---|---|\n"
ROWS = re.compile(rf"(?<={re.escape(HEAD)})(?:\|.*\n)*")


class Chapter(NamedTuple):
    """What the contents, the start page and links from neighbours say of a chapter."""

    docname: str
    number: str
    title: str
    minutes: str


def setup(app):
    # After the theme's own, which gives the page what makes its contents.
    app.connect("html-page-context", _number, priority=900)


def by_part(app):
    """Return [(the name of a part of the book, its chapters), ...] as _toc.yml has them."""
    parts = [
        (part.caption, [of(app, name) for name in part.items if name.startswith("chapters/")])
        for part in app.config.external_site_map.root.subtrees
    ]
    return [(name, found) for name, found in parts if found]


def of(app, docname):
    """Return what the contents say of a page."""
    listed = app.config.external_site_map.get(docname)
    title = (listed and listed.title) or app.env.titles[docname].astext()
    return Chapter(docname, number(docname), title, minutes().get(docname, ""))


def number(docname):
    """Return the number that a chapter is shown with, or an empty text.

    >>> number("chapters/03-breakdown"), number("chapters/99-summary"), number("reference/api")
    ('3', '', '')
    """
    digits = re.match(r"chapters/(\d+)-", docname)
    return str(int(digits[1])) if digits and int(digits[1]) < UNNUMBERED else ""


@cache
def teaching():
    """Return {docname: what the notebook says of itself}: afterwards, needs and minutes."""
    found = {}
    for path in sorted(ROOT.glob("chapters/*.ipynb")):
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        found[f"chapters/{path.stem}"] = metadata.get("teaching", {})
    return found


def minutes():
    """Return how long each chapter takes, as a text."""
    return {name: str(said["minutes"]) for name, said in teaching().items() if "minutes" in said}


def with_table(page):
    """Return the page for teachers with the table that the chapters give."""
    rows = [
        f"| [{int(Path(name).name.partition('-')[0])}](../{name}.ipynb) | "
        f"{said.get('afterwards', '')} | {said.get('needs', '')} | {said.get('minutes', '')} |\n"
        for name, said in teaching().items()
    ]
    return ROWS.sub(lambda _: "".join(rows), page)


def numbered(contents, pagename):
    """Put its number before the name of each chapter in the contents of the book."""

    def with_number(link):
        target = pagename if link[2] == "#" else link[2].rpartition("../")[2]
        target = target if target.startswith("chapters/") else f"chapters/{target}"
        shown = number(target.removesuffix(".html"))
        if not shown:
            return link[0]
        return f'<a class="chapter {link[1]}" href="{link[2]}"><span class="number">{shown}</span> '

    link = r'<a class="([^"]*reference internal)" href="([^"]*)">'
    return re.sub(link, with_number, contents)


def _number(app, pagename, templatename, context, doctree):
    context["root_title"] = "Start"  # in the contents, below the book's own title
    generate = context.get("generate_toctree_html")
    if generate:
        context["generate_toctree_html"] = lambda *args, **kwargs: numbered(
            str(generate(*args, **kwargs)), pagename
        )
    if number(pagename) and "body" in context:
        context["body"] = f'<p class="eyebrow">{about(of(app, pagename))}</p>\n{context["body"]}'
    before, after = _neighbours(app, pagename)
    for way, docname in (("prev", before), ("next", after)):
        if docname and context.get(way):
            chapter = of(app, docname)
            context[way] |= {
                "title": chapter.title,
                "about": about(chapter),
                "question": formula_html(metadata.question(app.env.get_doctree(docname))),
            }


def about(chapter):
    """Return the number of a chapter and the minutes that it takes, as a text."""
    parts = [f"Chapter {chapter.number}"] if chapter.number else []
    return " · ".join([*parts, f"{chapter.minutes} minutes"] if chapter.minutes else parts)


def _neighbours(app, docname):
    """Return the names of the pages before and after one, as the builder has them."""
    _, before, after = app.builder.relations.get(docname, (None, None, None))
    return before, after
