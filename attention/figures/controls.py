"""What moves a figure: sliders, buttons for choices, the states they reach, and their HTML."""

import html
import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from attention.figures.marks import formula_html

MAX_FRAMES = 256
_TICKS = 30  # signs of text, with a gap each, that fit below a slider on a phone


class Control(NamedTuple):
    """A slider, or a choice among buttons: its values, how they read, and where it starts."""

    name: str
    label: str
    values: list
    texts: list
    start: int
    is_choice: bool


class Grid:
    """The states that controls can reach: every combination, the last control moving fastest.

    A state is a tuple that holds, for each control, the index of its value.
    """

    def __init__(self, controls):
        self.controls = controls
        counts = [len(control.values) for control in controls]
        if (frames := math.prod(counts)) > MAX_FRAMES:
            sizes = " x ".join(f"{len(c.values)} {c.name}" for c in controls)
            raise ValueError(f"explore draws at most {MAX_FRAMES} frames, got {frames} ({sizes})")
        self.start = tuple(control.start for control in controls)
        self.states = [*itertools.product(*map(range, counts))]

    def values(self, state):
        """Return by name the values that the controls have in a state."""
        return {c.name: c.values[index] for c, index in zip(self.controls, state, strict=True)}


def controls_for(sliders, *, start, labels, choices):
    """Return a control for each {name: values}; one whose values are words, or in choices, chooses.

    Raises: ValueError for no sliders, no values, values that read the same, and for names or starts
    that fit none; TypeError for values that are no list.
    """
    if not sliders:
        raise ValueError("explore needs at least one slider, such as d_k=[1, 2, 4]")
    for argument, given in {"start": start, "labels": labels, "choices": choices}.items():
        for name in given:
            if name not in sliders:
                raise ValueError(f"{argument} names {name}, which is not a slider")
    controls = []
    for name, given in sliders.items():
        values, texts = _values(name, given)
        if start.get(name, values[0]) not in values:
            raise ValueError(f"start has {name}={start[name]!r}, which is not among its values")
        first = values.index(start.get(name, values[0]))
        is_choice = name in choices or any(isinstance(value, str) for value in values)
        controls.append(Control(name, labels.get(name, name), values, texts, first, is_choice))
    return controls


def _values(name, given):
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"slider {name} must be a list of values, got {given!r}")
    values = list(given)
    if not values:
        raise ValueError(f"slider {name} must have at least one value, got none")
    texts = [*map(_text, values)]
    text, times = Counter(texts).most_common(1)[0]
    if times > 1:
        raise ValueError(f"slider {name} must have distinct values, got {text} twice")
    return values, texts


def _text(value):
    # 0.30000000000000004 reads as 0.3, and the integer 100000 does not as 1e+05.
    return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)


def form_html(grid, play):
    """Return the controls as HTML. Without a script they would be dead: only the script shows them.

    play names the slider that a button moves from step to step.
    """
    rows = "".join(
        _choice_html(control) if control.is_choice else _slider_html(control, play)
        for control in grid.controls
    )
    # Two sliders and nothing else may stand beside each other where there is room.
    is_pair = len(grid.controls) == 2 and not play and not any(c.is_choice for c in grid.controls)
    kind = "attention-controls attention-pair" if is_pair else "attention-controls"
    form = f'<form class="{kind}" style="display:none" autocomplete="off">'
    return f"{form}\n{rows}</form>\n"


def _slider_html(control, play):
    count, texts = len(control.values), control.texts
    values = html.escape(json.dumps(texts, ensure_ascii=False))
    button = '<button type="button" class="attention-play">Play</button>\n'
    return (
        f'<label class="attention-slider" style="display:block">'
        f"<span>{formula_html(control.label)}</span> = <span>{html.escape(texts[control.start])}"
        f"</span>\n"
        f'<input type="range" name="{html.escape(control.name)}" min="0" max="{count - 1}" '
        f'value="{control.start}" data-values="{values}" autocomplete="off" '
        f'style="display:block;width:100%;height:44px;margin:0">\n'
        f"{_ticks_html(control)}</label>\n{button if control.name == play else ''}"
    )


def _ticks_html(control):
    """Label as many stops as there is room for, always the ends, and mark the start."""
    texts, last = control.texts, len(control.texts) - 1
    shown = {0, control.start, last}
    for step in range(1, last + 1):
        # Labels keep their distance from the ends and from the start.
        among = {i for i in range(0, last, step) if all(abs(i - j) >= step for j in shown)}
        if sum(len(texts[i]) + 1 for i in shown | among) <= _TICKS:
            shown |= among
            break
    ticks = "".join(
        f'<span style="position:absolute;{_place(i, last)}"{_started(i, control)}>'
        f"{html.escape(texts[i])}</span>"
        for i in sorted(shown)
    )
    style = "display:block;position:relative;height:1.5em;font-size:.8em"
    return f'<span class="attention-ticks" aria-hidden="true" style="{style}">{ticks}</span>'


def _place(i, last):
    """Return where the label of a stop stands: below the thumb, but inside at both ends."""
    if i in (0, last):
        return "left:0" if i == 0 else "right:0"
    thumb = "var(--thumb,16px)"
    left = f"calc({thumb}/2 + (100% - {thumb})*{i / last:.4g})"
    return f"transform:translateX(-50%);left:{left}"


def _started(i, control):
    return ' class="attention-start"' if i == control.start else ""


def _choice_html(control):
    options = "".join(
        f'<label style="display:inline-flex;align-items:center;gap:.3em;min-height:44px;'
        f'padding:0 .6em"{_started(i, control)}>'
        f'<input type="radio" name="{html.escape(control.name)}" value="{i}"'
        f"{' checked' if i == control.start else ''}><span>{formula_html(text)}</span></label>\n"
        for i, text in enumerate(control.texts)
    )
    return (
        '<fieldset class="attention-choice" style="border:0;margin:0;padding:0;min-width:0">\n'
        f"<legend>{formula_html(control.label)}</legend>\n{options}</fieldset>\n"
    )
