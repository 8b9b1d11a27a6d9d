"""The start page in a browser: one word changes, and the arcs and the caption follow."""

import pytest
from pages import DESKTOP, PHONE, faults
from playwright.sync_api import expect

from attention.learning import reader
from extensions import start

MODEL = reader.trained()


def caption(text, word="it"):
    """What the figure must say, in Python's numbers."""
    look = reader.look(MODEL, text)
    place = look.words.index(word)
    weights = look.maps[-1, 0, place]
    best = weights.argmax()
    says = f"“{word}” gives {look.words[best]} {weights[best]:.2f} of its attention"
    meant = f", and the model writes “{look.written[place]}” in its place"
    return f"{says}{meant if word == 'it' else ''}."


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("home", ["server", "disk"])
def test_the_arcs_follow_the_adjective(request, site, open_page, home, device):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(f"{root}index.html", **device)
    figure = page.locator("figure.reading").first
    for adjective in start.ADJECTIVES:
        figure.get_by_role("radio", name=adjective).check()
        text = start.CHANGED.format(adjective=adjective)
        expect(figure.locator("figcaption")).to_have_text(caption(text))
        assert " ".join(figure.locator(".sentence button").all_inner_texts()).split()[-1].isalpha()
        look = reader.look(MODEL, text)
        weights = look.maps[-1, 0, look.words.index("it")]
        drawn = sum(w >= 0.05 for i, w in enumerate(weights) if look.words[i] != "it")
        assert figure.locator("path[data-shown]").count() == drawn
    assert home == "disk" or faults(page) == []


def test_each_word_shows_its_row_by_pointer_and_by_key(address, open_page):
    page = open_page(f"{address}index.html", **DESKTOP)
    figure = page.locator("figure.reading").first
    says = figure.locator("figcaption")
    figure.locator(".sentence button", has_text="dog").hover()
    expect(says).to_have_text(caption(start.FIRST, "dog"))
    page.mouse.move(5, 5)
    expect(says).to_have_text(caption(start.FIRST))
    figure.locator(".sentence button", has_text="crossed").focus()
    expect(says).to_have_text(caption(start.FIRST, "crossed"))
    expect(figure.locator("[aria-pressed=true]")).to_contain_text("crossed")


@pytest.mark.parametrize("name", ["index", "chapters/10-training"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_sentence_of_ones_own_is_read(address, open_page, name, device):
    page = open_page(f"{address}{name}.html", **device)
    figure = page.locator("figure.reading").last
    figure.scroll_into_view_if_needed()  # its model is loaded when its reader comes near
    says = figure.locator("figcaption")
    expect(says).to_have_text(caption("the road crossed the dog because it was hungry"))
    figure.get_by_label("Who or what").select_option("goat")
    figure.get_by_label("Whom or what").select_option("bridge")
    figure.get_by_label("Adjective").select_option("empty")
    expect(says).to_have_text(caption("the goat crossed the bridge because it was empty"))
    figure.get_by_label("the reason first").check()
    figure.get_by_label("yesterday").check()
    figure.get_by_label("Verb", exact=True).select_option("visited")
    text = "because it was empty the goat visited the bridge yesterday"
    expect(says).to_have_text(caption(text))


def test_without_a_script_the_sentence_shows_its_weights(address, open_page):
    page = open_page(f"{address}index.html", java_script_enabled=False, **PHONE)
    figure = page.locator("figure.reading").first
    assert figure.locator("figcaption").inner_text() == caption(start.FIRST)
    assert "0.85" in figure.locator(".sentence").inner_text()
    assert not figure.get_by_role("radio").first.is_visible()


def test_the_map_shows_what_the_reader_has_answered(address, open_page):
    page = open_page(f"{address}chapters/03-breakdown.html", **DESKTOP)
    page.evaluate(
        """localStorage.setItem("questions", JSON.stringify(
          { "03-breakdown.html": { right: ["share"], of: 4 } }))"""
    )
    page.goto(f"{address}index.html")
    expect(page.locator(".map .answered-mark")).to_have_text(["1 of 4"])
    card = page.locator(".map li", has=page.locator(".answered-mark"))
    assert "chapters/03-breakdown" in card.locator("a").get_attribute("href")


def test_contents_open_from_the_start_page(address, open_page):
    for device in (DESKTOP, PHONE):
        page = open_page(f"{address}index.html", **device)
        link = page.locator(".bd-docs-nav a", has_text="The four steps")
        assert not link.is_visible()
        page.locator(".primary-toggle").click()
        assert link.is_visible()
        page.context.close()
