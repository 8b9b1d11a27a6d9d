"""The chapters keep the rules of the book, and each rule is seen to catch what breaks it."""

import html
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pybtex.database import parse_file
from refresh import normalise, to_text
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
GUIDE = ("00-", "01-", "02-", "03-", "04-", "05-", "99-")
MOST_WORDS = 5_500
MOST_LINES = 14
MOST_FOLDED_LINES = 30
# The ids of the cells that show wall-clock time, and so may carry nbval-ignore-output.
WALL_CLOCK = set()
# What both Jupyter Book 1 and 2 read.
ADMONITIONS = {"attention", "caution", "danger", "error", "hint", "important", "note", "seealso"}
ADMONITIONS |= {"admonition", "tip", "warning"}
DIRECTIVES = ADMONITIONS | {"bibliography", "dropdown", "figure", "math"}
ROLES = {"doc", "eq", "math", "numref", "ref"}


def problems(text, name, wall_clock=WALL_CLOCK):
    """Yield one sentence for each rule that a notebook, given as the text of its file, breaks."""
    nb = nbformat.reads(text, as_version=4)
    if text != to_text(normalise(nb, name)):
        yield "it is not in normal form: run `make refresh`"
    first = nb.cells[0].source if nb.cells else ""
    if not first.startswith("# "):
        yield f"it must open with a level-1 heading, not {first[:20]!r}"
    elif not re.match(r"# .*\n+\*[^*]+\*(\n|$)", first):
        yield "below its title it must ask its one question, in *italics*"
    shown = any(re.search(r"(?m)^## What was shown$", cell.source) for cell in nb.cells)
    if not shown and name < "90":
        yield "it must close with the section `## What was shown`"
    yield from _teaching_problems(nb.metadata.get("teaching", {}))
    counts = [cell.execution_count for cell in nb.cells if cell.cell_type == "code"]
    if counts != list(range(1, len(counts) + 1)):
        yield f"its cells must be executed in order, not as {counts}: run `make refresh`"
    places = places_of(nb.cells)
    for cell, place in zip(nb.cells, places, strict=True):
        if cell.cell_type == "code":
            found = [*_code_problems(cell, wall_clock), *_output_problems(cell)]
        else:
            found = _prose_problems(cell.source)
        for problem in found:
            yield f"{place} {problem}"
    yield from _stops_that_are_none(nb.cells, places)


def places_of(cells):
    """Name each cell by the number in brackets that an editor shows beside code."""
    names, number = [], 0
    for cell in cells:
        number += cell.cell_type == "code"
        text = f"the text below cell [{number}]" if number else "the text above cell [1]"
        names.append(f"cell [{number}]" if cell.cell_type == "code" else text)
    return names


def _teaching_problems(said):
    kinds = {"afterwards": str, "needs": str, "minutes": int}
    said_kinds = {str: "a text", int: "a whole number"}
    for name, kind in kinds.items():
        if not isinstance(said.get(name), kind) or not said[name]:
            yield (
                f'its metadata must say under "teaching" what the teachers\' table shows as '
                f"{name}, {said_kinds[kind]}, not {said.get(name)!r}"
            )


def _stops_that_are_none(cells, places):
    """A Try sends its reader to stops of the slider that follows it."""
    for i, cell in enumerate(cells):
        sentences = re.split(r"(?<=[.:;?])\s", cell.source)
        asked = [x for x in sentences if re.search(r"\b([Mm]ove|[Rr]aise|[Ss]et|[Ll]ower)\b", x)]
        if cell.cell_type != "markdown" or "**Try" not in cell.source:
            continue
        shown = [stops for other in cells[i:] for stops in _stops(other)]
        for number in re.findall(r"\b(?:to|from|at) (−?\d+(?:\.\d+)?)\b", " ".join(asked)):
            if shown and number.replace("−", "-") not in shown[0]:
                stops = ", ".join(shown[0])
                yield f"{places[i]} sends to {number}, and the slider stops at {stops}"


def _stops(cell):
    """Yield the texts of all stops of the sliders that a cell shows."""
    for output in cell.get("outputs", []):
        page = str(output.get("data", {}).get("text/html", ""))
        found = [json.loads(html.unescape(x)) for x in re.findall(r'data-values="([^"]*)"', page)]
        if found:
            yield sum(found, [])


def _code_problems(cell, wall_clock):
    lines = cell.source.splitlines()
    most = MOST_FOLDED_LINES if "hide-input" in cell.metadata.get("tags", []) else MOST_LINES
    if len(lines) > most:
        yield f"has {len(lines)} lines of code, and {most} are the most"
    if lines and lines[-1].rstrip().endswith(";"):
        yield "ends with a semicolon, which does not keep the checks from seeing its value"
    tags = set(cell.metadata.get("tags", []))
    if cell.id in wall_clock:
        tags.discard("nbval-ignore-output")
    tags = {tag for tag in tags if re.match("nbval|raises-exception|skip-execution", tag)}
    comments = re.findall(r"#\s*(?:NBVAL|PYTEST_VALIDATE)_\w+", cell.source)
    for escape in [*sorted(tags), *comments]:
        yield f"escapes the checks by {escape}"


def _output_problems(cell):
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"stores an error: {output.ename}"
        if output.get("name") == "stderr":
            yield f"writes to stderr: {output.text.strip()[:60]!r}"
        for kind, content in output.get("data", {"text": output.get("text", "")}).items():
            if kind.startswith("image/"):
                yield f"shows a bare {kind}: attention.figures.figure gives it a description"
            if address := re.search(r"\bat 0x[0-9a-fA-F]+", str(content)):
                yield f"shows an object's address, which changes from run to run: {address[0]!r}"
            if _undescribed_image(str(content)):
                yield "shows an image without alternative text"


def _prose_problems(source):
    directives = set(re.findall(r"(?m)^\s*(?:`{3,}|:{3,})\{([^}]+)\}", source))
    roles = set(re.findall(r"(?<!`)\{([^}\s]+)\}`", source))
    for name in sorted(directives - DIRECTIVES):
        yield f"uses the directive {{{name}}}: use one of {', '.join(sorted(DIRECTIVES))}"
    for name in sorted(roles - ROLES):
        yield f"uses the role {{{name}}}: use one of {', '.join(sorted(ROLES))}"
    for label, address in re.findall(r"\[([^\]]*)\]\((https?://[^)\s]+)\)", source):
        if address in SOURCES and not _names(label, *SOURCES[address]):
            yield f"cites {', '.join(SOURCES[address])}, as {label}"
    figures = re.findall(r"(?ms)^\s*(`{3,}|:{3,})\{figure\}(.*?)^\s*\1", source)
    if (
        _undescribed_image(source)
        or re.search(r"!\[\s*\]", source)
        or any(":alt:" not in body for _, body in figures)
    ):
        yield "shows an image without alternative text"


def _names(label, authors, year):
    """Say whether the words of a link to a source name its authors and its year."""
    return label in {f"{authors}, {year}", f"{authors} ({year})", authors} or not re.search(
        r"\d{4}", label
    )


def sources():
    """Return {address: (authors, year)} of all that the book cites."""
    found = {}
    for entry in parse_file(ROOT / "chapters/references.bib").entries.values():
        people = [" ".join(x.prelast_names + x.last_names) for x in entry.persons.get("author", [])]
        people = [re.sub("[{}]", "", name) for name in people]
        if people and "url" in entry.fields and "year" in entry.fields:
            two = f" and {people[1]}" if len(people) == 2 else " et al." if people[2:] else ""
            found[entry.fields["url"]] = (people[0] + two, entry.fields["year"])
    return found


SOURCES = sources()


def _undescribed_image(page):
    # The panels of one figure share the description that its first one bears.
    rest = r'(?:\s[\w-]+="[^"]*")*>'
    page = re.sub(rf'(<img alt="[^"]+"{rest})(?:\s*<img alt=""{rest})+', r"\1", page)
    return re.search(r'<img\b(?![^>]*\salt="[^"]+")', page)


def words(source):
    """Count the words of Markdown prose: no code, formulas, roles, comments, fences or options."""
    for pattern in [
        r"(?ms)^\s*(`{3,}|:{3,})(?:\{(?:math|figure|bibliography)\}|\w*$).*?^\s*\1",
        r"(?s)<!--.*?-->",
        r"(?s)\$\$.*?\$\$|\$[^$]+\$",
        r"(?m)^\s*(?:`{3,}|:{3,})(?:\{[\w:]+\})?",
        r"(?m)^:\w+:.*$",
        r"(?:\{[\w:]+\})?`[^`]*`",
        r"\]\([^)]*\)",
    ]:
        source = re.sub(pattern, " ", source)
    return sum(any(map(str.isalpha, word)) for word in source.split())


def prose(path):
    """Count the words of a chapter."""
    nb = nbformat.read(path, as_version=4)
    return sum(words(cell.source) for cell in nb.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_keeps_the_rules(chapter):
    found = list(problems(chapter.read_text(encoding="utf-8"), chapter.stem))
    assert not found, "\n".join(f"chapters/{chapter.name}: {problem}" for problem in found)


def misplaced(pages, chapters):
    """Yield what the table of contents lists and is not there, leaves out, or puts elsewhere."""
    for page in pages:
        if page not in chapters:
            yield f"_toc.yml lists {page}, and there is no {page}.ipynb: take its line out"
    for before, chapter in zip([None, *chapters], chapters, strict=False):
        if chapter not in pages:
            where = f", below `- file: {before}`" if before else ""
            yield f"_toc.yml does not list {chapter}.ipynb: add `- file: {chapter}`{where}"
    listed = [page for page in pages if page in chapters]
    for page, after in zip(listed, listed[1:], strict=False):
        if page >= after:
            yield f"_toc.yml lists {page} before {after}: chapters stand in the order of numbers"


def test_table_of_contents_lists_every_chapter_in_order():
    pages = [page for page in parse_toc_yaml(ROOT / "_toc.yml") if page.startswith("chapters/")]
    found = list(misplaced(pages, [f"chapters/{chapter.stem}" for chapter in CHAPTERS]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (["a", "b", "x", "c"], "_toc.yml lists x, and there is no x.ipynb"),
        (["a", "c"], "_toc.yml does not list b.ipynb: add `- file: b`, below `- file: a`"),
        (["b", "c"], "_toc.yml does not list a.ipynb: add `- file: a`"),
        (["a", "c", "b"], "_toc.yml lists c before b"),
        (["a", "b", "b", "c"], "_toc.yml lists b before b"),
    ],
)
def test_what_the_table_of_contents_lacks_is_named(pages, said):
    assert list(misplaced(["a", "b", "c"], ["a", "b", "c"])) == []
    [found] = misplaced(pages, ["a", "b", "c"])
    assert found.startswith(said)


def test_the_guide_stays_short():
    counts = {path.name: prose(path) for path in CHAPTERS if path.name.startswith(GUIDE)}
    assert len(counts) == len(GUIDE), f"chapters/ must hold one file for each of {GUIDE}"
    total, longest = sum(counts.values()), max(counts, key=counts.get)
    assert total < MOST_WORDS, (
        f"the prose of {', '.join(counts)} has {total} words, and fewer than {MOST_WORDS} are "
        f"allowed: chapters/{longest} has the most, {counts[longest]}"
    )


def small_notebook():
    nb = new_notebook(
        cells=[
            new_markdown_cell("# A title\n\n*Why?*\n\nA text with {eq}`eq-one` and $x$."),
            new_code_cell("6 * 7", execution_count=1),
            new_code_cell("figure(draw)", execution_count=2),
            new_markdown_cell(":::{tip}\nTry.\n:::\n\n![A line rises.](line.svg)"),
            new_markdown_cell("## What was shown\n\nA line."),
        ]
    )
    picture = {"text/html": '<img width="1" alt="A line rises." src="data:x">'}
    nb.cells[1].outputs = [new_output("execute_result", {"text/plain": "42"}, execution_count=1)]
    nb.cells[2].outputs = [new_output("execute_result", picture, execution_count=2)]
    nb.metadata["teaching"] = {"afterwards": "see a line", "needs": "nothing", "minutes": 5}
    return normalise(nb, "07-small")


def test_a_good_notebook_has_no_problem():
    assert list(problems(to_text(small_notebook()), "07-small")) == []


def test_panels_share_the_description_of_the_first():
    nb = small_notebook()
    panels = '<img alt="Two lines." src="<svg>">\n<img alt="" src="<svg>">'
    show(**{"text/html": panels})(nb)
    assert list(problems(to_text(nb), "07-small")) == []
    show(**{"text/html": f'{panels}</div><img alt="" src="data:z">'})(nb)
    assert len(list(problems(to_text(nb), "07-small"))) == 1


def show(**data):
    return lambda nb: nb.cells[2].outputs[0].data.update(data)


def store(output):
    return lambda nb: nb.cells[1].outputs.append(new_output(**output))


def write(cell, source):
    return lambda nb: nb.cells[cell].update(source=source)


def write_folded(source):
    def change(nb):
        nb.cells[1].metadata = {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}
        nb.cells[1].source = source

    return change


def send_to(number):
    def change(nb):
        nb.cells[0].source += f"\n\n**Try:** move the slider to {number}. You should see it."
        slider = '<input type="range" data-values="[&quot;0.5&quot;, &quot;35&quot;]">'
        nb.cells[2].outputs[0].data["text/html"] += slider

    return change


def tag(name):
    return lambda nb: nb.cells[1].metadata.update(tags=[name])


BREAKAGES = [
    (lambda nb: nb.metadata.update(widgets={}), "not in normal form"),
    (lambda nb: nb.cells[1].update(id="a1b2c3"), "not in normal form"),
    (lambda nb: nb.cells[1].metadata.update(execution={"t": "12:00"}), "not in normal form"),
    (show(**{"application/vnd.jupyter.widget-view+json": {}}), "not in normal form"),
    (lambda nb: nb.cells[2].update(execution_count=3), "in order, not as [1, 3]"),
    (lambda nb: nb.cells[2].update(execution_count=None), "in order, not as [1, None]"),
    (write(0, "A title"), "must open with a level-1 heading, not 'A title'"),
    (write(0, "## A title"), "must open with a level-1 heading, not '## A title'"),
    (write(0, "# A title\n\nWhy?"), "below its title it must ask its one question, in *italics*"),
    (write(4, "## What we saw"), "it must close with the section `## What was shown`"),
    (lambda nb: nb.metadata.teaching.pop("needs"), "what the teachers' table shows as needs, a"),
    (lambda nb: nb.metadata.teaching.update(minutes="5"), "minutes, a whole number, not '5'"),
    (write(1, "x = 1\n" * 15), "cell [1] has 15 lines of code, and 14 are the most"),
    (write_folded("x = 1\n" * 31), "cell [1] has 31 lines of code, and 30 are the most"),
    (write(1, "6 * 7; "), "cell [1] ends with a semicolon"),
    (write(1, "6 * 7  # NBVAL_IGNORE_OUTPUT"), "by # NBVAL_IGNORE_OUTPUT"),
    (write(1, "#NBVAL_SKIP\n6 * 7"), "by #NBVAL_SKIP"),
    (tag("nbval-ignore-output"), "cell [1] escapes the checks by nbval-ignore-output"),
    (tag("nbval-skip"), "by nbval-skip"),
    (tag("raises-exception"), "by raises-exception"),
    (store({"output_type": "error", "ename": "ValueError"}), "stores an error: ValueError"),
    (store({"output_type": "stream", "name": "stderr", "text": "Oh\n"}), "to stderr: 'Oh'"),
    (store({"output_type": "stream", "text": "<A at 0x7f3a>"}), "address"),
    (show(**{"text/plain": "<attention.A object at 0x7F3a>"}), "'at 0x7F3a'"),
    (show(**{"image/png": "aGk="}), "shows a bare image/png"),
    (show(**{"image/svg+xml": "<svg/>"}), "shows a bare image/svg+xml"),
    (show(**{"text/html": '<img src="a.svg">'}), "cell [2] shows an image without"),
    (show(**{"text/html": '<img alt="" src="a.svg">'}), "an image without alternative text"),
    (
        show(**{"text/html": '<div class="attention-panels"><img alt="" src="a.svg"></div>'}),
        "an image without alternative text",
    ),
    (write(3, "![](a.svg)"), "the text below cell [2] shows an image without alternative text"),
    (write(3, "```{figure} a.svg\nA line.\n```"), "an image without alternative text"),
    (write(3, ":::{figure} a.svg\n:::\n\n:alt: x"), "an image without alternative text"),
    (write(3, "```{margin}\nAside.\n```"), "the text below cell [2] uses the directive {margin}"),
    (write(3, ":::{tab-set}\n:::"), "uses the directive {tab-set}"),
    (send_to("35.5"), "the text above cell [1] sends to 35.5, and the slider stops at 0.5, 35"),
    (write(3, "As {cite:p}`ba2016` says."), "the text below cell [2] uses the role {cite:p}"),
    (
        write(3, "([Ba, 2016](https://arxiv.org/abs/1607.06450))"),
        "cites Ba et al., 2016, as Ba, 2016",
    ),
    (write(3, "See {kbd}`Ctrl`."), "the text below cell [2] uses the role {kbd}"),
]


@pytest.mark.parametrize(("breakage", "complaint"), BREAKAGES)
def test_each_rule_catches_what_breaks_it(breakage, complaint):
    nb = small_notebook()
    breakage(nb)
    found = list(problems(to_text(nb), "07-small"))
    assert len(found) == 1, found
    assert complaint in found[0]


def test_json_of_another_form_is_caught():
    text = to_text(small_notebook()).replace('\n "cells"', '\n  "cells"')
    assert list(problems(text, "07-small")) == ["it is not in normal form: run `make refresh`"]


def test_only_a_listed_cell_may_ignore_its_output():
    nb = small_notebook()
    tag("nbval-ignore-output")(nb)
    assert list(problems(to_text(nb), "07-small", wall_clock={"07-small-01"})) == []
    tag("nbval-skip")(nb)
    assert len(list(problems(to_text(nb), "07-small", wall_clock={"07-small-01"}))) == 1


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("# Two words", 2),
        ("Weights, 8 of them, sum to 1 — always.", 6),
        ("The score $q \\cdot k$ of `query @ key.T` and\n\n$$\na b c\n$$\n\nmore.", 5),
        ("```python\nx = one + two\n```\n\nOnly this.", 2),
        ("```{math}\n:label: a\nx y\n```\n\nSee {eq}`a`.", 1),
        (":::{admonition} Try this\n:class: tip\nMove it.\n:::", 4),
        ("```{dropdown} Solution\nIt is so.\n```", 4),
        ("As {ref}`one` shows in [the paper](https://a.b/c d).<!-- not me -->", 5),
    ],
)
def test_words_are_those_of_the_prose(source, count):
    assert words(source) == count


NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def test_the_verdicts_on_the_claims_are_counted_as_they_stand():
    page = nbformat.read(ROOT / "chapters/99-summary.ipynb", as_version=4)
    [text] = [cell.source for cell in page.cells if "| verdict |" in cell.source]
    counts = [text.count(f"\n| {verdict} ") for verdict in ("**✓**", "*◐*", "***✗***", "…")]
    holds, part, not_so, open_ = (NUMBERS[count] for count in counts)
    assert f"{holds} hold, {part} hold in part, {not_so} do not, and {open_} is not ours" in text
