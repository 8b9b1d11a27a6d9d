"""What is shown is whole: nothing is cut at a side without a sign that it goes on there.

On a screen code and tables may scroll, if they fade at that side; formulas and pictures do not. On
paper nothing may.
"""

import pytest
from pages import DESKTOP, PHONE, wait_until

WIDTHS = {"phone": PHONE, "desktop": DESKTOP}
PAPER = {"viewport": {"width": 658, "height": 930}}  # A4 without the margins, in CSS pixels
CHAPTER = "chapters/02-formula.html"

# Each element that is shown, whose content ends outside of it or of a box around it that hides or
# scrolls: [what it is, how it begins, by how many pixels]. A box that fades is a sign.
CUT = """(paper) => {
  const found = [];
  const article = document.querySelector("article");
  const shown = "article :is(.katex-base, td, th, pre code, pre, img, svg, .math)";
  const clips = (box) => getComputedStyle(box).overflowX !== "visible";
  // For a screen reader alone: a head, or one of its boxes, as small as nothing.
  const hidden = (head) => {
    for (let box = head.closest("th, thead td"); box; box = box.parentElement)
      if (getComputedStyle(box).clipPath === "inset(50%)") return box.offsetWidth < 2;
    return false;
  };
  const fades = (box) => !paper && getComputedStyle(box).maskImage !== "none";
  for (const element of document.querySelectorAll(shown)) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.matches("svg *")) continue;
    if (hidden(element)) continue;
    const { left, right, width } = element.getBoundingClientRect();
    if (!width) continue;
    const inside = element.matches("pre") ? element.scrollWidth - element.clientWidth : 0;
    let over = inside > 1 && !fades(element) ? inside : 0;
    for (let box = element.parentElement; box; box = box.parentElement) {
      const edge = box.getBoundingClientRect();
      const beyond = Math.max(right - edge.right, edge.left - left);
      if (box === article || clips(box)) {
        if (beyond > 1 && !fades(box)) over = Math.max(over, beyond);
        if (clips(box) && box !== article) break;
      }
      if (box === article) break;
    }
    const text = element.textContent.slice(0, 30);
    if (over > 1) found.push([element.className || element.tagName, text, Math.round(over)]);
  }
  return found;
}"""


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    # The script measures after the next layout.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")


@pytest.mark.parametrize("device", WIDTHS)
def test_nothing_is_cut_without_a_sign(address, addresses, open_page, device):
    found = []
    for name in addresses:
        page = open_page(address + name, **WIDTHS[device])
        unfold(page)
        found += [(name, *cut) for cut in page.evaluate(CUT, False)]
        page.context.close()
    assert found == []


def test_nothing_is_cut_on_paper(address, addresses, open_page):
    found = []
    for name in addresses:
        page = open_page(address + name, **PAPER)
        page.emulate_media(media="print")
        found += [(name, *cut) for cut in page.evaluate(CUT, True)]
        page.context.close()
    assert found == []


@pytest.mark.parametrize(
    ("media", "style", "device"),
    [
        ("screen", "pre { mask: none !important }", PHONE),
        ("screen", ".katex-base { min-width: 900px }", PHONE),
        ("screen", "table.cards { min-width: 600px } div { mask: none !important }", PHONE),
        ("screen", "svg { width: 400px !important; max-width: none !important }", PHONE),
        ("screen", ".katex-base { min-width: 900px }", DESKTOP),
        ("print", "pre { white-space: pre !important; min-width: 900px }", PAPER),
        ("print", ".katex-base { min-width: 900px }", PAPER),
        ("print", "td { min-width: 400px }", PAPER),
    ],
)
def test_what_is_cut_is_seen(address, open_page, media, style, device):
    page = open_page(address + CHAPTER, **device)
    page.emulate_media(media=media)
    unfold(page)
    assert page.evaluate(CUT, media == "print") == []
    page.add_style_tag(content=style)
    assert page.evaluate(CUT, media == "print") != []


def test_the_formula_of_the_book_is_whole_on_a_phone(address, open_page):
    page = open_page(address + CHAPTER, **PHONE)
    formula = page.locator("div.math").first
    assert formula.inner_text().replace("\u200b", "").split()[-1].startswith("(")
    for base in formula.locator(".katex-base").all():
        box = base.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_no_sign_is_a_glyph_of_a_font_that_is_missing(address, addresses, open_page):
    private = """[...document.querySelectorAll("*")].flatMap((element) =>
      ["::before", "::after"]
        .filter((part) => /[\\ue000-\\uf8ff]/.test(getComputedStyle(element, part).content))
        .map((part) => element.className + part))"""
    for name in addresses:
        page = open_page(address + name, **DESKTOP)
        assert page.evaluate(private) == [], name
        page.context.close()


def test_a_fade_follows_the_reader(address, open_page):
    page = open_page(address + CHAPTER, **PHONE)
    code = page.locator("pre[data-more]").first
    assert code.get_attribute("data-more") == "right"
    assert code.get_attribute("tabindex") == "0"
    code.evaluate("box => (box.scrollLeft = 10)")
    wait_until(page, "box => box.dataset.more === 'both'", arg=code.element_handle())
    code.evaluate("box => (box.scrollLeft = 10000)")
    wait_until(page, "box => box.dataset.more === 'left'", arg=code.element_handle())


def test_without_a_script_code_breaks_its_lines(address, open_page):
    page = open_page(address + CHAPTER, java_script_enabled=False, **PHONE)
    code = page.locator("pre").first
    assert code.evaluate("box => box.scrollWidth - box.clientWidth") <= 1
