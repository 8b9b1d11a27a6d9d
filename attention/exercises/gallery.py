"""A gallery of the mutants: how a mistake looks when nothing raises an error."""

import html
import re
import urllib.parse

import numpy as np

from attention.exercises import EXERCISES
from attention.exercises.exhibits import EXHIBITS
from attention.exercises.signs import SIGNS, signs_of
from attention.figures import figure, plots
from attention.figures.picture import Picture


def both(exercise, mutant, *inputs):
    """Return what the reference and a mutant, given by its name, make of the same inputs.

    >>> right, wrong = both(EXERCISES["look_back"], "one too far", 2, 3)
    >>> wrong.sum() - right.sum()
    np.int64(2)
    """
    with np.errstate(all="ignore"):  # an inf or NaN in the picture says it
        return exercise.reference(*inputs), exercise.mutant(mutant).function(*inputs)


def explained_in(exercise, mutant):
    """Return the number of the chapter that explains a mutant."""
    chapter = exercise.mutant(mutant).chapter or exercise.chapter
    return int(chapter.partition("-")[0])


def caption(shown, answers):
    """Say what is seen, which number changes, what finds the mistake and where it is explained."""
    right, wrong = (f"{round(shown.measure(answer), 2) + 0.0:g}" for answer in answers)
    chapter = explained_in(EXERCISES[shown.exercise], shown.mutant)
    return (
        f"{shown.symptom} {shown.measured}: {right} when right, {wrong} when wrong. "
        f"Exercise {shown.exercise} finds it; chapter {chapter} explains it."
    )


def exhibit(name):
    """Show a mistake beside the right way: framed, or in a number beside each row, or as a line.

    >>> print(str(exhibit("K not transposed"))[:90])
    The score of a key mixes components of both. Score of key 0: 11 when right, 15 when wrong.
    """
    shown = EXHIBITS[name]
    answers = both(EXERCISES[shown.exercise], shown.mutant, *shown.inputs)

    def draw(axes):
        for ax, answer, title in zip(axes, answers, ["right", name], strict=True):
            shown.draw(ax, answer)
            ax.set_title(title)
            if shown.tell:
                plots.frame_cells(ax, shown.tell(answer))
            if shown.rows:
                sign, numbers = shown.rows
                plots.beside_rows(ax, [f"{sign} {x:.2f}" for x in numbers(answer)])
        axes[1].set_ylabel("")
        if not (shown.tell or shown.rows):  # bars: a line where they should end
            plots.bar_marks(axes[1], np.ravel(answers[0]))
            axes[1].set_title(f"{name} (lines: right)")
        return caption(shown, answers)

    return _Exhibit(name, figure(draw, axes=2, height=2.1))


class _Exhibit(Picture):
    """A picture with a name, to which the index leads."""

    def __init__(self, name, picture):
        super().__init__(picture.frame, picture.columns)
        self.place = place(name)

    def _repr_mimebundle_(self, include=None, exclude=None):
        views = super()._repr_mimebundle_()
        page = f'<div id="{self.place}">\n{views["text/html"]}\n</div>'
        return views | {"text/html": page}


def place(name):
    """Return the name of the place on a page where an exhibit hangs.

    >>> place("/ d_k")
    'exhibit-d-k'
    """
    return "-".join(["exhibit", *re.findall("[a-z0-9]+", name.lower())])


class Index:
    """The wrong pictures, small, by the signs that they show; each leads to its exhibit."""

    def __init__(self):
        self.signs = {}
        for name, shown in EXHIBITS.items():
            exercise = EXERCISES[shown.exercise]
            self.signs[name] = signs_of(exercise, exercise.mutant(shown.mutant), [shown.inputs])

    def __repr__(self):
        return "\n".join(f"{name}: {', '.join(signs)}" for name, signs in self.signs.items())

    def _repr_html_(self):
        cards = "".join(
            f'<li data-signs="{_joined(signs)}"><a href="#{place(name)}">{thumbnail(name)}'
            f"<b>{html.escape(name)}</b> <small>{', '.join(signs)}</small></a></li>\n"
            for name, signs in self.signs.items()
        )
        return f'<ul class="attention-index" data-order="{_joined(SIGNS)}">\n{cards}</ul>'


def thumbnail(name):
    """Return the wrong picture of an exhibit without its text, as an image."""
    shown = EXHIBITS[name]
    _, wrong = both(EXERCISES[shown.exercise], shown.mutant, *shown.inputs)

    def draw(ax):
        shown.draw(ax, wrong)
        if shown.tell:
            plots.frame_cells(ax, shown.tell(wrong))
        ax.axis("off")
        return name

    drawing = re.sub(
        r"\n<text\b.*?</text>", "", figure(draw, height=1.6).frame.panels[0], flags=re.S
    )
    source = urllib.parse.quote(drawing, safe=" !'()*+,-./:;<=>?@[]^_`{|}~$")
    says = html.escape(shown.symptom)
    style = "width:100%;height:auto"
    return f'<img alt="{says}" style="{style}" src="data:image/svg+xml,{source}">'


def _joined(signs):
    return html.escape(";".join(signs))


class Others:
    """The mutants that have no picture, by exercise, in a list that is folded away."""

    def __init__(self):
        pictured = {(shown.exercise, shown.mutant) for shown in EXHIBITS.values()}
        self.lists = {
            exercise.name: [
                (mutant.name, explained_in(exercise, mutant.name), mutant.hint)
                for mutant in exercise.mutants
                if (exercise.name, mutant.name) not in pictured
            ]
            for exercise in EXERCISES.values()
        }

    def __repr__(self):
        return f"{sum(map(len, self.lists.values()))} more mistakes, by exercise"

    def _repr_html_(self):
        lines = ['<details class="attention-mistakes">', f"<summary>{self!r}</summary>"]
        for name, mistakes in self.lists.items():
            lines += [f"<div>\n<p>Exercise <em>{name}</em></p>", "<ul>"]
            lines += [
                f'<li data-signs="{self._signs(name, mistake)}">'
                f"<strong>{html.escape(mistake)}</strong> (chapter {chapter}). "
                f"{html.escape(hint)}</li>"
                for mistake, chapter, hint in mistakes
            ]
            lines.append("</ul>\n</div>")
        return "\n".join([*lines, "</details>"])

    def _signs(self, name, mistake):
        exercise = EXERCISES[name]
        return _joined(signs_of(exercise, exercise.mutant(mistake)))
