"""How a chapter looks: a picture first, little code, text that one can read, notes beside it."""

import pytest
from expected import CHAPTERS
from pages import DESKTOP, PHONE, wait_until

NAMES = sorted(path.stem for path in CHAPTERS.glob("*.ipynb"))
WIDE = {"viewport": {"width": 1920, "height": 1080}}
PROGRAM = "15-sixty-lines"  # its subject is a program, which is there to be read
SHARE = """() => {
  const height = (element) => element.getBoundingClientRect().height;
  const code = [...document.querySelectorAll("article .cell_input")];
  const shown = code.filter((cell) => cell.checkVisibility()).map(height);
  return shown.reduce((sum, each) => sum + each, 0) / height(document.querySelector("article"));
}"""
# What stands from the title to the first section: titles, text, figures, code, in their order.
OPENING = """() => {
  const section = document.querySelector("article section");
  const kind = (part) => part.matches("section, h2") ? "section"
    : part.querySelector("figure") ? "figure" : part.matches(".cell") ? "code" : "text";
  const kinds = [...section.children].map(kind);
  return kinds.slice(0, kinds.indexOf("section"));
}"""
# Folds of figures that stand above what they draw, and loose code right before a figure.
MISPLACED = """() => {
  const found = [];
  for (const cell of document.querySelectorAll("article .cell:has(> .cell_output figure)")) {
    const folds = [...cell.querySelectorAll(":scope > .folded")];
    const top = folds[0]?.getBoundingClientRect().top ?? Infinity;
    const caption = cell.querySelector("figcaption").getBoundingClientRect().bottom;
    if (top < caption || folds.length > 1) found.push(cell.innerText.slice(0, 40));
    const above = cell.previousElementSibling;
    if (above?.matches(".cell:has(> .folded:only-child)")) found.push("code above a figure");
  }
  return found;
}"""
SMALLEST = """() => {
  const figures = [...document.querySelectorAll("article figure")];
  const hosts = figures.flatMap((figure) => [...figure.querySelectorAll("div")]);
  const roots = [...figures, ...hosts.map((host) => host.shadowRoot).filter(Boolean)];
  const texts = roots.flatMap((root) => [...root.querySelectorAll("svg[viewBox] text")]);
  const scale = (svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const size = (text) => parseFloat(getComputedStyle(text).fontSize) * scale(text.ownerSVGElement);
  return [texts.length, Math.min(...texts.filter((text) => text.checkVisibility()).map(size))];
}"""


def measure(open_page, address, name, script, device=DESKTOP):
    page = open_page(f"{address}chapters/{name}.html", **device)
    wait_until(page, "!document.querySelector('.attention-still')")  # figures are drawn
    found = page.evaluate(script)
    page.context.close()
    return found


def test_code_is_at_most_a_quarter_of_a_page(address, open_page):
    shares = {name: measure(open_page, address, name, SHARE) for name in NAMES}
    assert shares.pop(PROGRAM) < 0.45
    assert {name: share for name, share in shares.items() if share > 0.25} == {}


def test_unfolded_code_would_be_more(address, open_page):
    page = open_page(f"{address}chapters/06-masks.html", **DESKTOP)
    page.evaluate("document.querySelectorAll('.folded').forEach((fold) => (fold.open = true))")
    assert page.evaluate(SHARE) > 0.25


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_opens_with_its_picture(address, open_page, name):
    kinds = measure(open_page, address, name, OPENING)
    assert "figure" in kinds
    assert "code" not in kinds[: kinds.index("figure")]


def test_the_code_of_a_figure_stands_in_one_fold_below_it(address, open_page):
    found = {name: measure(open_page, address, name, MISPLACED) for name in NAMES}
    assert {name: folds for name, folds in found.items() if folds} == {}


def test_code_above_a_figure_is_seen(address, open_page):
    page = open_page(f"{address}chapters/06-masks.html", **DESKTOP)
    page.evaluate(
        """() => {
          const cell = document.querySelector(".cell:has(> .cell_output figure)");
          cell.prepend(cell.querySelector(".folded"));
        }"""
    )
    assert len(page.evaluate(MISPLACED)) == 1


def test_text_in_pictures_has_eleven_pixels_on_a_phone(address, open_page):
    found = {name: measure(open_page, address, name, SMALLEST, PHONE) for name in NAMES}
    assert all(texts for texts, _ in found.values())
    assert {name: size for name, (_, size) in found.items() if size < 10.99} == {}


def test_small_text_in_pictures_is_seen(address, open_page):
    page = open_page(f"{address}chapters/05-why-sqrt-d.html", **PHONE)
    page.add_style_tag(content="figure.attention-figure { padding-inline: 2rem !important }")
    assert page.evaluate(SMALLEST)[1] < 10.99


def test_terms_are_explained_in_the_margin_of_a_wide_page(address, open_page):
    note = """() => {
      const term = document.querySelector("section > p a.term");
      const { content, float } = getComputedStyle(term, "::after");
      return [content.includes(":"), float];
    }"""
    page = open_page(f"{address}chapters/01-core-concept.html", **WIDE)
    assert page.evaluate(note) == [True, "right"]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("section > p a.term").first.inner_text() == "attention"
    page = open_page(f"{address}chapters/01-core-concept.html", **DESKTOP)
    assert page.evaluate(note) == [False, "none"]
