"""Search finds the chapter that answers, served and from a disk; code is copied as it was typed."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]

QUESTIONS = {
    "why divide by the square root": "chapters/05-why-sqrt-d.html",
    "example with numbers": "chapters/04-numeric-example.html",
    "core concept": "chapters/01-core-concept.html",
    "causal mask": "chapters/06-masks.html",
    "mask": "chapters/06-masks.html",
    "multi head": "chapters/07-multi-head.html",
    "QKV": "chapters/02-formula.html",
    "kv cache": "chapters/11-generating.html",
    "layer_norm": "reference/api.html#attention.layers.layer_norm",
}


@pytest.mark.parametrize("from_disk", [False, True], ids=["served", "from a disk"])
@pytest.mark.parametrize(("question", "answer"), QUESTIONS.items())
def test_the_first_hit_answers(site, address, open_page, question, answer, from_disk):
    root = f"{site.as_uri()}/" if from_disk else address
    page = open_page(root + "chapters/00-introduction.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    hits = page.locator("ul.search li a")
    hits.first.wait_for()
    assert re.sub(r"\?[^#]*", "", hits.first.evaluate("link => link.href")).startswith(
        root + answer
    )
    hits.first.click()
    page.wait_for_url(f"**/{answer.partition('#')[0]}*")


def test_excerpts_are_prose(address, open_page):
    page = open_page(address + "search.html?q=softmax")
    excerpts = page.locator("ul.search li p.context")
    excerpts.first.wait_for()
    expect(excerpts.nth(5)).to_be_visible()
    text = " ".join(excerpts.all_inner_texts())
    assert "softmax" in text.lower()
    for never in [r"\frac", r"\text", "No: ", "Right.", "Rows:", "Code of this figure"]:
        assert never not in text


def first_code(chapter):
    """Return the source of the first cell of a chapter that is not folded."""
    cells = nbformat.read(ROOT / f"{chapter}.ipynb", as_version=4).cells
    shown = (x.source for x in cells if x.cell_type == "code" and not x.metadata.get("tags"))
    return next(shown)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("chapters/01-core-concept", first_code("chapters/01-core-concept")),
        ("reference/running", "make lab\n"),
        ("reference/api", "softmax([0.0, np.log(3)]).round(2)\n"),
    ],
)
def test_code_is_copied_as_it_was_typed(address, open_page, name, typed):
    page = open_page(address + name + ".html", permissions=["clipboard-read", "clipboard-write"])
    line = typed.splitlines()[0]
    code = page.locator("div.highlight", has_text=line).first
    code.get_by_role("button", name="Copy").click()
    code.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == typed.strip()


def test_outputs_have_no_button_to_copy_them(address, open_page):
    page = open_page(address + "chapters/04-numeric-example.html")
    assert page.locator(".cell_input button.copy").count() > 5
    assert page.locator(".cell_output pre").count() > 0
    assert page.locator(".cell_output button.copy").count() == 0
