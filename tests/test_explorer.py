"""Sliders: the order of states, every frame rebuilt from its description, errors, the live view."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from attention.figures import live
from attention.figures.controls import MAX_FRAMES, Grid, controls_for
from attention.figures.explorer import SCRIPT, Explorer, describe, explore
from attention.figures.picture import Canvas, Frame, figure_html
from attention.figures.plots import weight_bars

ROOT = Path(__file__).resolve().parents[1]


def draw(ax, d_k, scale="1"):
    weights = np.arange(d_k) / sum(range(d_k))
    weight_bars(ax, weights)
    ax.set_title(f"scale {scale} </script><!--<script>")
    return f"{d_k} keys & scale {scale}: the last weight is {weights[-1]:.2f}."


def small():
    return explore(draw, d_k=[2, 3, 5], scale=["a", "b"], start={"d_k": 3})


def page(explorer):
    return BeautifulSoup(explorer._repr_mimebundle_()["text/html"], "html.parser")


def grid(start=None, labels=None, choices=(), **sliders):
    return Grid(controls_for(sliders, start=start or {}, labels=labels or {}, choices=choices))


def data(explorer):
    """Read the counts, lines, frames and the longest sentence that a page hands to its script."""
    *_, before, call, _ = page(explorer).script.string.split("\n")
    assert before == "const figure = document.currentScript.previousElementSibling;"
    call = re.fullmatch(
        r"attentionExplorer\(figure, attentionFrames\(figure, (.*)\), (\".*\")\);", call
    )
    return json.loads(f"[{call[1]}, {call[2]}]".replace(r"<\!--", "<!--"))


def rebuilt(start, lines, frame):
    """Build a frame as its description says."""
    sentence, *edits = frame
    built = start.split("\n")
    for first, last, *added in reversed(edits):
        built[first:last] = [lines[number] for number in added]
    return "\n".join(built), sentence


def test_frames_are_in_the_order_of_arguments_the_last_slider_moving_fastest():
    explorer = small()
    sentences = [frame.sentence.partition(":")[0] for frame in explorer.frames]
    keys = [f"{d_k} keys & scale {scale}" for d_k in (2, 3, 5) for scale in "ab"]
    assert sentences == keys


def test_every_frame_is_what_draw_draws_on_a_canvas_of_its_own_start():
    explorer = small()
    canvas = Canvas(draw)
    start = canvas.frame(d_k=3, scale="a")
    assert explorer.frame == start
    states = [{"d_k": d_k, "scale": scale} for d_k in (2, 3, 5) for scale in "ab"]
    assert explorer.frames == [canvas.frame(**state) for state in states]


def test_a_page_holds_every_frame_exactly():
    explorer = small()
    counts, lines, frames, longest = data(explorer)
    assert counts == [3, 2]
    assert longest in {frame.sentence for frame in explorer.frames}
    assert all(len(frame.sentence) <= len(longest) for frame in explorer.frames)
    drawn = [(frame.svg, frame.sentence) for frame in explorer.frames]
    assert [rebuilt(explorer.frame.svg, lines, frame) for frame in frames] == drawn
    assert len(set(explorer.frames)) == 6


def test_a_page_stores_each_distinct_line_once_and_none_of_the_start():
    explorer = small()
    _, lines, frames, _ = data(explorer)
    assert len(lines) == len(set(lines))
    used = {number for _, *edits in frames for _, _, *added in edits for number in added}
    assert used == set(range(len(lines)))
    assert frames[2] == [explorer.frame.sentence]


@pytest.mark.parametrize(
    "svgs",
    [
        ["a", "b", "a\nb", ""],
        ["a\nb\nc", "c\nb\na", "a\nb\nc", "b"],
        ["a\na\na", "a\na", "a\na\na\na", "x\na\na\na\ny"],
        ["\n".join("abcdefgh"), "\n".join("axcdyzfgh"), "\n".join("bcdefghi"), "\n".join("hgfa")],
    ],
)
def test_frames_are_rebuilt_from_their_descriptions(svgs):
    frames = [Frame((svg,), f"Sentence {i}.") for i, svg in enumerate(svgs)]
    for start in frames:
        lines, described = describe(start, frames)
        built = [rebuilt(start.svg, lines, frame) for frame in described]
        assert built == [(frame.svg, frame.sentence) for frame in frames]


def test_a_page_shows_the_start_its_sliders_and_its_sentence():
    explorer = explore(
        draw, d_k=[2, 3, 5], scale=["a", "<b>"], start={"scale": "<b>"}, labels={"d_k": "keys & d"}
    )
    figure, script = page(explorer).find_all(recursive=False)
    assert (figure.name, script.name) == ("figure", "script")
    assert figure.img["alt"] == figure.figcaption.get_text() == explorer.frame.sentence
    assert explorer.frame.sentence.startswith("2 keys & scale <b>:")
    assert "display:none" in figure.form["style"]
    assert figure.find_all(recursive=False)[-1].name == "figcaption"


def test_a_scale_is_a_slider_with_its_name_its_value_and_what_its_stops_say():
    slider = page(explore(draw, d_k=[2, 3, 5], start={"d_k": 3})).find(class_="attention-slider")
    attributes = ("type", "min", "max", "value", "autocomplete", "name")
    assert [slider.input[name] for name in attributes] == ["range", "0", "2", "1", "off", "d_k"]
    assert json.loads(slider.input["data-values"]) == ["2", "3", "5"]
    assert slider.get_text().split("\n")[:2] == ["dk = 3", ""]
    assert str(slider.span) == "<span><i>d</i><sub>k</sub></span>"
    ticks = slider.find(class_="attention-ticks")
    assert [tick.get_text() for tick in ticks.find_all("span")] == ["2", "3", "5"]
    assert [tick.get_text() for tick in ticks.find_all(class_="attention-start")] == ["3"]


@pytest.mark.parametrize(
    ("values", "start", "shown"),
    [
        ([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], 64, "1 4 16 64 256 1024"),
        (range(20), 13, "0 2 4 6 8 10 13 16 19"),
        ([0.577, 1], 0.577, "0.577 1"),
        ([7], 7, "7"),
    ],
)
def test_as_many_ticks_as_fit_with_the_start_among_them(values, start, shown):
    one = explore(lambda ax, x: f"It is {x}.", x=values, start={"x": start})
    ticks = page(one).find(class_="attention-ticks").find_all("span")
    assert [tick.get_text() for tick in ticks] == shown.split()


def test_words_are_choices_among_buttons_of_which_the_first_state_s_is_checked():
    explorer = explore(draw, d_k=[2, 3], scale=["1", "1/√d_k"], start={"scale": "1/√d_k"})
    choice = page(explorer).find("fieldset", class_="attention-choice")
    assert choice.legend.get_text() == "scale"
    inputs = choice.find_all("input")
    assert {(i["type"], i["name"]) for i in inputs} == {("radio", "scale")}
    assert [(i["value"], "checked" in i.attrs) for i in inputs] == [("0", False), ("1", True)]
    assert [str(i.find_next("span")) for i in inputs] == [
        "<span>1</span>",
        "<span>1/√<i>d</i><sub>k</sub></span>",
    ]
    started = choice.find_all("label", class_="attention-start")
    assert [label.get_text(strip=True) for label in started] == ["1/√dk"]


def test_numbers_are_choices_where_they_are_named_so():
    figure = page(explore(draw, d_k=[2, 3], choices=["d_k"]))
    assert len(figure.find_all("input", type="radio")) == 2
    assert not figure.find_all("input", type="range")


def test_a_slider_plays_where_it_is_asked_to():
    figure = page(explore(draw, d_k=[2, 3], play="d_k"))
    button = figure.find("button", class_="attention-play")
    assert button["type"] == "button"
    assert button.find_previous_sibling().input["name"] == "d_k"
    assert not page(explore(draw, d_k=[2, 3])).find("button")


def test_without_its_script_a_page_says_why_there_are_no_sliders():
    assert "script" in page(small()).find(class_="attention-still").get_text()


def test_on_demand_a_frame_is_drawn_when_it_is_asked_for():
    drawn = []

    def draw(ax, x):
        drawn.append(x)
        return f"It is {x}."

    explorer = Explorer(grid(x=[2, 3, 5], start={"x": 3}), Canvas(draw), on_demand=True)
    shown = page(explorer)
    assert drawn == [3]
    assert shown.figcaption.get_text() == "It is 3."
    assert not shown.find("script")
    assert explorer.draw((2,)).sentence == "It is 5."
    assert drawn == [3, 5]


def test_a_page_of_valid_html_has_one_control_in_each_label():
    for label in page(small()).find_all("label"):
        labelable = ["button", "input", "meter", "output", "progress", "select", "textarea"]
        assert [part.name for part in label.find_all(labelable)] == ["input"]


def test_a_script_ends_where_it_ends_whatever_the_frames_say():
    source = small()._repr_mimebundle_()["text/html"]
    assert source.count("</script") == 1
    assert source.endswith("\n}</script>")
    assert "<!--" not in source


def test_the_outputs_begin_with_the_figure_of_the_first_state():
    bundle = small()._repr_mimebundle_()
    assert bundle["text/html"].startswith(figure_html(small().frame).partition("<figcaption>")[0])
    assert bundle["text/plain"] == repr(small()) == small().frame.sentence
    assert list(bundle) == ["text/html", "text/plain"]


def test_widgets_show_only_where_they_are_left_out_of_files(monkeypatch):
    monkeypatch.setenv("ATTENTION_WIDGETS", "1")
    bundle = small()._repr_mimebundle_()
    assert {live.WIDGET_VIEW, "text/html"} <= set(bundle)
    html = {"data": {live.WIDGET_VIEW: {}, "text/html": "a", "text/plain": "b"}}
    widget = {"data": {live.WIDGET_VIEW: {}, "text/plain": "b"}}
    cells = [{"outputs": [html, widget, {"text": "c"}]}, {"source": "a"}]
    live.forget({"type": "notebook", "content": {"cells": cells}}, path="a.ipynb")
    assert html == {"data": {"text/html": "a", "text/plain": "b"}}
    assert widget == {"data": {live.WIDGET_VIEW: {}, "text/plain": "b"}}
    live.forget({"type": "file", "content": "text"}, path="a.txt")


def test_without_a_live_view_nothing_imports_ipywidgets():
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from attention.figures import explore\n"
        "bundle = explore(lambda ax, x: 'It.', x=[1, 2])._repr_mimebundle_()\n"
        "assert list(bundle) == ['text/html', 'text/plain']"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_two_runs_give_the_same_bytes():
    assert small()._repr_mimebundle_()["text/html"] == small()._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4, "4"),
        (100_000, "100000"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333"),
        (2.0, "2"),
        (np.float32(0.1), "0.1"),
        (np.int64(123456), "123456"),
        ("1/√d_k", "1/√d_k"),
        (True, "True"),
        (None, "None"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_values_read_as_one_would_write_them(value, text):
    assert grid(x=[value]).controls[0].texts == [text]


def test_draw_gets_the_very_values_of_the_sliders():
    seen = []
    values = [1, 1.5, "a", None, (1, 2)]
    explore(lambda ax, x: seen.append(x) or f"It is {x}.", x=values, start={"x": 1.0})
    assert seen == values
    assert [type(x) for x in seen] == [int, float, str, type(None), tuple]


def test_what_the_user_passes_is_not_changed():
    values, start, labels = np.array([2, 3]), {"d_k": 3}, {"d_k": "keys"}
    explorer = explore(draw, d_k=values, start=start, labels=labels)
    values[:] = 7
    assert (start, labels) == ({"d_k": 3}, {"d_k": "keys"})
    assert explorer.grid.controls[0].values == [2, 3]
    assert explorer.grid.start == (1,)


def test_a_generator_of_values_is_used_once():
    explorer = explore(lambda ax, x: f"It is {x}.", x=(n * n for n in range(3)))
    assert [frame.sentence for frame in explorer.frames] == ["It is 0.", "It is 1.", "It is 4."]


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ValueError, "explore needs at least one slider, such as d_k=[1, 2, 4]", {}),
        (ValueError, "slider d_k must have at least one value, got none", {"d_k": []}),
        (ValueError, "slider b must have at least one value, got none", {"a": [1], "b": ()}),
        (TypeError, "slider d_k must be a list of values, got 4", {"d_k": 4}),
        (TypeError, "slider d_k must be a list of values, got '124'", {"d_k": "124"}),
        (ValueError, "slider d_k must have distinct values, got 2 twice", {"d_k": [2, 1, 2]}),
        (
            ValueError,
            "slider x must have distinct values, got 0.3333 twice",
            {"x": [1 / 3, 0.33333]},
        ),
        (
            ValueError,
            "explore draws at most 256 frames, got 257 (257 d_k)",
            {"d_k": range(257)},
        ),
        (
            ValueError,
            "explore draws at most 256 frames, got 260 (20 d_k x 13 scale)",
            {"d_k": range(20), "scale": range(13)},
        ),
        (
            ValueError,
            "explore draws at most 256 frames, got 1000000 (1000000 d_k)",
            {"d_k": range(1_000_000)},
        ),
        (
            ValueError,
            "start names k, which is not a slider",
            {"d_k": [1], "start": {"k": 1}},
        ),
        (
            ValueError,
            "labels names k, which is not a slider",
            {"d_k": [1], "labels": {"k": "keys"}},
        ),
        (
            ValueError,
            "choices names k, which is not a slider",
            {"d_k": [1], "choices": ["k"]},
        ),
        (ValueError, "play names k, which is not a slider", {"d_k": [1], "play": "k"}),
        (ValueError, "play names a, which is not a slider", {"a": ["b", "c"], "play": "a"}),
        (
            ValueError,
            "start has d_k=3, which is not among its values",
            {"d_k": [1, 2], "start": {"d_k": 3}},
        ),
        (
            ValueError,
            "axes must be a number of axes or a grid (rows, columns), got 0",
            {"d_k": [1], "axes": 0},
        ),
        (
            ValueError,
            "height must be a positive number of inches, got 0",
            {"d_k": [1], "height": 0},
        ),
    ],
)
def test_bad_use_gets_one_clear_sentence(error, message, arguments):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        explore(lambda ax, **state: "Never drawn.", **arguments)


def test_as_many_frames_as_allowed_are_allowed():
    assert len(grid(x=range(MAX_FRAMES // 2), y=["a"]).states) == 128
    assert len(grid(x=range(MAX_FRAMES)).states) == MAX_FRAMES == 256


def test_a_draw_that_returns_no_sentence_names_the_state():
    message = (
        "draw must return a sentence that says what the picture shows, got None at d_k=4, scale='b'"
    )
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        explore(
            lambda ax, d_k, scale: None if (d_k, scale) == (4, "b") else "Fine.",
            d_k=[2, 4],
            scale=["a", "b"],
        )


def test_a_draw_that_raises_names_the_state_and_keeps_the_error():
    with pytest.raises(RuntimeError) as error:
        explore(lambda ax, d_k, scale: f"{1 / (d_k - 2)}", d_k=[1, 2], scale=[0.5])
    assert (
        str(error.value) == "draw failed at d_k=2, scale=0.5: ZeroDivisionError: division by zero"
    )
    assert isinstance(error.value.__cause__, ZeroDivisionError)


def test_a_draw_whose_own_type_error_speaks_of_draw_is_not_mistaken():
    def draw(ax, x):
        raise TypeError("draw must return to sender")

    with pytest.raises(RuntimeError, match="^draw failed at x=1: TypeError: draw must return to"):
        explore(draw, x=[1])


def test_a_slider_that_draw_does_not_take():
    with pytest.raises(RuntimeError, match=r"^draw failed at size=1: TypeError: .*'size'$"):
        explore(lambda ax, d_k: "Never.", size=[1])


def test_sliders_may_be_called_as_the_function_s_own_parameters():
    explorer = explore(lambda ax, **x: f"{x}", draw=[1], self=[2], state=[3])
    assert repr(explorer) == "{'draw': 1, 'self': 2, 'state': 3}"


def spoken(caption):
    """Return the caption without what names the sliders for screen readers."""
    return caption.value.partition("<img")[0]


class TestLive:
    """The view that a kernel shows, moved as the browser moves it."""

    def view(self, explorer):
        picture, *sliders, caption, note = explorer.widget().children
        assert "while its kernel runs" in note.value
        return picture, sliders, caption

    def test_shows_the_start_without_drawing_it_again(self):
        drawn = []
        explorer = explore(lambda ax, x: drawn.append(x) or f"It is {x}.", x=[1, 2, 3])
        assert drawn == [1, 2, 3]
        picture, sliders, caption = self.view(explorer)
        assert drawn == [1, 2, 3]
        assert explorer.frame.svg in picture.value
        assert spoken(caption) == "<p>It is 1.</p>"
        assert [slider.index for slider in sliders] == [0]

    def test_has_a_slider_for_each_argument_in_order(self):
        explorer = explore(
            draw, d_k=[2, 3, 5], scale=["a", "b"], start={"d_k": 3}, labels={"d_k": "keys"}
        )
        _, sliders, _ = self.view(explorer)
        assert [slider.description for slider in sliders] == ["keys", "scale"]
        assert [type(slider).__name__ for slider in sliders] == ["SelectionSlider", "RadioButtons"]
        assert [slider._options_labels for slider in sliders] == [("2", "3", "5"), ("a", "b")]
        assert [slider.index for slider in sliders] == [1, 0]

    def test_a_slider_that_plays_stands_beside_its_button(self):
        explorer = explore(lambda ax, x: f"It is {x}.", x=[1, 2, 3], play="x", start={"x": 2})
        _, (box,), caption = self.view(explorer)
        play, slider = box.children
        assert (play.min, play.value, play.max) == (0, 1, 2)
        slider.index = 2
        assert spoken(caption) == "<p>It is 3.</p>"

    def test_a_move_draws_the_state_anew(self):
        factor = 1
        explorer = explore(lambda ax, x, y: f"{x}, {y} & {factor * x * y}.", x=[2, 3], y=[5, 7])
        picture, sliders, caption = self.view(explorer)
        factor = 10
        sliders[1].index = 1
        assert spoken(caption) == "<p>2, 7 &amp; 140.</p>"
        sliders[0].index = 1
        assert spoken(caption) == "<p>3, 7 &amp; 210.</p>"
        assert 'aria-label="3, 7 &amp; 210."' in picture.value

    def test_each_state_looks_as_on_the_page(self):
        explorer = small()
        picture, (d_k, scale), caption = self.view(explorer)
        for number, frame in enumerate(explorer.frames):
            d_k.index, scale.index = divmod(number, 2)
            assert frame.svg in picture.value
            assert spoken(caption) == f"<p>{frame.sentence.replace('&', '&amp;')}</p>"

    def test_an_error_shows_and_the_next_good_state_recovers(self):
        bad = set()

        def draw(ax, x):
            if x in bad:
                ax.set_title("half drawn")
                raise ValueError("<x> is bad")
            return None if x == 3 and bad else f"It is {x}."

        explorer = explore(draw, x=[1, 2, 3])
        picture, (slider,), caption = self.view(explorer)
        bad.add(2)
        slider.index = 1
        message = "draw failed at x=2: ValueError: &lt;x&gt; is bad"
        assert caption.value == f'<p role="alert">{message}</p>'
        assert picture.value == ""
        slider.index = 2
        assert "got None at x=3" in caption.value
        slider.index = 0
        assert explorer.frame.svg in picture.value
        assert spoken(caption) == "<p>It is 1.</p>"

    def test_two_views_move_apart(self):
        explorer = explore(lambda ax, x: f"It is {x}.", x=[1, 2])
        _, (first,), one = self.view(explorer)
        _, _, other = self.view(explorer)
        first.index = 1
        assert (spoken(one), spoken(other)) == ("<p>It is 2.</p>", "<p>It is 1.</p>")


def test_the_script_declares_nothing_outside_its_braces():
    script = page(small()).script.string
    assert script.startswith("{\n")
    assert script.endswith("\n}")
    assert "const attentionExplorer" in SCRIPT
    assert not re.search(r"^(var|function) ", SCRIPT, re.MULTILINE)
