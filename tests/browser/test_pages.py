"""The pages in a real browser: for everyone, in light and dark, on desktop, phone and paper."""

import pytest
from matplotlib.colors import to_rgb
from pages import DESKTOP, PHONE, faults, wait_until

from attention.figures.plots import COLOURS

CHAPTER = "chapters/02-formula.html"
COLOUR = "element => getComputedStyle(element).color"


def rgb(colour):
    """Return a colour as browsers write it."""
    red, green, blue = (round(255 * share) for share in to_rgb(colour))
    return f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_everyone_can_read_every_page(address, addresses, open_page, device, scheme):
    found = []
    for name in addresses:
        page = open_page(address + name, color_scheme=scheme, **device)
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [(name, *fault) for fault in faults(page)] + ([(name, wide)] if wide > 0 else [])
        page.context.close()
    assert found == []


def test_axe_sees_faults(address, open_page):
    page = open_page(address + CHAPTER, **DESKTOP)
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('article').append(document.createElement('button'))")
    assert {rule for rule, *_ in faults(page)} == {"color-contrast", "button-name"}


def test_every_page_opens_from_disk(site, addresses, open_page):
    for name in addresses:
        page = open_page((site / name).as_uri(), **DESKTOP)
        assert page.locator("h1").first.is_visible()
        page.context.close()


@pytest.mark.parametrize("home", ["server", "disk"])
def test_search_finds_the_chapter(request, site, open_page, home):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(root + CHAPTER, **DESKTOP)
    page.keyboard.press("Control+k")
    page.keyboard.type("projections")
    page.keyboard.press("Enter")
    hits = page.locator("#search-results li a")
    hits.first.wait_for()
    assert any(CHAPTER in hit.get_attribute("href") for hit in hits.all())
    # Browsers let no page read another one from a disk, so there the hits are titles alone.
    summaries = page.locator("#search-results li p.context")
    if home == "server":
        summaries.first.wait_for()
    assert (summaries.count() > 0) == (home == "server")


def test_the_reader_chooses_the_colours_and_the_page_remembers(address, open_page):
    page = open_page(address + CHAPTER, color_scheme="light", **DESKTOP)
    root, switch = page.locator("html"), page.locator(".theme-switch-button")
    formula = page.locator(".katex-html [style*='var(--query)']").first
    drawing = page.locator(".attention-figure svg text").first
    before = [formula.evaluate(COLOUR), drawing.evaluate("e => getComputedStyle(e).fill")]
    assert before[0] == rgb(COLOURS["query"].light)
    switch.click()
    assert root.get_attribute("data-theme") == "dark"
    after = [formula.evaluate(COLOUR), drawing.evaluate("e => getComputedStyle(e).fill")]
    assert after[0] == rgb(COLOURS["query"].dark)
    assert after[1] != before[1]
    page.reload()
    assert root.get_attribute("data-theme") == "dark"
    modes = []
    for _ in range(3):
        switch.click()
        modes.append((root.get_attribute("data-mode"), root.get_attribute("data-theme")))
    assert modes == [("light", "light"), ("auto", "light"), ("dark", "dark")]


def test_the_page_follows_the_system_and_paper_is_light(address, open_page):
    page = open_page(address + CHAPTER, color_scheme="light", **DESKTOP)

    def becomes(theme):
        wait_until(page, "it => document.documentElement.dataset.theme === it", arg=theme)

    page.emulate_media(color_scheme="dark")
    becomes("dark")
    page.emulate_media(media="print", color_scheme="dark")
    becomes("light")
    assert page.locator(".attention-figure svg").first.is_visible()
    for hidden in [".bd-sidebar-primary", ".bd-sidebar-secondary", ".bd-header-article", ".copy"]:
        assert not page.locator(hidden).first.is_visible(), hidden
    page.emulate_media(media="screen", color_scheme="dark")
    becomes("dark")


def test_without_scripts_the_page_can_be_read(address, open_page):
    page = open_page(address + CHAPTER, java_script_enabled=False, **PHONE)
    assert page.locator("article h1").is_visible()
    assert page.locator(".katex-html").first.bounding_box()["width"] > 5
    assert r"\sqrt" not in page.locator(".katex-html").all_inner_texts()
    assert page.locator(".attention-figure svg").first.is_visible()
    assert page.locator(".prev-next-area a").first.is_visible()
    for dead in [".theme-switch-button", ".search-button", ".primary-toggle", ".copy"]:
        assert page.locator(dead).count() == page.locator(dead).filter(visible=False).count(), dead


@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_sidebars_open_over_a_phone_page(address, open_page, side):
    page = open_page(address + CHAPTER, **PHONE)
    link = page.locator(
        {"primary": ".bd-docs-nav a", "secondary": "#pst-page-toc-nav a"}[side]
    ).last
    toggle = page.locator(f".{side}-toggle")
    assert not link.is_visible()
    toggle.tap()
    assert link.is_visible()
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")
    toggle.tap()
    target = link.get_attribute("href")
    link.tap()
    page.wait_for_url(f"**/{target.removeprefix('../')}" if side == "primary" else f"**{target}")
    assert not page.locator("dialog[open]").count()


def test_the_sidebar_gives_way_on_a_wide_page(address, open_page):
    page = open_page(address + CHAPTER, reduced_motion="reduce", **DESKTOP)
    sidebar, toggle = page.locator(".bd-docs-nav"), page.locator(".primary-toggle")
    assert sidebar.is_visible()
    toggle.click()
    assert not sidebar.is_visible()
    toggle.click()
    assert sidebar.is_visible()


def test_the_contents_mark_the_section_on_screen(address, open_page):
    page = open_page(address + CHAPTER, **DESKTOP)
    last = page.locator("#pst-page-toc-nav a").nth(-2)
    last.click()
    wait_until(page, "link => link.classList.contains('active')", arg=last.element_handle())
    assert page.locator("#pst-page-toc-nav a.active").count() == 1


def test_code_is_copied_as_it_stands(address, open_page):
    page = open_page(
        address + CHAPTER, permissions=["clipboard-read", "clipboard-write"], **DESKTOP
    )
    shown = page.locator("div.cell_input:visible").first  # the first cells are folded
    code, button = shown.locator("pre"), shown.locator(".copy")
    button.focus()
    page.keyboard.press("Enter")
    wait_until(
        page, "[...document.querySelectorAll('.copy')].some(x => x.textContent === 'Copied')"
    )
    assert page.evaluate("navigator.clipboard.readText()") == code.text_content()


def test_the_keyboard_reaches_the_page_with_visible_focus(address, open_page):
    page = open_page(address + CHAPTER, **DESKTOP)
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  const { activeElement: at } = document;
                  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
                  const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
                  return [at.textContent.trim(), outlined || boxShadow !== "none"];
                }"""
            )
        )
    assert seen[0][0] == "Skip to main content"
    assert [name for name, visible in seen if not visible] == []


def test_the_download_is_the_notebook(address, open_page):
    page = open_page(address + CHAPTER, **DESKTOP)
    page.locator(".menu summary").first.click()
    link = page.locator(".menu a[href$='.ipynb']")
    assert link.is_visible()
    answer = page.request.get(address + "chapters/" + link.get_attribute("href"))
    assert answer.json()["nbformat"] == 4
