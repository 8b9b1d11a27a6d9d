"""Pictures: what stays of matplotlib's SVG, the same bytes each time, and what surrounds them."""

import math
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.patches import Circle

from attention.figures.picture import WIDTH, Canvas, NoSentenceError, at, figure, figure_html
from attention.figures.plots import COLOURS, mask_grid, weight_bars

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"


def draw_much(axes, shift=0.0):
    """Draw what matplotlib writes in different ways: paths, marks, hatches, clips, rotations."""
    weight_bars(axes[0], [0.2 + shift, 0.8 - shift], labels=["dog", "road"])
    axes[0].plot([0, 1], [0, 1], "o-", color=COLOURS["query"].light)
    axes[0].set_title("0.12345 : <a> & #222222 \"b\" 'c'")
    mask_grid(axes[1], [[True, False], [True, True]])
    axes[1].add_patch(Circle((1, 1), 0.5 + shift, color="k", fill=False))
    return f"Shifted by {shift}."


def texts(svg):
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def drawn(draw, **options):
    """Return a picture's panels as one SVG."""
    return f"<svg>{figure(draw, **options).frame.svg}</svg>"


def test_a_figure_shows_the_picture_and_says_the_sentence():
    picture = figure(lambda ax: str(weight_bars(ax, [0.25, 0.75]) and "0.25 < 0.75 & so “on”."))
    assert repr(picture) == picture.frame.sentence == "0.25 < 0.75 & so “on”."
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == picture.frame.sentence
    assert bundle["text/html"] == figure_html(picture.frame)
    assert list(bundle) == ["text/html", "text/plain"]


def test_the_picture_on_a_page_is_an_image_described_by_the_sentence():
    frame = figure(lambda ax: "50% > 0 & “a” \"b\" 'c' #1\nd").frame
    page = BeautifulSoup(figure_html(frame), "html.parser").figure
    assert page.img["alt"] == page.figcaption.get_text() == frame.sentence
    assert [part.name for part in page.find_all(recursive=False)] == ["div", "figcaption"]


def test_of_several_panels_the_first_is_described_by_the_sentence():
    picture = figure(lambda axes: "All three.", axes=3)
    page = BeautifulSoup(picture._repr_mimebundle_()["text/html"], "html.parser").figure
    assert [image["alt"] for image in page.div.find_all("img")] == ["All three.", "", ""]


@pytest.mark.parametrize(
    ("axes", "width"), [(1, 296), (2, 296), ((2, 1), 296), ((2, 2), 296), (3, 144), ((2, 4), 144)]
)
def test_each_axes_is_a_panel_as_wide_as_a_phone_or_half_of_it(axes, width):
    panels = figure(lambda axes: "Panels.", axes=axes).frame.panels
    assert len(panels) == math.prod(np.atleast_1d(axes))
    for panel in panels:
        assert f"viewBox='0 0 {width} 187'" in panel


def test_no_text_is_smaller_than_11_of_a_panel_s_units():
    sizes = re.findall(r"font:?[^;']*?([\d.]+)px", drawn(draw_much, axes=2))
    assert len(sizes) > 15
    assert {float(size) for size in sizes} == {11}


def test_axes_beside_each_other_have_one_height_and_those_below_each_other_one_width():
    def draw(axes):
        axes[0, 0].set(title="high", ylabel="a label")
        axes[1, 1].set(xlabel="low\nlower")
        return "Aligned."

    panels = figure(draw, axes=(2, 2)).frame.panels
    corners = [re.findall(r"[-\d.]+", frames_of_axes(panel)[0])[:4] for panel in panels]
    (a, b), (c, d) = np.array(corners, dtype=float).reshape(2, 2, 4)
    left, right = [0, 2], [1, 3]
    assert (a[right] == b[right]).all()
    assert (c[right] == d[right]).all()
    assert (a[left] == c[left]).all()
    assert (b[left] == d[left]).all()
    assert (a[left] != b[left]).any()


def test_what_has_a_role_bears_its_name():
    svg = drawn(lambda ax: str(weight_bars(ax, [0.2, 0.8]) and "Weights."))
    marked = [e for e in ElementTree.fromstring(svg).iter() if e.get("data-part") == "weights"]
    assert [e.find(f".//{SVG}text") is None for e in marked] == [True, True, False, False]


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        ("d_k = 3", "d<tspan dy='.2em'>k</tspan><tspan dy='-.2em'> = 3</tspan>"),
        ("√d_k", "√d<tspan dy='.2em'>k</tspan>"),
        (
            "W_q, W_k",
            "W<tspan dy='.2em'>q</tspan><tspan dy='-.2em'>, </tspan>W<tspan dy='.2em'>k</tspan>",
        ),
        ("attention_steps", "attention_steps"),
    ],
)
def test_an_index_is_lowered(written, inside):
    svg = drawn(lambda ax: str(ax.set_title(written) and "Titled."))
    assert f">{inside}</text>" in svg


@pytest.mark.parametrize("sentence", ["a < b & c", "100% \"x\" 'y' #z", "“é” √2 ≥ 1 \\ ^ ` {} |"])
def test_the_image_holds_the_very_picture(sentence):
    frame = figure(lambda ax: str(ax.set_title(sentence) and sentence)).frame
    source = re.search(r'src="data:image/svg\+xml,([^"]*)">', figure_html(frame))[1]
    assert urllib.parse.unquote(source) == frame.svg
    assert not re.search(r"[\n\r\t#]|&|[^ -~]", source)


def test_the_page_knows_the_size_of_the_picture_before_it_is_drawn():
    page = figure_html(figure(lambda ax: "Nothing.", axes=(2, 1), height=1.7).frame)
    assert page.count(f'width="{WIDTH}" height="122"') == 2
    assert urllib.parse.unquote(page).count(f"viewBox='0 0 {WIDTH} 122'") == 2


def test_what_is_written_in_a_picture_stays_as_it_was_written():
    svg = drawn(draw_much, axes=2)
    assert "0.12345 : <a> & #222222 \"b\" 'c'" in texts(svg)
    for label in ["dog", "road", "0.20", "0.80", "weight", "keys", "queries", "✓"]:
        assert label in texts(svg)


def test_ink_paper_and_roles_are_the_page_s_to_choose():
    svg = drawn(draw_much, axes=2)
    assert not re.search(r"#222222|#000000|#ffffff", re.sub(r">[^<]*<", "><", svg))
    assert "fill:var(--paper,#fff)" in svg
    assert "fill:var(--weights,#007a5a)" in svg
    assert "stroke:var(--query,#0072b2)" in svg
    assert "stroke:currentColor" in svg
    ElementTree.fromstring(svg)
    assert re.match(r"<svg><svg [^>]*fill='currentColor'", svg)  # what matplotlib draws in black


def test_nothing_of_matplotlib_s_own_remains():
    svg = drawn(draw_much, axes=2)
    for remnant in ["DejaVu", "xlink", "metadata", "figure_1", "<!--", "rotate(-0", "\n\n"]:
        assert remnant not in svg
    assert not re.search(r"\d\.\d{3}", re.sub(r">[^<]*<", "><", svg))
    assert not re.search(r"<g\s*>", svg)


def test_turned_text_stays_turned():
    svg = drawn(lambda ax: str(ax.set_ylabel("up") and "A label."))
    (label,) = (e for e in ElementTree.fromstring(svg).iter(f"{SVG}text") if e.text == "up")
    assert label.get("transform").startswith("rotate(-90 ")


def definitions(svg):
    """Return what the names in a picture stand for."""
    elements = ElementTree.fromstring(svg).iter()
    return {e.get("id"): ElementTree.tostring(e) for e in elements if e.get("id")}


def test_every_name_that_is_used_is_defined_once():
    svg = drawn(draw_much, axes=2)
    names = re.findall(r"\bid='(\w+)'", svg)
    assert len(names) == len(set(names)) > 3
    assert set(re.findall(r"(?:url\(|href=')#(\w+)", svg)) == set(names)


def test_on_one_page_a_name_has_one_meaning():
    def hatches(ax, density, radius):
        ax.add_patch(Circle((0.5, 0.5), 0.3, fill=False, hatch="/" * density))
        line = ax.plot([0, 1], marker="o", ms=10 * radius, clip_on=True)[0]
        line.set_clip_path(Circle((0.5, 0.5), radius, transform=ax.transAxes))
        return "Hatched."

    canvas = Canvas(hatches)
    meanings = {}
    for density in (1, 4):
        for radius in (0.2, 0.4):
            for name, meaning in definitions(
                canvas.frame(density=density, radius=radius).svg
            ).items():
                assert meanings.setdefault(name, meaning) == meaning
    assert len(meanings) >= 6


def test_the_same_picture_has_the_same_bytes_in_another_process():
    code = (
        "import test_figures as t; from attention.figures.picture import Canvas;"
        "print(repr(Canvas(t.draw_much, axes=2).frame(shift=0.1)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT / "tests",
            env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        for seed in "12"
    ]
    here = repr(Canvas(draw_much, axes=2).frame(shift=0.1))
    assert [run.stdout.rstrip("\n") for run in runs] == [here, here]


def test_a_reader_s_own_settings_change_no_byte():
    plain = drawn(draw_much, axes=2)
    settings = {"font.size": 20, "figure.dpi": 50, "axes.grid": True, "figure.facecolor": "red"}
    with mpl.rc_context(settings | {"lines.linewidth": 9, "text.color": "blue"}):
        assert drawn(draw_much, axes=2) == plain
        assert mpl.rcParams["font.size"] == 20


def test_a_state_looks_the_same_whatever_was_drawn_before():
    canvas = Canvas(draw_much, axes=2)
    first = canvas.frame(shift=0.1)
    assert canvas.frame(shift=0.2) != first
    assert canvas.frame(shift=0.1) == first == Canvas(draw_much, axes=2).frame(shift=0.1)


def draw_added_axes(ax, top):
    """Draw with axes of its own: a scale of colours and a second vertical axis."""
    image = ax.imshow([[0, top]])
    ax.figure.colorbar(image, ax=ax)
    ax.twinx().set_ylabel("right")
    ax.figure.text(0.1, 0.1, f"note {top}")
    ax.inset_axes([0.5, 0.5, 0.2, 0.2]).plot([0, top])
    return f"Up to {top}."


def test_axes_that_a_drawing_adds_neither_pile_up_nor_move():
    canvas = Canvas(draw_added_axes)
    first = canvas.frame(top=1)
    for top in (2, 3):
        canvas.frame(top=top)
    assert canvas.frame(top=1) == first
    assert texts(first.svg).count("right") == texts(first.svg).count("note 1") == 1


def frames_of_axes(svg):
    """Return the corners of the axes' backgrounds, which nothing else leaves unfilled."""
    return re.findall(r"d='([^']*)'\nstyle='fill:none'", svg)


def test_the_first_state_drawn_lays_out_all():
    def draw(ax, label):
        ax.set(ylabel=label, ylim=(0, 1))
        return f"Labelled {label}."

    small, tall = Canvas(draw), Canvas(draw)
    places = [frames_of_axes(small.frame(label=label).svg) for label in ("a", "a\nb\nc")]
    assert places[0] == places[1] != frames_of_axes(tall.frame(label="a\nb\nc").svg)


@pytest.mark.parametrize(
    ("axes", "shape"), [(1, ()), (3, (3,)), ((2, 1), (2,)), ((2, 3), (2, 3)), ((1, 1), ())]
)
def test_draw_gets_one_axes_or_an_array_of_them(axes, shape):
    shapes = []
    figure(lambda given: shapes.append(getattr(given, "shape", ())) or "Seen.", axes=axes)
    assert shapes == [shape]


def test_height_is_that_of_a_row():
    for axes, panels in [(1, 1), (2, 2), ((2, 1), 2)]:
        svg = drawn(lambda ax: "Empty.", axes=axes, height=2)
        assert svg.count(f"viewBox='0 0 {WIDTH} 144'") == panels


@pytest.mark.parametrize("axes", [0, -1, (0, 2), (1, 2, 3), "2", 1.5, (1.0, 2), None, [[1, 2]]])
def test_impossible_axes(axes):
    message = f"axes must be a number of axes or a grid (rows, columns), got {axes!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        figure(lambda ax: "Never.", axes=axes)


@pytest.mark.parametrize("height", [0, -2.5, float("nan")])
def test_impossible_height(height):
    message = f"height must be a positive number of inches, got {height!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        figure(lambda ax: "Never.", height=height)


@pytest.mark.parametrize("nothing", [None, "", "  \n", 3, b"bytes"])
def test_a_drawing_without_a_sentence(nothing):
    message = f"draw must return a sentence that says what the picture shows, got {nothing!r}"
    with pytest.raises(NoSentenceError, match=f"^{re.escape(message)}$") as error:
        figure(lambda ax: nothing)
    assert isinstance(error.value, TypeError)


def test_a_drawing_that_raises_raises_its_own_error():
    def draw(ax):
        raise ZeroDivisionError("no weights")

    with pytest.raises(ZeroDivisionError, match="^no weights$"):
        figure(draw)


def test_at_names_the_state():
    assert at({}) == ""
    assert at({"d_k": 4, "scale": "1/√d_k"}) == " at d_k=4, scale='1/√d_k'"
