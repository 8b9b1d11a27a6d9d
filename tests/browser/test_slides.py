"""Each deck in a real browser: whole slides, live sliders, notes, paper, phone, no other host."""

import re
from pathlib import Path

import pytest
from pages import PHONE, faults, wait_until

from extensions import slides

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = [path.stem for path in sorted(ROOT.glob("chapters/*.ipynb"))]
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
READY = "() => window.deck?.isReady()"
CUT = """() => {
  const section = document.querySelector("section.present");
  const sheet = section.querySelector(".sheet");
  const page = document.documentElement.getBoundingClientRect();
  const beyond = [...sheet.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    const folded = element.closest("details:not([open]) > :not(summary)");
    if (folded || element.closest("svg, .katex, pre") || !box.width) return false;
    return box.bottom > innerHeight + 1 || box.top < -1 || box.right > innerWidth + 1;
  });
  const wide = [...sheet.querySelectorAll("pre")].filter((x) => x.scrollWidth > x.clientWidth + 1);
  return { beyond: beyond.length, wide: wide.length, zoom: Number(sheet.style.zoom || 1),
           empty: sheet.children.length < 2, title: sheet.innerText.slice(0, 60) };
}"""


@pytest.fixture(scope="module")
def decks(site, tmp_path_factory):
    """Return {chapter: its deck} of the built site."""
    return {deck.stem: deck for deck in slides.write(site, tmp_path_factory.mktemp("slides"))}


def test_each_chapter_has_a_deck_whose_notes_hold_its_lesson(decks):
    assert sorted(decks) == CHAPTERS
    for chapter, lesson in slides.lessons().items():
        text = decks[chapter].read_text("utf-8")
        assert 6 <= text.count("<section data-kind=") <= 40, chapter
        for heading, (_, said) in lesson.items():
            written = slides.html.escape(said)
            assert text.count(written) == 1, f"{chapter} has no section {heading!r}, or twice"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_deck_is_whole_from_a_disk(decks, open_page, chapter):
    scheme = "light" if CHAPTERS.index(chapter) % 2 else "dark"
    page = open_page(decks[chapter].as_uri(), color_scheme=scheme, **PROJECTOR)
    wait_until(page, READY)
    count = page.evaluate("deck.getTotalSlides()")
    found, places = [], []
    for place in range(count):
        assert page.evaluate("deck.getIndices().h") == place
        seen = page.evaluate(CUT)
        if seen["beyond"] or seen["wide"] or seen["empty"] or seen["zoom"] < 0.6:
            places.append((place + 1, seen))
        for answer in page.locator("section.present summary").all()[:1]:
            answer.click()
            wait_until(page, f"() => ({CUT})().beyond === 0")
        if place in (0, 1, count // 2):
            found += faults(page)
        page.keyboard.press("ArrowRight")
    assert places == []
    assert found == []


def test_a_slider_on_a_slide_moves_and_keeps_the_slide(decks, open_page):
    page = open_page(decks["05-why-sqrt-d"].as_uri(), **PROJECTOR)
    wait_until(page, READY)
    while not page.locator("section.present input[type=range]").count():
        page.keyboard.press("ArrowRight")
    place = page.evaluate("deck.getIndices().h")
    slider = page.locator("section.present input[type=range]").first
    caption = page.locator("section.present figcaption")
    before = caption.inner_text()
    slider.focus()
    page.keyboard.press("End" if slider.input_value() != slider.get_attribute("max") else "Home")
    assert caption.inner_text() != before
    assert page.evaluate("deck.getIndices().h") == place
    assert page.evaluate(CUT)["beyond"] == 0


def test_the_speaker_has_notes_in_a_window_of_their_own(decks, open_page):
    page = open_page(decks["03-breakdown"].as_uri(), **PROJECTOR)
    wait_until(page, READY)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    said = slides.lessons()["03-breakdown"]["The four steps"][1]
    wait_until(speaker, "said => document.body.innerText.includes(said)", said[:40])


def test_the_colours_turn_by_a_key(decks, open_page):
    page = open_page(decks["14-notation"].as_uri(), color_scheme="light", **PROJECTOR)
    wait_until(page, READY)
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_on_paper_each_slide_is_a_page(decks, open_page, tmp_path):
    page = open_page(f"{decks['02-formula'].as_uri()}?view=print", **PROJECTOR)
    count = decks["02-formula"].read_text("utf-8").count("<section data-kind=")
    wait_until(page, f"() => document.querySelectorAll('.pdf-page').length === {count}")
    pdf = page.pdf(prefer_css_page_size=True)
    assert max(map(int, re.findall(rb"/Count (\d+)", pdf))) == count


@pytest.mark.parametrize("chapter", ["01-core-concept", "12-long-sequences"])
def test_on_a_phone_a_deck_is_a_page_that_scrolls(decks, open_page, chapter):
    page = open_page(decks[chapter].as_uri(), **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    count = decks[chapter].read_text("utf-8").count("<section data-kind=")
    shown = page.evaluate(
        "[...document.querySelectorAll('.sheet')].filter(x => x.offsetHeight > 99)"
    )
    assert len(shown) == count
    assert faults(page) == []


def test_what_is_cut_off_is_seen(decks, open_page):
    page = open_page(decks["14-notation"].as_uri(), **PROJECTOR)
    wait_until(page, READY)
    page.evaluate(
        "document.querySelector('section.present .sheet').insertAdjacentHTML("
        "'beforeend', '<p style=\"height:700px;flex:none\">x</p>')"
    )
    assert page.evaluate(CUT)["beyond"] > 0
