"""The book builds without a warning, its pages show what is stored, and ruff finds nothing."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from conftest import complaints

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))


class Text(HTMLParser):
    """The pieces of text that a page shows."""

    def __init__(self, html):
        super().__init__()
        self.pieces, self.hidden = [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden = tag in ("script", "style")

    def handle_endtag(self, tag):
        self.hidden = False

    def handle_data(self, data):
        if not self.hidden:
            self.pieces.append(data)


def stored_texts(chapter):
    """Yield the texts that the stored outputs of a chapter show."""
    for cell in nbformat.read(chapter, as_version=4).cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                yield from map(str.strip, Text(data["text/html"]).pieces)
            else:
                yield (data.get("text/plain") or output.text).strip()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_page_shows_what_is_stored(site, chapter):
    page = (site / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    shown = "".join(Text(page).pieces)
    texts = set(stored_texts(chapter))
    assert texts
    assert {text for text in texts if text not in shown} == set()


def test_of_a_log_the_complaints_alone_are_told():
    log = (
        "\x1b[01mreading sources... \x1b[0m[ 5%] chapters/00-introduction\n"
        "\x1b[91mchapters/06-masks.ipynb:10002: WARNING: Unknown directive: 'x'\x1b[0m\n"
        "# 2026-01-01 00:00:00 INFO fontTools.subset: Glyph names: ['A', 'WARNINGS']\n"
        "chapters/06-masks.ipynb:10002: WARNING: Unknown directive: 'x'\n"
        "build finished with problems, 1 warning.\nTraceback (most recent call last):\nEnd.\n"
    )
    assert complaints(log) == [
        "chapters/06-masks.ipynb:10002: WARNING: Unknown directive: 'x'",
        "Traceback (most recent call last):\nEnd.",
    ]


@pytest.mark.parametrize("command", ["check", "format --check"])
def test_ruff(command):
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", *command.split(), ROOT], capture_output=True, text=True
    )
    assert ruff.returncode == 0, ruff.stdout + ruff.stderr
