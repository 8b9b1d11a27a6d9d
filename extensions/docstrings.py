"""Show docstrings as they read in the source: plain prose, examples and columns.

To Sphinx a docstring is markup. Here no sign of the prose is: examples and shapes such as
(..., L, d_k) are set as code, names with what they mean beside them as a list, and other columns
and what is indented keep their places.
"""

import re
import textwrap

from docutils import nodes
from sphinx import addnodes

_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=(?:Raises|Source): )")
_SHAPE = re.compile(r"(\(\.\.\.[^()]*\))")
_NAME = re.compile(r"(?m)^(\S+) {2,}(?=\S)")


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("config-inited", _configure)
    app.connect("autodoc-skip-member", _skip_field)
    app.connect("autodoc-process-docstring", _as_markup)
    app.connect("doctree-read", _set_asides)


def _configure(app, config):
    config.add_module_names = False
    config.autodoc_member_order = "bysource"
    config.autodoc_preserve_defaults = True
    config.autodoc_typehints = "none"


def _skip_field(app, what, name, obj, skip, options):
    # What Python itself says of a field: its number in a named tuple, or that it holds a class.
    is_field = type(obj).__name__ == "_tuplegetter" or (what == "class" and isinstance(obj, type))
    return True if is_field else None


def _set_asides(app, doctree):
    # A paper is named, and an error, beside what a function does.
    for description in doctree.findall(addnodes.desc_content):
        for paragraph in description.findall(nodes.paragraph):
            if paragraph.astext().startswith(("Raises: ", "Source: ")):
                paragraph["classes"].append("aside")


def _as_markup(app, what, name, obj, options, lines):
    lines[:] = as_markup("\n".join(lines)).splitlines()


def as_markup(docstring):
    """Turn a docstring into the markup that shows it."""
    return "\n\n".join(map(_paragraph, _PARAGRAPHS.split(docstring.strip("\n")))) + "\n"


def _paragraph(text):
    if text.startswith(">>>"):
        return text
    if _NAME.match(text):
        _, *parts = _NAME.split(text)
        meanings = [_prose(" ".join(part.split())) for part in parts[1::2]]
        return "\n".join(map("``{}``\n   {}".format, parts[::2], meanings))
    if text.startswith(" ") or re.search(r"\S {2,}\S", text):
        return ".. code-block:: text\n\n" + textwrap.indent(textwrap.dedent(text), "   ")
    return _prose(text)


def _prose(text):
    parts = _SHAPE.split(text)  # prose and shapes in turn
    parts[::2] = [re.sub(r"([\\*`|_])", r"\\\1", part) for part in parts[::2]]
    parts[1::2] = [rf"\ ``{shape}``\ " for shape in parts[1::2]]
    return "".join(parts)
