"""No text of a figure lies over another, at any stop of any slider, and no colour is a default."""

import re
from pathlib import Path

import matplotlib
import nbformat
import pytest
from matplotlib.colors import to_hex

from attention.figures import explore, figure

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
# What matplotlib draws in when nobody chooses.
DEFAULTS = [to_hex(colour).lstrip("#") for colour in matplotlib.color_sequences["tab10"]]
OVERLAPS = r"""(markup) => {
  const host = document.createElement("div");
  document.body.replaceChildren(host);
  // The corners of a text as it stands, turned or not, without the room above and below letters.
  const corners = (text) => {
    const { x, y, width, height } = text.getBBox(), m = text.getScreenCTM();
    const [top, bottom] = [y + 0.22 * height, y + 0.78 * height];
    const box = [[x, top], [x + width, top], [x + width, bottom], [x, bottom]];
    return box.map(([a, b]) => [m.a * a + m.c * b + m.e, m.b * a + m.d * b + m.f]);
  };
  // Two convex shapes lie apart if they do along one of their sides.
  const apart = (one, other) => [one, other].some((shape) => shape.some(([x, y], i) => {
    const [a, b] = shape[(i + 1) % 4], normal = [y - b, a - x];
    const along = (points) => points.map(([p, q]) => p * normal[0] + q * normal[1]);
    const [p, q] = [along(one), along(other)], room = 0.5 * Math.hypot(...normal);
    return Math.max(...p) - room < Math.min(...q) || Math.max(...q) - room < Math.min(...p);
  }));
  const found = new Set();
  const look = (svg, where) => {
    host.innerHTML = svg;
    for (const drawing of host.querySelectorAll("svg")) {
      drawing.style.width = `${drawing.viewBox.baseVal.width}px`;
      const texts = [...drawing.querySelectorAll("text")].filter((text) => text.textContent.trim());
      const shapes = texts.map(corners);
      texts.forEach((text, i) => texts.slice(0, i).forEach((other, j) => {
        if (!apart(shapes[i], shapes[j]))
          found.add(`${where}: “${other.textContent.trim()}” and “${text.textContent.trim()}”`);
      }));
    }
  };
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  for (const figure of parsed.querySelectorAll(".attention-figure")) {
    const script = figure.nextElementSibling;
    if (script?.localName === "script") {
      const call = /attentionExplorer\(figure, (?=attentionFrames)/;
      const source = script.textContent.replace(call, "keep(");
      const data = {};
      const asked = { currentScript: { previousElementSibling: figure } };
      const keep = (frame) => (data.frame = frame);
      new Function("document", "keep", source)(asked, keep);
      const controls = [...figure.querySelectorAll("input[type=range], fieldset")];
      const counts = controls.map((control) => control.elements?.length ?? Number(control.max) + 1);
      const total = counts.reduce((a, b) => a * b, 1);
      for (let k = 0; k < total; k += 1) {
        let rest = k;
        const state = counts.map((count) => {
          const at = rest % count;
          rest = (rest - at) / count;
          return at;
        });
        const [sentence, svg] = data.frame(state);
        look(svg, sentence.slice(0, 60));
      }
    } else {
      const sources = [...figure.querySelectorAll("img")].map((image) =>
        decodeURIComponent(image.getAttribute("src").replace("data:image/svg+xml,", "")));
      look(sources.join("\n"), figure.querySelector("figcaption").textContent.slice(0, 60));
    }
  }
  return [...found];
}"""


def figures(chapter):
    """Yield (number of the cell, markup) of each figure that a chapter stores."""
    cells = nbformat.read(chapter, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        for output in cell.outputs:
            markup = output.get("data", {}).get("text/html", "")
            if 'class="attention-figure"' in markup:
                yield number, markup


def overlaps(browser, found):
    """Yield each pair of texts that lie over one another."""
    page = browser.new_page()
    for number, markup in found:
        for pair in page.evaluate(OVERLAPS, markup):
            yield f"cell [{number}] draws one text over another. {pair}"
    page.close()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_text_lies_over_another(browser, chapter):
    found = list(overlaps(browser, figures(chapter)))
    assert not found, "\n".join(f"chapters/{chapter.name}, {pair}" for pair in found[:20])


def draw_ticks(ax, far):
    ax.plot([0, 1])
    ax.set_xticks([0, far], ["early", "late"])
    return f"Ticks lie {far} apart."


def draw_turned(ax):
    ax.text(0.3, 0.3, "a turned text", rotation=45)
    ax.text(0.45, 0.3, "another one", rotation=45)
    return "Two texts side by side, their boxes crossed."


def markup_of(picture):
    return picture._repr_mimebundle_()["text/html"]


def test_ticks_that_lie_over_one_another_are_found(browser):
    near = explore(draw_ticks, far=[1, 0.05])
    assert list(overlaps(browser, [(3, markup_of(near))])) == [
        "cell [3] draws one text over another. Ticks lie 0.05 apart.: “early” and “late”"
    ]
    still = figure(lambda ax: draw_ticks(ax, 0.05))
    assert len(list(overlaps(browser, [(1, markup_of(still))]))) == 1
    far = figure(lambda ax: draw_ticks(ax, 1))
    assert list(overlaps(browser, [(1, markup_of(far)), (2, markup_of(figure(draw_turned)))])) == []


def defaults(markup):
    """Return the colours of a figure that nobody chose."""
    return sorted(set(re.findall(rf"(?:#|%23)({'|'.join(DEFAULTS)})\b", markup)))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_figure_has_a_colour_that_nobody_chose(chapter):
    for number, markup in figures(chapter):
        assert not defaults(markup), (
            f"chapters/{chapter.name}, cell [{number}] draws in matplotlib's own colours, "
            f"#{', #'.join(defaults(markup))}: give each line a role's colour or plots.INK"
        )


def test_a_colour_that_nobody_chose_is_found():
    assert defaults(markup_of(figure(lambda ax: draw_ticks(ax, 1)))) == ["1f77b4"]
    assert defaults(markup_of(figure(draw_turned))) == []
