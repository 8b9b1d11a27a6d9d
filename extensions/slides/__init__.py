"""A deck of slides for each chapter, made from its page of the built book.

A deck shows what the page shows, in its order: each figure, with its sliders, each formula, table,
cell that is not folded, and question, below the heading of its section and the first sentence of
the paragraph before it. The whole paragraphs go to the speaker's notes, below what
chapters/lessons.toml says of the section. A cell tagged `no-slide` is left out. A deck is one file,
with the book's own style sheet and reveal.js within, and asks for nothing else.
"""

import html
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString

from extensions import node

HERE = Path(__file__).parent
REVEAL = node.MODULES / "reveal.js/dist"
LESSONS = HERE.parents[1] / "chapters/lessons.toml"
# Words of a paragraph that a slide shows whole; of a longer one, its first sentence.
LEAD = {"figure": 32, "code": 45}
ALONE = 60  # where nothing else is to be seen
UNFOLDED = 200  # words; a longer list is for the page alone
MANY = 3  # so many answers that unfold leave no room for a figure
ROWS = 7  # of a table, on one slide
SIDE_BY_SIDE = 3  # panels, on one slide
LOOKED_AT = {"question", "table", "figure", "code"}
LEFT_OUT = (
    ".tag_no-slide, .own-numbers, .citation-list, .eqno, details.folded, details.attention-values"
)
STRAIGHT = str.maketrans("’“”", '\'""')
LICENCE = (
    'Text and figures <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, '
    'code <a href="https://opensource.org/license/mit">MIT</a>: take them, name the source.'
)


@dataclass
class Slide:
    """What one slide shows below a heading, and what its speaker reads."""

    heading: str
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kind: str = "plain"


def lessons():
    """Return {chapter: {heading: [minutes, what to say and ask]}}."""
    return tomllib.loads(LESSONS.read_text("utf-8"))


def write(site, folder, planned=None):
    """Write the deck of each chapter of a built site into a folder: -> the decks' paths."""
    planned = lessons() if planned is None else planned
    node.install()
    folder.mkdir(parents=True, exist_ok=True)
    styles = (site / "_static/site.css").read_text("utf-8")
    decks = []
    for page in sorted((site / "chapters").glob("*.html")):
        text = page.read_text("utf-8")
        decks.append(folder / page.name)
        decks[-1].write_text(deck(text, styles, planned.get(page.stem, {})), encoding="utf-8")
    return decks


def deck(page, styles, lesson):
    """Return the deck made from a chapter's page, as one page of HTML."""
    soup = BeautifulSoup(page, "html.parser")
    found = slides(soup.find("article"), lesson)
    looks = re.sub(r"\.bd-article(?![-\w])", ".sheet", styles)  # what pages say of their article
    style = looks + (HERE / "deck.css").read_text("utf-8")
    layout = (REVEAL / "reveal.css").read_text("utf-8")
    scripts = [REVEAL / "reveal.js", REVEAL / "plugin/notes.js", HERE / "deck.js"]
    return (
        (HERE / "deck.html")
        .read_text("utf-8")
        .format(
            title=found[0].heading,
            icon=soup.find("link", rel="icon"),
            layout=layout,
            style=style.replace("</", r"<\/"),
            slides="\n".join(map(_section, found)),
            scripts="\n".join(f"<script>{_inline(file)}</script>" for file in scripts),
        )
    )


def _inline(file):
    """Return a script that may stand within a page: no tag in it ends or hides it."""
    script = file.read_text("utf-8").replace("<!--", r"<\!--")
    return re.sub(r"</(?=script)", r"<\/", script)


def _section(slide):
    tag = "h1" if slide.kind == "title" else "h2"
    notes = "\n".join(slide.notes)
    body = "\n".join(slide.body)
    return (
        f'<section data-kind="{slide.kind}">\n<div class="sheet">\n<{tag}>{slide.heading}</{tag}>\n'
        f'{body}\n</div>\n<aside class="notes">\n{notes}\n</aside>\n</section>'
    )


def slides(article, lesson):
    """Return the slides of a chapter, from the article of its page."""
    chapter = article.find("section")
    _prepare(chapter)
    title, question, aim = (x.extract() for x in [chapter.h1, *chapter.find_all("p", limit=2)])
    heading = _inner(title)
    eyebrow = article.find(class_="eyebrow")
    first = Slide(heading, [str(question), str(aim), f'<p class="licence">{LICENCE}</p>'])
    first.kind = "title"
    if eyebrow:
        first.body.append(f'<p class="chapter">{eyebrow.get_text().partition(" · ")[0]}</p>')
    first.notes = _planned(lesson, _text(title)) + [f"<p>{aim.get_text()}</p>"]
    found = [first]
    parts = chapter.find_all("section", recursive=False)
    opening = [x for x in chapter.find_all(recursive=False) if x not in parts]
    found += _of_section(_inner(question.em or question), opening, [])
    for part in parts:
        name = _text(part.h2)
        heading = _inner(part.h2.extract())
        said = _planned(lesson, name)
        if part.select(".tag_hide-cell"):
            found.append(_exercises(heading, part, said))
        elif part.select("fieldset.question"):
            asked = part.select("fieldset.question")
            found += [_question(heading, one, said if one is asked[0] else []) for one in asked]
        else:
            inner = [x.extract() for x in part.find_all("section", recursive=False)]
            found += _of_section(heading, part.find_all(recursive=False), said)
            for x in inner:
                found += _of_section(_inner(x.h3.extract()), x.find_all(recursive=False), [])
    return found


def _planned(lesson, name):
    """Return what the lesson plans for a section, as a note."""
    if name not in lesson:
        return []
    minutes, said = lesson[name]
    unit = "minute" if minutes == 1 else "minutes"
    return [f"<p><strong>{minutes} {unit}.</strong> {html.escape(said)}</p>"]


def _prepare(chapter):
    """Take out what belongs to a page alone: links within the book, permalinks, marks of a page."""
    for link in chapter.select("a.headerlink, a.internal, a.term"):
        link.decompose() if "headerlink" in link["class"] else link.unwrap()
    for found in chapter.select(LEFT_OUT):
        found.decompose()
    for folded in chapter.find_all("details"):
        if len(_text(folded).split()) > UNFOLDED:
            folded.decompose()
    for head in chapter.select("th"):
        if not head.get_text(strip=True):
            head.name = "td"  # nothing is a heading of nothing
            del head["scope"]
    for code in chapter.select("pre"):
        code["tabindex"] = "0"  # where it is wider than a phone, keys must reach it
    for cell in chapter.select(".cell:has(figure) > .cell_input"):
        cell.decompose()
    for panels in chapter.select("figure > .attention-panels"):
        _arrange(panels)
    for found in chapter.find_all(id=True):
        if not found.find_parent("svg"):
            del found["id"]


def _arrange(panels):
    """A screen is wider than a page: panels stand side by side, one alone beside its controls."""
    count = len(panels.find_all(True, recursive=False))
    if count == 1:
        panels.parent["class"] = [*panels.parent["class"], "alone"]
    elif count <= SIDE_BY_SIDE:  # they name the least part of the width that each must have
        panels["style"] = re.sub(r"\d+%\)", f"{100 // count - 2}%)", panels["style"])


def _of_section(heading, blocks, said):
    """Return the slides of one section: one for each thing to look at."""
    kinds = [*map(_kind, blocks), ""]
    found, before, notes = [], [], list(said)
    for i, (block, kind, following) in enumerate(zip(blocks, kinds[:-1], kinds[1:], strict=True)):
        if kind in ("text", "try"):
            notes.append(str(block))
        looks_back = kind == "more" or (kind == "try" and following != "figure")
        if looks_back and found:
            if found[-1].kind == "figure" and kinds[i : i + MANY] == ["more"] * MANY:
                found.append(Slide(heading, [], [], "answers"))
            found[-1].body.append(_lead(block, LEAD["figure"]))
        elif kind in LOOKED_AT:
            shown = [_lead(x, LEAD.get(kind, ALONE)) for x in before[-2:]]
            pieces = _pieces(block) if kind == "table" else [str(block)]
            found.append(Slide(heading, [*shown, pieces[0]], notes, kind))
            found += [Slide(heading, [piece], [], kind) for piece in pieces[1:]]
            before, notes = [], []
        elif kind:
            before.append(block)
    rest = [x for x in before if not found or _kind(x) not in ("text", "try")]
    if rest:
        found.append(Slide(heading, [_lead(x, ALONE) for x in rest[:5]], notes))
    elif found:
        found[-1].notes = found[-1].notes + notes
    return found


def _pieces(block):
    """Cut a table into tables of so few rows that they can be read from afar."""
    rows = block.select("tbody tr")
    count = -(-len(rows) // ROWS)
    pieces = []
    for i in range(count):
        piece = BeautifulSoup(str(block), "html.parser")
        for j, row in enumerate(piece.select("tbody tr")):
            if j * count // len(rows) != i:
                row.decompose()
        pieces.append(str(piece))
    return pieces


def _kind(block):
    """Say what a block of a section is to a slide; nothing if it is not shown."""
    classes = block.get("class", [])
    if block.name == "p":
        return {"try": "try", "predict": "question"}.get(" ".join(classes), "text")
    if block.name == "details" or "admonition" in classes:
        return "more"
    if block.name in ("ul", "ol", "dl"):
        return "list"
    if "math" in classes:
        return "formula"
    if block.find("table") and not block.find("figure"):
        return "table"
    if "cell" in classes:
        if block.find("figure"):
            return "figure"
        return "code" if block.find("pre") else ""
    return "more" if block.get_text(strip=True) else ""


def _lead(block, most):
    """Return a paragraph of at most so many words, or the first sentence of a longer one."""
    if block.name != "p" or len(_text(block).split()) <= most:
        return str(block)
    kept = []
    for child in block.children:
        if isinstance(child, NavigableString):
            end = re.search(r"[.?!:]”?(?=\s)", child)
            if end:
                kept.append(child[: end.end()].replace(":", "."))
                break
        kept.append(str(child))
    classes = " ".join(block.get("class", []))
    return f'<p class="{classes}">{"".join(kept)}</p>' if classes else f"<p>{''.join(kept)}</p>"


def _exercises(heading, part, said):
    """Return one slide that names the exercises of a chapter."""
    asked = []
    for title in part.find_all("h3"):
        prompt = title.find_next("p")
        asked.append(f"<li>{prompt.decode_contents()}</li>")
    return Slide(heading, [f"<ol>{''.join(asked)}</ol>"], said, "exercises")


def _question(heading, asked, said):
    """Return a slide with one of the questions of a page; its answers unfold."""
    options = [
        f"<li>{label.span.decode_contents()}</li>" for label in asked.select("label:has(span)")
    ]
    body = [f'<p class="predict">{_inner(asked.legend)}</p>']
    if asked.select("input[type=radio]"):
        body.append(f'<ol type="A">{"".join(options)}</ol>')
    return Slide(heading, [*body, str(asked.details)], said, "question")


def _inner(tag):
    return tag.decode_contents().strip()


def _text(tag):
    """Return what a reader reads of a tag: formulas hold their source a second time."""
    copy = BeautifulSoup(str(tag), "html.parser")
    for hidden in copy.select("math, a.headerlink"):
        hidden.decompose()
    return " ".join(copy.get_text().translate(STRAIGHT).split())
