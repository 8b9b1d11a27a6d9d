"""The gallery of errors: found by what one sees, a word or a picture, and without a script."""

import pytest
from pages import DESKTOP, PHONE, faults
from playwright.sync_api import expect

from attention.exercises import EXERCISES
from attention.exercises.gallery import EXHIBITS, Index, Others
from attention.exercises.signs import SIGNS, signs_of

PAGE = "chapters/13-gallery-of-errors.html"
SIGN = "rows do not sum to 1"
LISTED = {
    (exercise, mistake): signs_of(EXERCISES[exercise], EXERCISES[exercise].mutant(mistake))
    for exercise, mistakes in Others().lists.items()
    for mistake, *_ in mistakes
}


def shown(page):
    """Return how many pictures and how many mistakes of the list are not put away."""
    places = (".attention-index", ".attention-mistakes")
    return tuple(page.locator(f"{place} [data-signs]:not([hidden])").count() for place in places)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_one_sees_leads_to_the_mistakes_that_show_it(address, open_page, device):
    page = open_page(address + PAGE, **device)
    assert page.locator(".gallery-filter input[type=radio]").count() == len(SIGNS) + 1
    assert shown(page) == (len(EXHIBITS), len(LISTED))
    assert not page.locator(".attention-mistakes").get_attribute("open")
    page.get_by_role("radio", name=SIGN).check(force=True)
    pictures = sum(SIGN in found for found in Index().signs.values())
    others = sum(SIGN in found for found in LISTED.values())
    assert 0 < pictures < len(EXHIBITS)
    assert 0 < others < len(LISTED)
    assert shown(page) == (pictures, others)
    said = page.locator(".gallery-filter [role=status]")
    expect(said).to_have_text(f"{pictures} with a picture, and {others} more in the list.")
    assert page.locator(".attention-mistakes").get_attribute("open") is not None
    # No exercise stands there without a mistake.
    groups = page.locator(".attention-mistakes > div:not([hidden])")
    names = {exercise for (exercise, _), found in LISTED.items() if SIGN in found}
    assert groups.count() == len(names)
    assert faults(page) == []


def test_a_word_finds_mistakes_and_nothing_is_lost(address, open_page):
    page = open_page(address + PAGE, **DESKTOP)
    field = page.get_by_role("searchbox")
    field.fill("Transpose")
    pictures, others = shown(page)
    assert pictures == 1
    assert 0 < others < len(LISTED)
    field.fill("no mistake has this word")
    assert shown(page) == (0, 0)
    field.fill("")
    assert shown(page) == (len(EXHIBITS), len(LISTED))


def test_a_picture_leads_to_its_exhibit(address, open_page):
    page = open_page(address + PAGE, **DESKTOP)
    page.get_by_role("link", name="dropped residual").click()
    exhibit = page.locator("#exhibit-dropped-residual")
    expect(exhibit).to_be_in_viewport()
    assert "dropped residual" in exhibit.inner_text()


def test_without_a_script_everything_is_shown(address, open_page):
    page = open_page(address + PAGE, java_script_enabled=False)
    assert page.locator(".gallery-filter").count() == 0
    assert shown(page) == (len(EXHIBITS), len(LISTED))
    assert page.locator(".attention-index svg").count() == len(EXHIBITS)


def test_no_other_page_has_the_script(site):
    pages = [
        page for page in site.glob("chapters/*.html") if "gallery.js" in page.read_text("utf-8")
    ]
    assert [page.name for page in pages] == ["13-gallery-of-errors.html"]
