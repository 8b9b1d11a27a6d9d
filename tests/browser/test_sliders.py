"""The sliders of every page, moved in a real browser by keyboard, mouse and touch."""

import functools
import subprocess
import sys
import urllib.parse

import pytest
from expected import CHAPTERS, WITH_SLIDERS, canonical, plain, sliders
from nbconvert import HTMLExporter
from playwright.sync_api import expect

from attention.figures import explore
from attention.figures.marks import pick_area

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
READ = """figure => {
  const picture = figure.querySelector("[role=img]");
  const panels = [...picture.shadowRoot.querySelectorAll("svg")];
  // What glides is looked at where it comes to rest.
  panels.forEach(svg => svg.getAnimations({subtree: true}).forEach(motion => motion.finish()));
  const controls = [...figure.querySelectorAll("input[type=range], fieldset")];
  const checked = control => control.querySelector(":checked");
  const leaves = text => {
    const [outer, inner] = [text.ownerSVGElement, text].map(part => part.getBoundingClientRect());
    return inner.left < outer.left - 1 || inner.right > outer.right + 1 ||
      inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
  };
  const scale = svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const texts = panels.flatMap(svg => [...svg.querySelectorAll("text")]);
  return {
    // Without the class by which the picture shows where the keyboard is.
    panels: panels.map(svg =>
      new XMLSerializer().serializeToString(svg).replace(/ class="(focus)?"/g, "")),
    alternative: picture.getAttribute("aria-label"),
    caption: figure.querySelector("figcaption").textContent,
    positions: controls.map(control => Number(control.value ?? checked(control).value)),
    spoken: controls.map(control => control.value
      ? control.getAttribute("aria-valuetext") : checked(control).labels[0].innerText.trim()),
    labels: controls.map(control => control.value
      ? control.labels[0].innerText.split("\\n")[0].trim()
      : control.querySelector("legend").innerText.trim()),
    cut: texts.filter(leaves).map(text => text.textContent),
    smallest: Math.min(...texts.map(text =>
      parseFloat(getComputedStyle(text).fontSize) * scale(text.ownerSVGElement))),
    lowest: Math.min(...[...figure.querySelectorAll("input[type=range], label:has([type=radio])")]
      .map(control => control.getBoundingClientRect().height)),
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    size: ["width", "height"].map(side => panels[0].getBoundingClientRect()[side]),
  };
}"""


# Sliders stand in an exported chapter as on the site: one chapter, with two sliders, will do.
EXPORTED = WITH_SLIDERS[1]
PAGES = [*(("site", chapter) for chapter in WITH_SLIDERS)]
PAGES += [("exported", EXPORTED), ("executed", EXPORTED)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Export a chapter by nbconvert as it is stored, and return the folder of the page."""
    return export(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Export a chapter by nbconvert, which executes it first, and return the folder of the page."""
    return export(tmp_path_factory.mktemp("executed"), "--execute")


def export(folder, *options):
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", folder]
    notebook = CHAPTERS / f"{EXPORTED}.ipynb"
    subprocess.run([*command, *options, notebook], check=True, capture_output=True)
    return folder


@pytest.fixture(params=PAGES, ids="-".join)
def chapter(request, open_page):
    """Return a chapter's name and open(**options), which opens it from the site or from disk."""
    home, name = request.param
    if home == "site":
        url, spared = request.getfixturevalue("address") + f"chapters/{name}.html", ()
    else:
        url = (request.getfixturevalue(home) / f"{name}.html").as_uri()
        # nbconvert's own page asks for these; the sliders must do without.
        spared = (HTMLExporter().mathjax_url, HTMLExporter().require_js_url)
    return name, functools.partial(open_page, url, spared=spared)


def slider_figures(page, name):
    """Return each figure with sliders beside what the chapter asks it to show."""
    figures = page.locator("figure:has(.attention-controls)")
    assert figures.count() == len(sliders(name)) > 0
    return list(zip(figures.all(), sliders(name), strict=True))


# Styles as the browser writes them, without the light on a part that was touched.
UNLIT = """(figure, panels) => panels.map(text => {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  for (const part of svg.querySelectorAll("[style], .lit")) {
    part.classList.remove("lit");
    part.style.filter = "none";
    part.style.filter = "";
    for (const name of ["class", "style"]) if (!part.getAttribute(name)) part.removeAttribute(name);
  }
  return new XMLSerializer().serializeToString(svg);
})"""


def check(figure, expected, state):
    """Compare what a figure shows with what Python draws for a state."""
    shown, frame = figure.evaluate(READ), expected.frame(state)
    assert tuple(shown["positions"]) == state
    assert shown["alternative"] == frame.sentence
    assert shown["caption"] == plain(frame.sentence)
    panels, drawn = (figure.evaluate(UNLIT, [*x]) for x in (shown["panels"], frame.panels))
    assert canonical(panels) == canonical(drawn)
    texts = expected.texts(state)
    spoken = [plain(text) if name in expected.choices else text for name, text in texts.items()]
    assert shown["spoken"] == spoken
    assert shown["labels"] == [
        plain(label) if name in expected.choices else plain(f"{label} = {texts[name]}")
        for name, label in expected.labels.items()
    ]
    assert shown["cut"] == [], f"text leaves the picture at {state}"
    assert shown["wide"] <= 0, f"the page is wider than the screen at {state}"
    assert shown["smallest"] >= 11
    assert shown["lowest"] >= 44
    assert min(shown["size"]) > 80


def control(figure, expected, name):
    """Return what takes the focus of a control: a slider, or the checked one of its buttons."""
    if name in expected.choices:
        return figure.locator(f"input[name='{name}']:checked")
    return figure.locator(f"input[name='{name}']")


def test_keyboard_reaches_every_state_on_a_phone(chapter):
    name, open_chapter = chapter
    page = open_chapter(**PHONE)
    for figure, expected in slider_figures(page, name):
        position = expected.starting_state()
        check(figure, expected, position)
        names = list(expected.sliders)
        focused = names[0]
        control(figure, expected, focused).focus()
        for state in expected.states():
            for name_, target, now in zip(names, state, position, strict=True):
                if target == now:
                    continue
                way = names.index(name_) - names.index(focused)
                for _ in range(abs(way)):
                    page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
                    if page.locator("button.attention-play:focus").count():
                        page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
                focused = name_
                for _ in range(abs(target - now)):
                    page.keyboard.press("ArrowRight" if target > now else "ArrowLeft")
            position = state
            check(figure, expected, position)


def check_moves(figure, expected, click, press, slide, release):
    """Click each slider's ends, drag it to its middle, and check each time what is shown."""
    state = list(expected.starting_state())
    for i, (name, values) in enumerate(expected.sliders.items()):
        if name in expected.choices:
            for index in (len(values) - 1, 0):
                label = figure.locator(f"label:has(input[name='{name}'])").nth(index)
                if figure.locator(f".attention-picked [name='{name}']").count():
                    # In the picture, where what chooses may stand for several values at once.
                    label = figure.locator(f"[data-pick~='{name}-{index}']")
                    others = [
                        x for j, x in enumerate(zip(expected.sliders, state, strict=True)) if j != i
                    ]
                    same = "".join(f"[data-pick~='{other}-{at}']" for other, at in others)
                    exact = figure.locator(f"[data-pick~='{name}-{index}']{same}")
                    label = (exact if exact.count() else label).first
                label.scroll_into_view_if_needed()
                box = label.bounding_box()
                click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
                state[i] = index
                check(figure, expected, tuple(state))
            continue
        slider, count = control(figure, expected, name), len(values)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        y = box["y"] + box["height"] / 2
        first, middle, last = (box["x"] + x for x in (4, box["width"] / 2, box["width"] - 4))
        for x, index in [(last, count - 1), (first, 0)]:
            click(x, y)
            state[i] = index
            check(figure, expected, tuple(state))
        box = slider.bounding_box()  # the browser may have scrolled to what was touched
        y = box["y"] + box["height"] / 2
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
        images = figure.locator("img").all()
        assert [image.get_attribute("alt") for image in images] == [
            frame.sentence,
            *[""] * (len(images) - 1),
        ]
        for image, panel in zip(images, frame.panels, strict=True):
            assert image.is_visible()
            assert urllib.parse.unquote(image.get_attribute("src")).endswith(f",{panel}")
            assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert figure.locator("figcaption").inner_text() == plain(frame.sentence)
        assert figure.locator(".attention-still").is_visible()
        assert not figure.locator("input").first.is_visible()


def move_last(figure, expected):
    """Move the last control to its last stop, and return the state."""
    name, values = list(expected.sliders.items())[-1]
    if name in expected.choices:
        figure.evaluate(MOVE, [name, len(values) - 1])
    else:
        control(figure, expected, name).press("End")
    return (*expected.starting_state()[:-1], len(values) - 1)


def test_reload_returns_to_the_start(chapter):
    name, open_chapter = chapter
    page = open_chapter()
    for figure, expected in slider_figures(page, name):
        move_last(figure, expected)
    page.reload()
    for figure, expected in slider_figures(page, name):
        check(figure, expected, expected.starting_state())


def test_of_many_moves_in_a_row_the_last_one_stays(chapter):
    name, open_chapter = chapter
    page = open_chapter()
    figure, expected = slider_figures(page, name)[-1]
    control(figure, expected, list(expected.sliders)[-1]).focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
    check(figure, expected, move_last(figure, expected))


def test_a_caption_that_grows_moves_nothing_below_it(chapter):
    name, open_chapter = chapter
    page = open_chapter(**PHONE)
    for figure, expected in slider_figures(page, name):
        height = figure.bounding_box()["height"]
        longest = max(expected.states(), key=lambda state: len(expected.frame(state).sentence))
        for i, (slider, index) in enumerate(zip(expected.sliders, longest, strict=True)):
            figure.evaluate(MOVE, [slider, index])
            assert abs(figure.bounding_box()["height"] - height) < 1, (slider, i)


MOVE = """(figure, [name, index]) => {
  const inputs = [...figure.querySelectorAll("input")].filter(input => input.name === name);
  const input = inputs[index] ?? inputs[0];
  if (input.type === "radio") input.checked = true;
  else input.value = index;
  input.dispatchEvent(new Event("input", {bubbles: true}));
}"""


def test_a_page_that_was_saved_after_its_scripts_ran_still_moves(exported, tmp_path, open_page):
    spared = (HTMLExporter().mathjax_url, HTMLExporter().require_js_url)
    page = open_page((exported / f"{EXPORTED}.html").as_uri(), spared=spared)
    for figure, expected in slider_figures(page, EXPORTED):
        move_last(figure, expected)
    file = tmp_path / "saved.html"
    file.write_text(page.content(), encoding="utf-8")
    page = open_page(file.as_uri(), spared=spared)
    for figure, expected in slider_figures(page, EXPORTED):
        check(figure, expected, expected.starting_state())
        check(figure, expected, move_last(figure, expected))
        assert not figure.locator("img").first.is_visible()
    page = open_page(file.as_uri(), spared=spared, java_script_enabled=False)
    for figure, _ in slider_figures(page, EXPORTED):
        assert figure.locator("img").first.is_visible()


def draw_playing(ax, step):
    ax.set_title(f"step {step}")
    return f"It is step {step}."


@pytest.fixture
def playing(tmp_path, open_page):
    """Return open(**options), which opens a figure that plays from a file."""
    page = explore(draw_playing, step=[1, 2, 3], start={"step": 2}, play="step")
    file = tmp_path / "playing.html"
    body = page._repr_mimebundle_()["text/html"]
    file.write_text(f"<!doctype html><meta charset=utf-8>{body}", encoding="utf-8")
    return functools.partial(open_page, file.as_uri())


def test_play_goes_to_the_end_and_then_from_the_beginning(playing):
    page = playing()
    button, caption = page.locator(".attention-play"), page.locator("figcaption")
    expect(button).to_have_text("Play")
    button.click()
    expect(caption).to_have_text("It is step 3.")
    expect(button).to_have_text("Play")
    button.click()
    expect(button).to_have_text("Pause")
    expect(caption).to_have_text("It is step 1.")
    button.click()
    expect(button).to_have_text("Play")
    page.wait_for_timeout(1200)
    expect(caption).to_have_text("It is step 1.")
    button.click()
    expect(caption).to_have_text("It is step 2.")
    expect(caption).to_have_text("It is step 3.")
    expect(button).to_have_text("Play")


def test_who_wants_no_motion_gets_one_step_a_press(playing):
    page = playing(reduced_motion="reduce")
    button, caption = page.locator(".attention-play"), page.locator("figcaption")
    expect(button).to_have_text("Next")
    for step in (3, 1, 2):
        button.click()
        expect(caption).to_have_text(f"It is step {step}.")
    page.wait_for_timeout(1200)
    expect(caption).to_have_text("It is step 2.")


DOTS, SPEED = 12, 3


def draw_picked(ax, at, side, times):
    """Draw a bar that can be chosen by its place, dragged along, and two words to click."""
    ax.bar([at], [times], width=0.8)
    ax.set(xlim=(-0.5, DOTS - 0.5), ylim=(-2, SPEED + 1))
    for number in range(DOTS):
        pick_area(ax, (number - 0.5, 0), 1, SPEED, {"at": number}, drag=True)
    for number, word in enumerate(["left", "right"]):
        ax.text(5 * number, -1, word)
        pick_area(ax, (5 * number, -1.5), 4, 1.4, {"side": number, "at": [0, DOTS - 1][number]})
    return f"At {at}, {side}, {times} high."


@pytest.fixture
def picked(tmp_path, open_page):
    """Return open(**options), which opens a figure whose values can be chosen in the picture."""
    page = explore(
        draw_picked, at=[*range(DOTS)], side=["left", "right"], times=[1, SPEED], choices=["times"]
    )
    file = tmp_path / "picked.html"
    body = page._repr_mimebundle_()["text/html"]
    file.write_text(f"<!doctype html><meta charset=utf-8>{body}", encoding="utf-8")
    return functools.partial(open_page, file.as_uri())


def middle(part):
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_in_the_picture_chooses_for_several_controls(picked):
    page = picked()
    caption = page.locator("figcaption")
    page.mouse.click(*middle(page.locator("[data-pick~='side-1']")))
    expect(caption).to_have_text(f"At {DOTS - 1}, right, 1 high.")
    page.mouse.click(*middle(page.locator("[data-pick='at-4']")))
    expect(caption).to_have_text("At 4, right, 1 high.")


def test_what_is_dragged_over_is_chosen_and_only_while_the_pointer_is_down(picked):
    page = picked()
    caption = page.locator("figcaption")
    places = [middle(page.locator(f"[data-pick='at-{number}']")) for number in range(DOTS)]
    page.mouse.move(*places[2])
    page.mouse.move(*places[3])
    expect(caption).to_have_text("At 0, left, 1 high.")
    page.mouse.down()
    expect(caption).to_have_text("At 3, left, 1 high.")
    page.mouse.move(*places[7], steps=5)
    expect(caption).to_have_text("At 7, left, 1 high.")
    page.mouse.up()
    page.mouse.move(*places[9])
    expect(caption).to_have_text("At 7, left, 1 high.")


def test_a_finger_drags_too(picked):
    page = picked(**PHONE)
    devtools = page.context.new_cdp_session(page)
    places = [middle(page.locator(f"[data-pick='at-{number}']")) for number in range(DOTS)]
    for kind, place in [("touchStart", 3), ("touchMove", 5), ("touchMove", 8)]:
        points = [dict(zip("xy", places[place], strict=True))]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("figcaption")).to_have_text("At 8, left, 1 high.")


def test_buttons_whose_every_choice_is_in_the_picture_are_left_to_the_keyboard(picked):
    page = picked()
    side, times = (page.locator(f"fieldset:has([name={name}])") for name in ("side", "times"))
    expect(page.locator("[data-pick~='side-1']")).to_be_attached()
    assert side.bounding_box()["width"] <= 1
    assert times.bounding_box()["width"] > 100
    page.locator("[name=side]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("figcaption")).to_have_text("At 0, right, 1 high.")
    focused = "[...document.querySelector('[role=img]').shadowRoot.querySelectorAll('.focus')]"
    assert page.evaluate(f"{focused}.map((part) => part.dataset.pick)") == [f"side-1 at-{DOTS - 1}"]
    page.keyboard.press("Tab")
    assert page.evaluate(f"{focused}.length") == 0


KEEP = "() => window.kept = document.querySelector('[role=img]').shadowRoot.querySelector('svg')"
MOVING = """() => document.querySelector('[role=img]').shadowRoot.querySelector('svg')
  .getAnimations({subtree: true}).map(({effect}) => effect.target.nodeName)"""
SAME = "() => window.kept.isConnected"


def test_a_picture_built_alike_is_changed_in_place_and_glides_when_a_button_is_pressed(picked):
    page = picked()
    expect(page.locator("[data-pick='at-4']")).to_be_attached()
    page.evaluate(KEEP)
    page.mouse.click(*middle(page.locator("[data-pick='at-4']")))  # a slider: at once
    expect(page.locator("figcaption")).to_have_text("At 4, left, 1 high.")
    assert page.evaluate(MOVING) == []
    page.locator("label:has([name=times])").last.click()
    expect(page.locator("figcaption")).to_have_text(f"At 4, left, {SPEED} high.")
    assert page.evaluate(MOVING) == ["path"]  # the bar alone
    assert page.evaluate(SAME)


def test_nothing_glides_for_who_wants_no_motion(picked):
    page = picked(reduced_motion="reduce")
    page.locator("label:has([name=times])").last.click()
    expect(page.locator("figcaption")).to_have_text(f"At 0, left, {SPEED} high.")
    assert page.evaluate(MOVING) == []


NAMED = [  # what a Try names, the figure it stands by, and what that then shows
    ("01-core-concept", "−4", 2, {"added": "-4"}),
    ("08-position", "rotary", 0, {"positions": "rotary", "mask": "none"}),
    ("08-position", "causal", 0, {"positions": "none", "mask": "causal"}),
    ("10-training", "step 300", 0, {"step": "300", "adjective": "hungry"}),
    ("11-generating", "temperature 0", 0, {"word": "4", "temperature": "0", "text": "3"}),
    ("11-generating", "temperature 2", 3, {"temperature": "2", "keep": "top-p 0.9"}),
]


@pytest.mark.parametrize(("name", "said", "number", "values"), NAMED)
def test_what_a_try_names_is_set_by_a_press(address, open_page, name, said, number, values):
    page = open_page(f"{address}chapters/{name}.html", **PHONE)
    button = page.locator(".try").get_by_role("button", name=said, exact=True)
    figure, expected = slider_figures(page, name)[number]
    others = [it.evaluate(READ)["positions"] for it, _ in slider_figures(page, name)]
    button.click()
    state = tuple(figure.evaluate(READ)["positions"])
    texts = expected.texts(state)
    assert {name: texts[name] for name in values} == values
    check(figure, expected, state)
    expect(figure).to_be_in_viewport()
    now = [it.evaluate(READ)["positions"] for it, _ in slider_figures(page, name)]
    assert [number] == [i for i, was in enumerate(others) if was != now[i]]


# What a Try has in italics and no control of its figure is called.
WORDS = {"thing", "place", "the", "dog", "crossed", "number", "as fast"}


@pytest.mark.parametrize("name", WITH_SLIDERS)
def test_each_setting_that_a_try_names_is_there(address, open_page, name):
    page = open_page(f"{address}chapters/{name}.html", **DESKTOP)
    figures = [figure for figure, _ in slider_figures(page, name)]
    assert {*page.locator(".try em:not(:has(button))").all_inner_texts()} <= WORDS
    for button in page.locator(".try .sets").all():
        said = button.inner_text().replace("−", "-")
        before = sum((figure.evaluate(READ)["spoken"] for figure in figures), [])
        button.click()
        if said == "Play":
            expect(page.get_by_role("button", name="Pause")).to_have_count(1)
            page.get_by_role("button", name="Pause").click()
            continue
        after = sum((figure.evaluate(READ)["spoken"] for figure in figures), [])
        changed = [new for old, new in zip(before, after, strict=True) if old != new]
        assert len(changed) <= 1, said
        assert any(said.endswith(text) for text in changed or before), said
