"""The sections of notebooks and Markdown pages as plain text, so that a model can search them."""

import json
import re
from pathlib import Path
from typing import NamedTuple

CODE = r"(?ms)^```\w+$.*?^```$"  # in which a line may begin as a heading does
LEFT_OUT = r"(?ms)^## (?:Your turn|What was shown)$.*?(?=^## |\Z)"  # said before, or asked
PLAIN = [  # what is replaced by what, in this order
    (r"(?s)<!--.*?-->|<[^<>\n]+>", " "),  # comments and tags
    (r"(?s)\$\$.*?\$\$(?: *\(eq-[\w-]+\))?", " "),  # formulas on lines of their own
    (r"(?m)^(?:`{3,}|:{3,})(?:\{[\w-]+\})?|^:\w+:.*$|^\|[-| ]+\|$", " "),  # directives
    (r"\{[\w:]+\}`[^`]*`", " "),  # references
    (r"\[([^\]]*)\]\([^)]*\)", r"\1"),  # links
    (r"[*`|\\{}$_]+", " "),
    (r"\s+", " "),
]


class Section(NamedTuple):
    """A heading and what stands below it, up to the next one."""

    page: str  # the name of its file, without an ending
    chapter: str  # the title of its page
    heading: str
    text: str


def sections(paths):
    """Return the sections of these files, in order: [Section].

    What stands before the first heading below the title is a section too, under the title itself.
    """
    found = []
    for path in map(Path, paths):
        text = re.sub(LEFT_OUT, "", re.sub(CODE, "", _prose(path)))
        title, *parts = re.split(r"(?m)^#{1,4} +(.+)$", text)[1:]
        headings = [title, *parts[1::2]]
        for heading, text in zip(headings, parts[::2], strict=True):
            if said := plain(text):
                found.append(Section(path.stem, plain(title), plain(heading), said))
    return found


def plain(text):
    """Return Markdown as a line of words: no formulas, directives or marks.

    >>> plain("**Weights** sum to $1$, see [chapter 3](03-breakdown.ipynb) and `softmax`.")
    'Weights sum to 1 , see chapter 3 and softmax .'
    """
    for pattern, instead in PLAIN:
        text = re.sub(pattern, instead, text)
    return text.strip()


def _prose(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(x["source"]) for x in cells if x["cell_type"] == "markdown")
