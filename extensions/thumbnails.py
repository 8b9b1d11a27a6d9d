"""Draw a small picture of each chapter for the map of the start page, without a word in it.

Each is drawn by the book's own plots from what its chapter computes, on one ground and in the
colours of the roles. A chapter that has none here shows its number.
"""

import json
import re
from functools import cache

import matplotlib.style
import nbformat
import numpy as np
from matplotlib.figure import Figure

from attention import (
    attention_steps,
    attention_weights,
    causal_mask,
    sinusoidal_positional_encoding,
)
from attention.exercises import EXERCISES
from attention.figures import picture, plots
from attention.figures.marks import INK, TINT, colour, tile, tints
from attention.learning import reader
from extensions.chapters import ROOT

SIZE = 160, 104  # points
SENTENCE = "the dog crossed the road because it was hungry"
IT = SENTENCE.split().index("it")
QUERY = np.array([[2, 2, 0], [0, 2, 1], [1, 0, 2]])
KEY = np.array([[2, 2, 0], [2, 0, 2], [1, 1, 0], [0, 2, 0]])
VALUE = np.array([[1, 0], [0, 1], [0, 0], [1, 0]])


def thumbnail(docname):
    """Return the picture of a chapter as SVG, or None."""
    draw = DRAWN.get(docname.rpartition("/")[2])
    return draw and _drawn(draw)


@cache
def _drawn(draw):
    with matplotlib.style.context(["default", picture.STYLE]):
        figure = Figure([points / 72 for points in SIZE], dpi=72)
        ax = figure.add_axes((0.04, 0.05, 0.92, 0.9))
        draw(ax)
        ax.axis("off")
        # Words would be too small to read: bars as long as they are stand for them.
        for text in [text for text in ax.texts if not getattr(text, "arrow_patch", None)]:
            text.remove()
        return re.sub(r"\ndata-(part|pick)='[^']*'", "", picture.to_svg(figure))


def result(name):
    """Return what a benchmark has kept."""
    return json.loads((ROOT / f"chapters/results/{name}.json").read_text(encoding="utf-8"))


def sentence(ax, words, weights, query, line=47):
    """Draw the arcs of a sentence, with a bar for each of its words."""
    plots.arcs(ax, words, weights, query=query, line=line)
    for text in ax.texts[::2]:
        (x, y), length = text.get_position(), len(text.get_text())
        bar(ax, x - length / 2, y - 0.35, length, 0.7)
    low, high = ax.get_ylim()
    ax.set_ylim(low - 1.6, high)  # where the numbers were


def bar(ax, x, y, width, height, role=None, tint=0.35):
    tile(ax, x, y, role, tint, ec="none", width=width, height=height)


def block(ax, matrix, x=0, y=0, role=None, size=1):
    """Draw a matrix as tinted cells, its upper left corner at x, y."""
    for (i, j), tint in np.ndenumerate(tints(matrix, role)):
        # A little more of the colour than in a figure, whose cells hold numbers.
        tile(ax, x + size * j, y + size * i, role, 1.4 * tint, width=size, height=size)


def fit(ax, width, height, x=0, y=0):
    """Show a part of the plane, whole and undistorted."""
    margin = 0.03 * max(width, height)
    ax.set(xlim=(x - margin, x + width + margin), ylim=(y + height + margin, y - margin))
    ax.set_aspect("equal")


def introduction(ax):
    look = reader.look(reader.trained(), SENTENCE)
    sentence(ax, look.words, look.maps[-1, 0, IT], IT)


def core_concept(ax):
    query = QUERY[:1]
    block(ax, query, 0, 0, "query")
    block(ax, KEY, 0, 1.5, "key")
    for row, weight in enumerate(attention_weights(query, KEY)[0]):
        bar(ax, 3.5, 1.65 + row, 4.5 * round(float(weight), 2), 0.7, "weights", 0.7)
    fit(ax, 8, 5.5)


def formula(ax):
    block(ax, QUERY, 0, 3.4, "query")
    block(ax, KEY.T, 3.4, 0, "key")
    block(ax, attention_weights(QUERY, KEY).round(2), 3.4, 3.4, "weights")
    fit(ax, 7.4, 6.4)


def four_steps(ax):
    scores, _, weights, output = attention_steps(QUERY, KEY, VALUE)
    steps = (QUERY, "query"), (scores, None), (weights.round(2), "weights"), (output, "output")
    x = 0
    for matrix, role in steps:
        block(ax, matrix, x, 0, role)
        x += matrix.shape[1] + 0.7
    block(ax, KEY.T, 3.7, -3.7, "key")
    block(ax, VALUE, 13.1, -4.7, "value")
    fit(ax, x - 0.7, 7.7, y=-4.7)


def example(ax):
    weights = attention_weights([[3, 4]], [[1, 2], [2, 3]])[0]
    plots.weight_bars(ax, weights.round(4))
    plots.bar_marks(ax, [0.2, 0.8])  # what the guide assumed
    ax.set(xlim=(-0.01, 1.01), ylim=(1.7, -0.7))
    ax.axvline(0, color=INK, lw=0.8)


def square_root(ax):
    lengths = np.linspace(0, 6.5, 40)
    asks = lengths[:, None] * [0.6, 0.8]
    curve = attention_weights(asks, [[1, 2], [2, 3]])[:, 1].round(3)
    ax.fill_between(lengths, 0.5, curve, color=(colour("weights"), 0.2), lw=0)
    ax.plot(lengths, curve, color=colour("weights"), lw=2.5)
    for length in (np.sqrt(2), 5):
        ax.plot(length, np.interp(length, lengths, curve), "o", color=INK, ms=6)
    ax.plot([0, 0, 6.5], [1.02, 0.5, 0.5], color=INK, lw=0.8)
    ax.set(xlim=(-0.15, 6.6), ylim=(0.48, 1.03))


def masks(ax):
    positions = np.random.default_rng(8).normal(size=(6, 3))
    weights = attention_weights(positions, positions, is_causal=True).round(2)
    plots.shades(ax, weights, span=(0, 1), role="weights")
    ax.set_aspect("equal")


def heads(ax):
    role = np.array([[0, 0], [3, 0], [0, 0], [0, 0], [0, 3]])
    looks = attention_weights([[2, 0], [0, 2], [2, 2]], role).round(2)
    words = ["the", "dog", "crossed", "the", "road"]
    for number, weights in enumerate(looks):
        inner = ax.inset_axes((0, 0.68 - 0.34 * number, 1, 0.32))
        sentence(inner, words, weights, 2, line=26)
        inner.set_ylim(1.3, -6.4)
        for text in list(inner.texts):
            text.remove()


def position(ax):
    waves = sinusoidal_positional_encoding(25, 8, base=200)[:, ::2].round(2)  # the sines
    for number, wave in enumerate(waves.T):
        ax.axhline(-2.6 * number, color=INK, lw=0.4, alpha=0.5)
        ax.plot(wave - 2.6 * number, color=INK, lw=1.6)
        ax.plot(9, wave[9] - 2.6 * number, "o", color=colour("key"), ms=6)
    ax.axvline(9, color=colour("key"), lw=1.2)
    ax.margins(0.02, 0.06)


def transformer(ax):
    """Draw the encoder and the decoder of the paper: embedding, sublayers, what comes out."""
    roles = {"a": "key", "f": "output", "c": "query"}
    for left, boxes, repeated in [(0, " af ", (1, 2)), (1.6, " acf ", (1, 3))]:
        before = len(ax.patches)
        plots.tower(ax, [""] * len(boxes), left=left, repeated=repeated)
        for box, kind in zip(ax.patches[before:], boxes, strict=False):
            if kind != " ":
                box.set(fc=(colour(roles[kind]), TINT))
    ax.set(xlim=(-0.2, 2.8), ylim=(-0.3, 5))


def training(ax):
    for run in [run for run in result("scaling") if run["divisor"] == "√d_k"][:3]:
        ax.plot(np.round(run["losses"], 2), color=(colour("weights"), 0.6), lw=1.6)
    ax.margins(0.02, 0.06)
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    ax.plot([left, left, right], [high, low, low], color=INK, lw=1)


def generating(ax):
    words = SENTENCE.split()
    for row, count in enumerate(range(4, len(words) + 1)):
        x = 0
        for number, word in enumerate(words[:count]):
            new = number == count - 1
            bar(ax, x, row, len(word), 0.55, "output" if new else None, 0.9 if new else 0.25)
            x += len(word) + 1
    ax.set(xlim=(-0.5, len(SENTENCE) + 0.5), ylim=(row + 0.8, -0.3))


def long_sequences(ax):
    plots.tiles(ax, 20, 20, 5, 6)


def gallery(ax):
    scores = np.random.default_rng(13).normal(size=(4, 4))
    mask = causal_mask(4) & (np.arange(4) > 0)
    exercise = EXERCISES["masked_weights"]
    right = exercise.reference(scores, mask)
    with np.errstate(invalid="ignore"):  # some mistakes subtract one infinity from another
        wrongs = [np.asarray(mutant.function(scores, mask)) for mutant in exercise.mutants]
    hidden = [wrong for wrong in wrongs if wrong[~mask].sum() > 0.3]
    leaks = [wrong for wrong in hidden if np.allclose(wrong.sum(axis=1), 1)]
    for x, weights in ((0, right), (4.6, leaks[0])):
        block(ax, weights.round(2), x, 0, "weights")
        for i, j in np.argwhere(~mask & (weights > 0.01)):
            tile(ax, x + j, i, None, 0, fc="none", lw=2.5, zorder=3)
    fit(ax, 8.6, 4)


def notation(ax):
    block(ax, KEY, 0, 0, "key")
    tile(ax, 0, 1, None, 0, fc="none", lw=2.5, width=3)
    block(ax, KEY.T, 4.5, 0.5, "key")
    tile(ax, 5.5, 0.5, None, 0, fc="none", lw=2.5, height=3)
    fit(ax, 8.5, 4)


def sixty_lines(ax):
    cells = nbformat.read(ROOT / "chapters/15-sixty-lines.ipynb", as_version=4).cells
    program = [x.source for x in cells if "sixty-lines" in x.metadata.get("tags", [])]
    lines = "\n\n".join(program).split("\n")
    half = -(-len(lines) // 2)
    for number, line in enumerate(lines):
        column, row = divmod(number, half)
        indent = len(line) - len(line.lstrip())
        role = "weights" if "def " in line else None
        bar(ax, 100 * column + indent, row, len(line.strip()), 0.6, role, 0.8 if role else 0.3)
    ax.set(xlim=(0, 190), ylim=(half, -0.4))


def real_model(ax):
    kept = result("real-model")
    words = ["[CLS]", *kept["sentences"][0]["text"].split(), "[SEP]"]
    maps = np.array(kept["sentences"][0]["maps"]) * kept["unit"]
    to_dog = maps[:, :, words.index("it"), words.index("dog")].round(2)  # a row a layer
    plots.shades(ax, to_dog, span=(0, to_dog.max()), role="weights")
    ax.set_aspect("equal")


def summary(ax):
    for upper, end in ((True, "hungry"), (False, "wide")):
        look = reader.look(reader.trained(), SENTENCE.replace("hungry", end))
        inner = ax.inset_axes((0, 0, 1, 1))
        sentence(inner, [*look.words[:-1], "hungry"], look.maps[-1, 0, IT], IT)
        inner.set_ylim(*((6.5, -7) if upper else (-7, 6.5)))
        for text in list(inner.texts):
            text.remove()


DRAWN = {
    "00-introduction": introduction,
    "01-core-concept": core_concept,
    "02-formula": formula,
    "03-breakdown": four_steps,
    "04-numeric-example": example,
    "05-why-sqrt-d": square_root,
    "06-masks": masks,
    "07-multi-head": heads,
    "08-position": position,
    "09-transformer": transformer,
    "10-training": training,
    "11-generating": generating,
    "12-long-sequences": long_sequences,
    "13-gallery-of-errors": gallery,
    "14-notation": notation,
    "15-sixty-lines": sixty_lines,
    "16-real-model": real_model,
    "99-summary": summary,
}
