"""What the sliders of the chapters must show, drawn by the tests themselves.

A chapter's code runs here with `explore` replaced by a recorder, and each state is drawn by the
chapter's own function: neither the page's data nor the code that made it has a part in it.
"""

import contextlib
import functools
import itertools
import linecache
import re
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import nbformat

import attention.figures
from attention.figures.picture import Canvas

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"


class Sliders:
    """The sliders that one call of explore asks for."""

    def __init__(
        self, draw, *, axes=1, height=2.6, start=None, labels=None, choices=(), play=None, **sliders
    ):
        self.sliders = {name: list(values) for name, values in sliders.items()}
        self.labels = {name: (labels or {}).get(name, name) for name in sliders}
        self.choices = [
            name
            for name, values in self.sliders.items()
            if name in choices or any(isinstance(value, str) for value in values)
        ]
        self.play = play
        self.start = {name: values[0] for name, values in self.sliders.items()} | (start or {})
        self._canvas = Canvas(draw, axes=axes, height=height)
        self._canvas.frame(**self.start)  # which lays out the axes
        self._frames = {}

    def states(self):
        """Return all states, as a tuple of positions from 0, the last slider moving fastest."""
        return list(itertools.product(*(range(len(values)) for values in self.sliders.values())))

    def starting_state(self):
        """Return the positions at which the sliders stand when a page is opened."""
        return tuple(values.index(self.start[name]) for name, values in self.sliders.items())

    def texts(self, state):
        """Return by name how the values of a state read."""
        values = {name: v[i] for (name, v), i in zip(self.sliders.items(), state, strict=True)}
        return {n: f"{v:.4g}" if isinstance(v, float) else str(v) for n, v in values.items()}

    def frame(self, state):
        """Return the picture and the sentence of a state."""
        if state not in self._frames:
            values = zip(self.sliders.items(), state, strict=True)
            self._frames[state] = self._canvas.frame(**{name: v[i] for (name, v), i in values})
        return self._frames[state]


def code(chapter):
    """Return the sources of a chapter's code cells."""
    cells = nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


@functools.cache
def sliders(chapter):
    """Run a chapter up to its last sliders and return them all, in the order of the page."""
    found, names = [], {"__name__": "__main__"}
    sources = code(chapter)
    last = max(i for i, source in enumerate(sources) if "explore(" in source)
    recorder = mock.patch.object(
        attention.figures,
        "explore",
        lambda *args, **kwargs: found.append(Sliders(*args, **kwargs)),
    )
    with recorder, contextlib.chdir(CHAPTERS):
        for number, source in enumerate(sources[: last + 1]):
            file = f"<{chapter}, cell {number}>"  # from which inspect reads, as in a kernel
            linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
            exec(compile(source, file, "exec"), names)
    return found


def canonical(panels):
    """Return pictures in the one form that all spellings of them share."""
    return [ElementTree.canonicalize(svg, strip_text=True) for svg in panels]


def plain(text):
    """Return what remains of a text when the index of d_k is set lower."""
    return re.sub(r"\b([A-Za-z])_(?=[A-Za-z0-9])", r"\1", text)


WITH_SLIDERS = [
    path.stem
    for path in sorted(CHAPTERS.glob("*.ipynb"))
    if any("explore(" in source for source in code(path.stem))
]
