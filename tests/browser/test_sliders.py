"""The sliders of every page, moved in a real browser by keyboard, mouse and touch."""

import functools
import subprocess
import sys
import urllib.parse

import pytest
from expected import CHAPTERS, WITH_SLIDERS, canonical, sliders
from nbconvert import HTMLExporter

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
READ = """figure => {
  const picture = figure.querySelector("[role=img]");
  const svg = picture.shadowRoot.firstElementChild;
  const inputs = [...figure.querySelectorAll("input")];
  const box = svg.getBoundingClientRect();
  const stays = ({left, right, top, bottom}) =>
    box.left - 1 < left && right < box.right + 1 && box.top - 1 < top && bottom < box.bottom + 1;
  return {
    picture: new XMLSerializer().serializeToString(svg),
    alternative: picture.getAttribute("aria-label"),
    caption: figure.querySelector("figcaption").textContent,
    positions: inputs.map(input => Number(input.value)),
    spoken: inputs.map(input => input.getAttribute("aria-valuetext")),
    labels: inputs.map(input => input.labels[0].innerText.trim()),
    cut: [...svg.querySelectorAll("text")]
      .filter(text => !stays(text.getBoundingClientRect())).map(text => text.textContent),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    size: [box.width, box.height],
  };
}"""


# Sliders stand in an exported chapter as on the site: one chapter, with two sliders, will do.
EXPORTED = WITH_SLIDERS[1]
PAGES = [*(("site", chapter) for chapter in WITH_SLIDERS), ("exported", EXPORTED)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Export a chapter by nbconvert and return the folder of the page."""
    folder = tmp_path_factory.mktemp("exported")
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", folder]
    notebook = CHAPTERS / f"{EXPORTED}.ipynb"
    subprocess.run([*command, notebook], check=True, capture_output=True)
    return folder


@pytest.fixture(params=PAGES, ids="-".join)
def chapter(request, open_page):
    """Return a chapter's name and open(**options), which opens it from the site or from disk."""
    home, name = request.param
    if home == "site":
        url, spared = request.getfixturevalue("address") + f"chapters/{name}.html", ()
    else:
        url = (request.getfixturevalue("exported") / f"{name}.html").as_uri()
        # nbconvert's own page asks for these; the sliders must do without.
        spared = (HTMLExporter().mathjax_url, HTMLExporter().require_js_url)
    return name, functools.partial(open_page, url, spared=spared)


def slider_figures(page, name):
    """Return each figure with sliders beside what the chapter asks it to show."""
    figures = page.locator("figure:has(input[type=range])")
    assert figures.count() == len(sliders(name)) > 0
    return list(zip(figures.all(), sliders(name), strict=True))


def check(figure, expected, state):
    """Compare what a figure shows with what Python draws for a state."""
    shown, frame = figure.evaluate(READ), expected.frame(state)
    assert tuple(shown["positions"]) == state
    assert shown["caption"] == shown["alternative"] == frame.sentence
    assert canonical(shown["picture"]) == canonical(frame.svg)
    assert shown["spoken"] == [
        f"{value:.4g}" if isinstance(value, float) else str(value)
        for value in (values[i] for values, i in zip(expected.sliders.values(), state, strict=True))
    ]
    names = expected.labels.values()
    assert shown["labels"] == [f"{n} = {v}" for n, v in zip(names, shown["spoken"], strict=True)]
    assert shown["cut"] == [], f"text leaves the picture at {state}"
    assert shown["wide"] <= 0, f"the page is wider than the screen at {state}"
    assert min(shown["size"]) > 100


def test_keyboard_reaches_every_state_on_a_phone(chapter):
    name, open_chapter = chapter
    page = open_chapter(**PHONE)
    for figure, expected in slider_figures(page, name):
        position = expected.starting_state()
        check(figure, expected, position)
        focus = 0
        figure.locator("input").first.focus()
        for state in expected.states():
            for slider, target in enumerate(state):
                if target == position[slider]:
                    continue
                for _ in range(abs(slider - focus)):
                    page.keyboard.press("Tab" if slider > focus else "Shift+Tab")
                focus, steps = slider, target - position[slider]
                for _ in range(abs(steps)):
                    page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
            position = state
            check(figure, expected, position)


def check_moves(figure, expected, click, press, slide, release):
    """Click each slider's ends, drag it to its middle, and check each time what is shown."""
    state = list(expected.starting_state())
    counts = map(len, expected.sliders.values())
    for i, (slider, count) in enumerate(zip(figure.locator("input").all(), counts, strict=True)):
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        y = box["y"] + box["height"] / 2
        first, middle, last = (box["x"] + x for x in (4, box["width"] / 2, box["width"] - 4))
        for x, index in [(last, count - 1), (first, 0)]:
            click(x, y)
            state[i] = index
            check(figure, expected, tuple(state))
        press(first, y)
        slide(middle, y)
        state[i] = int(slider.input_value())
        assert state[i] in (count // 2, (count - 1) // 2)
        check(figure, expected, tuple(state))
        release()


def test_mouse(chapter):
    name, open_chapter = chapter
    page = open_chapter(**DESKTOP)

    def press(x, y):
        page.mouse.move(x, y)
        page.mouse.down()

    for figure, expected in slider_figures(page, name):
        check_moves(figure, expected, page.mouse.click, press, page.mouse.move, page.mouse.up)


def test_touch(chapter):
    name, open_chapter = chapter
    page = open_chapter(**PHONE)
    devtools = page.context.new_cdp_session(page)

    def touch(kind, *point):
        points = [dict(zip("xy", point, strict=True))] if point else []
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    press, slide, release = (
        functools.partial(touch, kind) for kind in ("touchStart", "touchMove", "touchEnd")
    )
    for figure, expected in slider_figures(page, name):
        check_moves(figure, expected, page.touchscreen.tap, press, slide, release)


def test_without_script_the_first_picture_and_its_sentence_stand(chapter):
    name, open_chapter = chapter
    page = open_chapter(java_script_enabled=False, **PHONE)
    for figure, expected in slider_figures(page, name):
        frame = expected.frame(expected.starting_state())
        image = figure.get_by_role("img", name=frame.sentence, exact=True)
        assert image.is_visible()
        assert urllib.parse.unquote(image.get_attribute("src")).endswith(f",{frame.svg}")
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert figure.locator("figcaption").inner_text() == frame.sentence
        assert not figure.locator("input").first.is_visible()


def test_reload_returns_to_the_start(chapter):
    name, open_chapter = chapter
    page = open_chapter()
    for figure, _ in slider_figures(page, name):
        figure.locator("input").last.press("End")
    page.reload()
    for figure, expected in slider_figures(page, name):
        check(figure, expected, expected.starting_state())


def test_of_many_moves_in_a_row_the_last_one_stays(chapter):
    name, open_chapter = chapter
    page = open_chapter()
    figure, expected = slider_figures(page, name)[-1]
    figure.locator("input").last.focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("End")
    last = len([*expected.sliders.values()][-1]) - 1
    check(figure, expected, (*expected.starting_state()[:-1], last))
