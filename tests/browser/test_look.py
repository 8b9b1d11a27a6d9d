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


# What is lit: what stands in the page, and what stands in the shadows of figures.
LIT = """() => {
  const boxes = [...document.querySelectorAll("figure div")];
  const shadows = boxes.flatMap((box) => box.shadowRoot ?? []);
  const lit = [document, ...shadows].flatMap((root) => [...root.querySelectorAll(".lit")]);
  const of = (kind) => lit.filter((part) => part.matches(kind)).length;
  return {
    parts: [...new Set(lit.map((part) => part.dataset.part))],
    sections: new Set(lit.map((part) => (part.getRootNode().host ?? part).closest("section"))).size,
    code: of(".highlight *, code *"), symbols: of(".katex-html *"), words: of("span.key"),
    drawn: lit.filter((part) => part.ownerSVGElement && part.style.filter).length,
  };
}"""
LINKED = "chapters/03-breakdown.html"
STEP = "section#step-1-matching-queries-and-keys"


def in_the_middle(part):
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("way", ["pointer", "touch", "focus"])
def test_what_is_one_thing_lights_up_together(address, open_page, way):
    page = open_page(address + LINKED, **(PHONE if way == "touch" else DESKTOP))
    step = page.locator(STEP)
    symbol = step.locator(".katex-html [data-part=key]").first
    assert page.evaluate(LIT)["parts"] == []
    if way == "pointer":
        page.mouse.move(*in_the_middle(symbol))
    elif way == "touch":
        page.touchscreen.tap(*in_the_middle(symbol))
    else:  # a term in the colour of its role is a link
        page = open_page(f"{address}chapters/01-core-concept.html", **DESKTOP)
        page.locator("a.term:has([data-part=key]), [data-part=key] a.term").first.focus()
    lit = page.evaluate(LIT)
    assert lit["parts"] == ["key"]
    assert lit["sections"] == 1
    assert lit["words" if way == "focus" else "code"] > 0
    if way == "focus":
        assert lit["drawn"] > 0
        page.locator(".prev-next-area a").first.focus()
    else:
        assert lit["symbols"] > 1
        heading = in_the_middle(step.locator("h2"))
        page.mouse.move(*heading) if way == "pointer" else page.touchscreen.tap(*heading)
    assert page.evaluate(LIT)["parts"] == []


def test_a_picture_lights_up_what_it_draws(address, open_page):
    page = open_page(address + "chapters/01-core-concept.html", **DESKTOP)
    cell = page.locator("section section figure.attention-figure [data-part=key]").first
    page.mouse.move(*in_the_middle(cell))
    lit = page.evaluate(LIT)
    assert (lit["parts"], lit["sections"]) == (["key"], 1)
    assert lit["drawn"] > 0


@pytest.mark.parametrize("way", ["pointer", "touch"])
@pytest.mark.parametrize("name", ["00-introduction", "01-core-concept", "06-masks"])
def test_a_word_in_a_picture_shows_its_row(address, open_page, name, way):
    page = open_page(f"{address}chapters/{name}.html", **(PHONE if way == "touch" else DESKTOP))
    figure = page.locator("figure:has([name=word])")
    caption = figure.locator("figcaption")
    assert caption.inner_text().count("it") > 0
    said = {caption.inner_text()}
    for number in (1, 2, 6):
        place = in_the_middle(figure.locator(f"[data-pick=word-{number}]"))
        page.mouse.click(*place) if way == "pointer" else page.touchscreen.tap(*place)
        wait_until(page, f"document.querySelectorAll('[name=word]')[{number}].checked")
        wait_until(
            page,
            "([figure, said]) => figure.querySelector('figcaption').innerText !== said",
            [figure.element_handle(), "" if number == 6 else caption.inner_text() + " "],
        )
        said.add(caption.inner_text())
    assert len(said) == 3  # the last word is that of the start
    # The key goes from word to word, too.
    figure.locator("[name=word]:checked").press("ArrowRight")
    wait_until(page, "document.querySelectorAll('[name=word]')[7].checked")


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


# What moving a slider puts into the page or takes out of it; each makes the browser match every
# :has() rule anew. Inside the shadow of a picture it does not.
PUT_IN = """async (figure) => {
  const put = [];
  const note = (records) => put.push(...records.map(({ target }) => target.nodeName));
  new MutationObserver(note).observe(document, { subtree: true, childList: true });
  const slider = figure.querySelector("input[type=range]");
  const said = new Set();
  for (let value = 0; value <= slider.max; value++) {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 50));
    said.add(figure.querySelector("figcaption").textContent);
  }
  return [said.size, put];
}"""


def test_a_slider_puts_nothing_into_the_page(address, open_page):
    page = open_page(address + "chapters/01-core-concept.html", **DESKTOP)
    wait_until(page, "!document.querySelector('.attention-still')")
    page.get_by_role("button", name="Check this page").wait_for()  # all buttons are there
    said, put = page.locator("figure:has(input[name=scale])").evaluate(PUT_IN)
    assert said > 3
    assert put == []
