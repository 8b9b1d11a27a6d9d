"""The view that a live kernel shows: ipywidgets sliders, at whose every move Python draws anew.

A notebook that was saved with such a view cannot show it again: its widgets live in a kernel that
is gone. So a figure shows itself as HTML, which is alive everywhere, and as widgets only where the
server leaves them out of the files that it saves (`make lab`):

    ATTENTION_WIDGETS=1 jupyter lab --ContentsManager.pre_save_hook=attention.figures.live.forget
"""

import html
import json
import os

from attention.figures.marks import formula_html
from attention.figures.markup import card_width, panels_style

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def wanted():
    """Return whether the server that started this kernel leaves widgets out of files."""
    return os.environ.get("ATTENTION_WIDGETS") == "1"


def forget(model, **_):
    """Leave widgets out of a notebook that is about to be saved, wherever HTML stands beside them.

    Jupyter calls this with the model of a file.
    """
    if model["type"] != "notebook" or not model.get("content"):
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"].pop(WIDGET_VIEW, None)


def widget(explorer):
    """Return the ipywidgets view of what explore returned."""
    import ipywidgets as widgets  # the page's Python has none

    controls = [_control(widgets, c, c.name == explorer.play) for c in explorer.grid.controls]
    picture, caption = widgets.HTML(), widgets.HTML()
    moved = [*map(_holder, controls)]

    def show(frame):
        sentence = html.escape(frame.sentence)
        picture.value = (
            f'<div role="img" aria-label="{sentence}" style="color:#222;background:#fff;'
            f'{panels_style(explorer.columns)}">{frame.svg}</div>'
        )
        state = [control.index for control in moved]
        caption.value = (
            f"<p>{formula_html(frame.sentence)}</p>{_speak(explorer.grid.controls, state)}"
        )

    def move(change):
        try:
            show(explorer.draw([control.index for control in moved]))
        except (TypeError, RuntimeError) as error:
            picture.value, caption.value = "", f'<p role="alert">{html.escape(str(error))}</p>'

    show(explorer.frame)
    for control in moved:
        control.observe(move, "index")
    note = widgets.HTML("<small>Python redraws this at each move, while its kernel runs.</small>")
    layout = {"max_width": card_width(explorer.columns)}
    return widgets.VBox([picture, *controls, caption, note], layout=layout)


def _control(widgets, control, plays):
    """Return the widget of a control, and for one that plays a box that ends with its slider."""
    options = [(text, index) for index, text in enumerate(control.texts)]
    style = {"description_width": "initial"}
    common = {"options": options, "index": control.start, "style": style}
    common |= {"description": formula_html(control.label), "description_allow_html": True}
    if control.is_choice:
        layout = {"width": "auto", "height": "auto"}
        return widgets.RadioButtons(**common, orientation="horizontal", layout=layout)
    slider = widgets.SelectionSlider(**common, layout={"flex": "1", "height": "44px"})
    if not plays:
        slider.layout.width = "auto"
        return slider
    play = widgets.Play(value=control.start, max=len(options) - 1, interval=900, show_repeat=False)
    widgets.jslink((play, "value"), (slider, "index"))
    return widgets.HBox([play, slider])


def _holder(control):
    """Return the widget that holds the index, which may stand in a box beside a button."""
    return getattr(control, "children", [control])[-1]


def _speak(controls, state):
    """Give the sliders names and texts for screen readers: ipywidgets gives them bare indices.

    A widget can set no such attribute, but what HTML says when its image fails is run.
    """
    said = [[c.label, c.texts[i]] for c, i in zip(controls, state, strict=True) if not c.is_choice]
    script = html.escape(f"({_NAME_HANDLES})(this, {json.dumps(said)}, 50)")
    return f'<img src="data:," alt="" hidden onerror="{script}">'


_NAME_HANDLES = """function name(image, said, tries) {
  const handles = image.closest('.widget-vbox')?.querySelectorAll('[role=slider]') ?? [];
  if (handles.length < said.length) return tries && setTimeout(name, 100, image, said, tries - 1);
  handles.forEach((handle, i) => {
    handle.setAttribute('aria-label', said[i][0]);
    handle.setAttribute('aria-valuetext', said[i][1]);
  });
}"""
