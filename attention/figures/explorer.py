"""Sliders that are alive everywhere: one drawing function, three homes.

explore(draw, d_k=[1, 2, 4], scale=[0.5, 1]) draws every state of the grid. A live kernel shows
ipywidgets sliders and draws anew at each move; a static page, an exported file or a notebook that
has no kernel shows native sliders that pick among the drawn frames; plain text shows the sentence.
"""

import difflib
import html
import itertools
import json
import math
from collections.abc import Iterable
from importlib import resources

import ipywidgets as widgets
import numpy as np

from attention.figures.picture import (
    Canvas,
    NoSentenceError,
    Picture,
    at,
    card_width,
    figure_html,
    panels_style,
)

MAX_FRAMES = 256
_SCRIPT = resources.files("attention.figures").joinpath("explorer.js").read_text(encoding="utf-8")


def explore(draw, /, *, axes=1, height=2.6, start=None, labels=None, **sliders):
    """Show what draw(ax, **state) draws, with a slider for each keyword: name=[values, ...].

    draw draws on one Axes, or on an array of them when axes is a number of axes side by side or a
    grid (rows, columns), and returns the sentence that is caption and alternative text. start
    names the first state, {"d_k": 4}; by default each slider starts at its first value. labels
    gives sliders readable names, {"d_k": "key dimension d_k"}. height is that of a row, in inches.

    Raises: ValueError for an empty grid, for more than 256 frames, for a start or label that fits
    no slider and for values that read the same; TypeError if draw returns no sentence; RuntimeError
    if draw raises.

    >>> explore(lambda ax, d_k: f"Scores vary by {d_k}.", d_k=[1, 4], start={"d_k": 4})
    Scores vary by 4.
    """
    return Explorer(Grid(sliders, start or {}, labels or {}), draw, axes=axes, height=height)


class Explorer(Picture):
    """The drawn frames of a grid, in the order of its states, and the views that show them."""

    def __init__(self, grid, draw, **canvas):
        self.grid = grid
        self._canvas = Canvas(draw, **canvas)
        super().__init__(
            self._draw(grid.start), self._canvas.columns
        )  # drawn first: it lays out the axes
        self.frames = [self.frame if s == grid.start else self._draw(s) for s in grid.states]

    def _draw(self, indices):
        state = self.grid.values(indices)
        try:
            return self._canvas.frame(**state)
        except NoSentenceError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise RuntimeError(f"draw failed{at(state)}: {reason}") from error

    def _repr_mimebundle_(self, include=None, exclude=None):
        page = figure_html(
            self.frame, self.columns, controls=self._controls(), script=self._script()
        )
        live = self.widget()._repr_mimebundle_() or {}
        return live | {"text/html": page, "text/plain": repr(self)}

    def widget(self):
        """Return the ipywidgets view, in which every move of a slider calls draw."""
        sliders = [
            widgets.SelectionSlider(
                options=[(text, i) for i, text in enumerate(texts)],
                index=index,
                description=self.grid.labels[name],
                style={"description_width": "initial"},
                layout={"width": "auto"},
            )
            for (name, texts), index in zip(self.grid.texts.items(), self.grid.start, strict=True)
        ]
        picture, caption = widgets.HTML(), widgets.HTML()

        def show(frame):
            sentence = html.escape(frame.sentence)
            picture.value = (
                f'<div role="img" aria-label="{sentence}" style="color:#222;background:#fff;'
                f'{panels_style(self.columns)}">{frame.svg}</div>'
            )
            caption.value = f"<p>{sentence}</p>"

        def move(change):
            try:
                show(self._draw(tuple(slider.index for slider in sliders)))
            except (NoSentenceError, RuntimeError) as error:
                picture.value, caption.value = "", f'<p role="alert">{html.escape(str(error))}</p>'

        show(self.frame)
        for slider in sliders:
            slider.observe(move, "index")
        return widgets.VBox(
            [picture, *sliders, caption], layout={"max_width": card_width(self.columns)}
        )

    def _controls(self):
        rows = []
        for (name, texts), index in zip(self.grid.texts.items(), self.grid.start, strict=True):
            rows.append(
                f'<label style="display:block">{html.escape(self.grid.labels[name])} = '
                f"<span>{html.escape(texts[index])}</span>\n"
                f'<input type="range" min="0" max="{len(texts) - 1}" value="{index}" '
                f'autocomplete="off" style="display:block;width:100%;height:1.5rem;margin:0">'
                f"</label>\n"
            )
        # Without the script the sliders would be dead, so only the script shows them.
        style = "display:none;border:0;margin:0;padding:0;min-width:0;accent-color:currentColor"
        return f'<fieldset style="{style}">\n{"".join(rows)}</fieldset>\n'

    def _script(self):
        lines, frames = describe(self.frame, self.frames)
        data = ", ".join(_json(part) for part in (list(self.grid.texts.values()), lines, frames))
        figure = "document.currentScript.previousElementSibling"
        return f"<script>{{\n{_SCRIPT}attentionExplorer({figure}, {data});\n}}</script>"


class Grid:
    """The states that sliders can reach: every combination, the last slider moving fastest.

    A state is a tuple that holds, for each slider, the index of its value.
    """

    def __init__(self, sliders, start, labels):
        if not sliders:
            raise ValueError("explore needs at least one slider, such as d_k=[1, 2, 4]")
        for name, values in sliders.items():
            if isinstance(values, str) or not isinstance(values, Iterable):
                raise TypeError(f"slider {name} must be a list of values, got {values!r}")
        self.sliders = {name: list(values) for name, values in sliders.items()}
        counts = {name: len(values) for name, values in self.sliders.items()}
        for name, count in counts.items():
            if not count:
                raise ValueError(f"slider {name} must have at least one value, got none")
        if (frames := math.prod(counts.values())) > MAX_FRAMES:
            sizes = " x ".join(f"{count} {name}" for name, count in counts.items())
            raise ValueError(f"explore draws at most {MAX_FRAMES} frames, got {frames} ({sizes})")
        self.texts = {name: [*map(_text, values)] for name, values in self.sliders.items()}
        for name, texts in self.texts.items():
            for text in texts:
                if texts.count(text) > 1:
                    raise ValueError(f"slider {name} must have distinct values, got {text} twice")
        for argument, given in {"start": start, "labels": labels}.items():
            for name in given:
                if name not in sliders:
                    raise ValueError(f"{argument} names {name}, which is not a slider")
        for name, value in start.items():
            if value not in self.sliders[name]:
                raise ValueError(f"start has {name}={value!r}, which is not among its values")
        self.labels = {name: labels.get(name, name) for name in sliders}
        self.start = tuple(
            values.index(start.get(name, values[0])) for name, values in self.sliders.items()
        )
        self.states = [*itertools.product(*map(range, counts.values()))]

    def values(self, state):
        """Return by name the values that the sliders have in a state."""
        pairs = zip(self.sliders.items(), state, strict=True)
        return {name: values[index] for (name, values), index in pairs}


def describe(start, frames):
    """Describe frames by the lines that differ from the start, each distinct line stored once.

    Returns the lines and, for each frame, [sentence, [first, last, *numbers of lines], ...]:
    these lines stand instead of those from first to last - 1.
    """
    old, numbers, described = start.svg.split("\n"), {}, []
    for frame in frames:
        new = frame.svg.split("\n")
        opcodes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        edits = [
            [first, last, *(numbers.setdefault(line, len(numbers)) for line in new[a:b])]
            for tag, first, last, a, b in opcodes
            if tag != "equal"
        ]
        described.append([frame.sentence, *edits])
    return list(numbers), described


def _text(value):
    # 0.30000000000000004 reads as 0.3, and the integer 100000 does not as 1e+05.
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def _json(data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # In a page a script ends at the first closing tag, whatever it stands in.
    return text.replace("</", r"<\/").replace("<!--", r"<\!--")
