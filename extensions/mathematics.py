"""Set every formula with KaTeX while the book is built.

The page then holds what readers see and, for screen readers, the same as MathML; it needs no
script. All formulas of the book are set in one go, before the first page is written. A formula that
KaTeX does not understand is a warning that names its place. The comma or full stop behind a formula
in a line is set as a part of it: browsers would begin the next line with it.
"""

import re

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from attention.figures.plots import COLOURS
from extensions import node as javascript

logger = logging.getLogger(__name__)
SET = "<!-- set -->"  # stands before a sign that is a part of the formula


def setup(app):
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_block, None))
    app.connect("config-inited", use_katex)
    app.connect("env-updated", typeset_book)
    app.connect("html-page-context", drop_signs)


def use_katex(app, config):
    config.html_math_renderer = "katex"


def typeset_book(app, env):
    """Set all formulas of the book and keep the results for the pages."""
    found = [
        formula
        for name in sorted(env.found_docs)
        for formula in env.get_doctree(name).findall(is_formula)
    ]
    distinct = list(dict.fromkeys(map(key, found)))
    app.formulas = dict(zip(distinct, typeset(distinct), strict=True))
    for formula in found:
        error = app.formulas[key(formula)].get("error")
        if error:
            logger.warning("%s in %s", error, formula.astext(), location=formula)


def typeset(formulas):
    """Turn [(LaTeX, is it a block), ...] into [{"html": ...} or {"error": ...}, ...].

    A block also has its widths in em: of its longest piece and of what cannot break.
    """
    answers = javascript.run("katex.mjs", formulas)
    for answer in answers:
        # The four roles have another colour on dark pages, so the style sheet gives it.
        for role, colour in COLOURS.items():
            if "html" in answer:
                answer["html"] = re.sub(
                    rf'style="([^"]*)color:{colour.light}',
                    rf'data-part="{role}" style="\1color:var(--{role})',
                    answer["html"],
                )
    return answers


def is_formula(node):
    return isinstance(node, nodes.math | nodes.math_block)


def key(formula):
    # Sphinx numbers equations; the forms with a star are those that KaTeX does not number as well.
    numbered = r"\\(begin|end)\{(align|alignat|equation|gather)\}"
    text = re.sub(numbered, r"\\\1{\2*}", formula.astext())
    # In braces it is a sign like a letter: KaTeX breaks behind a colon, and spaces it.
    sign = sign_behind(formula)
    return text + (f"{{{sign}}}" if sign else ""), isinstance(formula, nodes.math_block)


def sign_behind(formula):
    """Return the comma or the like that follows a formula in a paragraph."""
    line, place = formula.parent, formula.parent.index(formula) + 1
    follows = line[place] if place < len(line) else None
    if not isinstance(line, nodes.paragraph) or not isinstance(follows, nodes.Text):
        return ""
    found = re.match(r"[.,;:!?](?!\.)", follows)
    return found[0] if found else ""


def drop_signs(app, pagename, templatename, context, doctree):
    """Leave out the signs that are parts of formulas."""
    if "body" in context:
        context["body"] = re.sub(f"{SET}.", "", context["body"])


def visit_inline(self, formula):
    self.body.append(self.starttag(formula, "span", "", CLASS="math"))
    self.body.append(_html(self, formula) + "</span>" + (SET if sign_behind(formula) else ""))
    raise nodes.SkipNode


def visit_block(self, formula):
    answer = self.builder.app.formulas[key(formula)]
    widths = f"--pieces:{answer.get('pieces', 1)};--widest:{answer.get('widest', 1)}"
    self.body.append(self.starttag(formula, "div", CLASS="math", style=widths))
    self.body.append(_html(self, formula))
    if formula["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, formula)})')
        self.add_permalink_ref(formula, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _html(translator, formula):
    return translator.builder.app.formulas[key(formula)].get("html", "")
