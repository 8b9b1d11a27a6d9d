"""Keep of matplotlib's SVG what is seen, in a form that pages can colour and frames can share."""

import functools
import hashlib
import html
import re
from xml.etree import ElementTree

from attention.figures.marks import COLOURS, DRAG, INDEXED, INK, PART, PICK


def clean(svg):
    """Return the drawing alone: no metadata, and colours that a page may choose.

    Ink is the page's currentColor, white its --paper, and each role's colour its variable --role.
    What is drawn for a role is marked by data-part, what chooses a value by data-pick (and
    data-drag, if it may be dragged), and d_k is written with its k lowered.
    Whatever may differ between two frames stands on a line of its own.
    """
    plain = re.sub(r' xmlns(?::\w+)?="[^"]*"|xlink:', "", svg)
    root = ElementTree.fromstring(plain)
    body = "".join(_write(part, set(re.findall(r"#(\w+)", plain))) for part in root[1:])
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='{root.get('viewBox')}' "
        f"font-family='system-ui,sans-serif' fill='currentColor' stroke-linejoin='round'>"
        f"{_name_by_content(body)}\n</svg>"
    )


def _write(element, used):
    """Write an element without names that nothing refers to and groups that say nothing."""
    values = {name: _clean_value(value, name in _PLACES) for name, value in element.items()}
    attributes = "".join(
        f"\n{name}='{value}'"
        for name, value in values.items()
        if value and (name != "id" or value in used)
    )
    names = values.get("id", "").split(".")
    for prefix, attribute in ((PART, "data-part"), (PICK, "data-pick")):
        if said := [name.removeprefix(prefix) for name in names if name.startswith(prefix)]:
            attributes += f"\n{attribute}='{' '.join(said)}'"
    if DRAG in names:
        attributes += f"\n{DRAG}=''"
    text = html.escape((element.text or "").strip("\n "), quote=False)
    if element.tag == "text":
        text = _lower(text)
    inside = text + "".join(_write(part, used) for part in element)
    if element.tag == "g" and not attributes:
        return inside
    return f"\n<{element.tag}{attributes}\n>{inside}</{element.tag}>"


def _lower(text):
    """Lower each index; it stays as large as the others, since smaller ones are lost on a phone."""
    start, *pieces = INDEXED.split(text)
    for letter, index, rest in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        start += f"{letter}<tspan dy='.2em'>{index}</tspan>"
        start += rest and f"<tspan dy='-.2em'>{rest}</tspan>"
    return start


@functools.lru_cache(10_000)  # most of a picture is the same in the next one
def _clean_value(value, is_place=False):
    for pattern, replacement in _CLEANING:
        value = re.sub(pattern, replacement, value)
    if is_place:
        value = re.sub(r"-?\d+\.\d+", lambda x: f"{round(float(x[0]), 1) + 0.0:g}", value)
        value = _RECTANGLE.sub(r"M\1 \2H\3V\4H\1z", value)
    return html.escape(value)


# A place is rounded to a tenth of a point, which is finer than an eye and coarser than what another
# CPU rounds differently; other numbers, such as opacities, to a hundredth.
_PLACES = {"d", "x", "y"}
_NUMBER = r"(-?[\d.]+)"
_RECTANGLE = re.compile(rf"M{_NUMBER} {_NUMBER}L{_NUMBER} \2L\3 {_NUMBER}L\1 \4(?:L\1 \2)?z")
_CLEANING = [
    (r"font-family: [^;]*;? ?", ""),
    (r"rotate\(-?0 .*", ""),
    (r"-?\d+\.\d{3,}", lambda x: f"{round(float(x[0]), 2) + 0.0:g}"),
    (f"{INK}|#000000", "currentColor"),
    ("#ffffff", "var(--paper,#fff)"),
    *((colour.light, f"var(--{role},{colour.light})") for role, colour in COLOURS.items()),
    (r"(?<=[:;A-Z]) | +(?=[A-Zz])|\s+$", ""),
]


def _name_by_content(body):
    """Name by its content what others refer to: on a page with many figures, one meaning a name."""
    for name in re.findall(r"\nid='(\w+)'", body):
        content = re.search(rf"<(\w+)[^>]*\nid='{name}'.*?</\1>", body, re.DOTALL)[0]
        digest = hashlib.sha256(content.replace(name, "").encode()).hexdigest()
        body = re.sub(rf"\b{name}\b", f"i{digest[:8]}", body)
    return body
