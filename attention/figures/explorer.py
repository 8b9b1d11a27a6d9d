"""Figures that move: one drawing function, shown with a kernel, without one, and as text.

explore(draw, d_k=[1, 2, 4], scale=[0.5, 1]) draws every state of the grid. Pages, exported files
and notebooks show native sliders that pick among the drawn frames; where a live kernel may show
widgets, ipywidgets sliders draw anew at each move; plain text shows the sentence.
"""

import difflib
import json
from importlib import resources

from attention.figures import live
from attention.figures.controls import Grid, controls_for, form_html
from attention.figures.picture import Canvas, NoSentenceError, Picture, at, figure_html

SCRIPT = resources.files("attention.figures").joinpath("explorer.js").read_text(encoding="utf-8")
# In the page's Python drawing takes so long that frames are drawn when they are asked for.
ON_DEMAND = False


def explore(
    draw, /, *, axes=1, height=2.6, start=None, labels=None, choices=(), play=None, **sliders
):
    """Show what draw(ax, **state) draws, with a slider for each keyword: name=[values, ...].

    draw draws on one Axes, or on an array of them when axes is a number of axes side by side or a
    grid (rows, columns), and returns the sentence that is caption and alternative text. start
    names the first state, {"d_k": 4}; by default each slider starts at its first value. labels
    gives sliders readable names, {"d_k": "key dimension d_k"}. Sliders named in choices, and those
    with words among their values, become buttons of which one is chosen. play names a slider that a
    button moves from step to step. height is that of a row, in inches.

    Raises: ValueError for an empty grid, for more than 256 frames, for a start, label, choice or
    play that fits no slider and for values that read the same; TypeError if draw returns no
    sentence; RuntimeError if draw raises.

    >>> explore(lambda ax, d_k: f"Scores vary by {d_k}.", d_k=[1, 4], start={"d_k": 4})
    Scores vary by 4.
    """
    controls = controls_for(sliders, start=start or {}, labels=labels or {}, choices=choices)
    canvas = Canvas(draw, axes=axes, height=height)
    return Explorer(Grid(controls), canvas, play=play, on_demand=ON_DEMAND)


class Explorer(Picture):
    """A figure with its controls: the frames of a grid in the order of its states, or on demand."""

    def __init__(self, grid, canvas, *, play=None, on_demand=False):
        sliders = [control.name for control in grid.controls if not control.is_choice]
        if play is not None and play not in sliders:
            raise ValueError(f"play names {play}, which is not a slider")
        self.grid, self.play, self._canvas = grid, play, canvas
        super().__init__(self.draw(grid.start), canvas.columns)  # drawn first: it lays out the axes
        self.frames = None if on_demand else [*map(self._known, grid.states)]

    def draw(self, state):
        """Return the frame of a state, which holds the index of each control's value."""
        values = self.grid.values(state)
        try:
            return self._canvas.frame(**values)
        except NoSentenceError:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise RuntimeError(f"draw failed{at(values)}: {reason}") from error

    def _known(self, state):
        return self.frame if state == self.grid.start else self.draw(state)

    def _repr_mimebundle_(self, include=None, exclude=None):
        controls = _WITHOUT_SCRIPT + form_html(self.grid, self.play)
        script = "" if self.frames is None else self._script()
        page = figure_html(self.frame, self.columns, controls=controls, script=script)
        views = self.widget()._repr_mimebundle_() if live.wanted() else {}
        return views | {"text/html": page, "text/plain": repr(self)}

    def widget(self):
        """Return the ipywidgets view, in which every move of a slider calls draw."""
        return live.widget(self)

    def _script(self):
        lines, frames = describe(self.frame, self.frames)
        counts = [len(control.values) for control in self.grid.controls]
        data = ", ".join(map(_json, (counts, lines, frames)))
        longest = _json(max((frame.sentence for frame in self.frames), key=len))
        return (
            f"<script>{{\n{SCRIPT}const figure = document.currentScript.previousElementSibling;\n"
            f"attentionExplorer(figure, attentionFrames(figure, {data}), {longest});\n}}</script>"
        )


# What stands there until the script takes it away: pages without scripts, notebooks not yet run.
_WITHOUT_SCRIPT = (
    '<p class="attention-still"><small>The sliders need a script. In Jupyter, run this cell.'
    "</small></p>\n"
)


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


def _json(data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # In a page a script ends at the first closing tag, whatever it stands in.
    return text.replace("</", r"<\/").replace("<!--", r"<\!--")
