"""Link the first use of each term in a chapter to the glossary, which holds it in one sentence.

A word is a term wherever it stands in prose; a symbol, such as d_k, where it stands alone as code
or as a formula. Titles, code, outputs and links stay as they are.
"""

import re

from docutils import nodes
from sphinx.util.nodes import make_refnode
from sphinx_design.dropdown import dropdown_title

GLOSSARY = "reference/glossary"
_NO_PROSE = (nodes.title, nodes.thead, nodes.reference, nodes.FixedTextElement, dropdown_title)


def setup(app):
    app.connect("env-before-read-docs", _reread_with_glossary)
    app.connect("env-updated", _collect)
    app.connect("doctree-resolved", _link)


def _reread_with_glossary(app, env, docnames):
    if GLOSSARY in docnames:
        docnames[:] = sorted(env.found_docs)


def _collect(app, env):
    """Keep {term: (anchor, definition)} for the pages."""
    items = env.get_doctree(GLOSSARY).findall(nodes.definition_list_item)
    app.glossary = {
        term.astext(): (term["ids"][0], item[-1].astext())
        for item in items
        for term in item.findall(nodes.term)
    }


def _link(app, doctree, docname):
    if not docname.startswith("chapters/"):
        return

    def link(term, shown):
        anchor, definition = app.glossary[term]
        said = f"{term}: {definition}"  # a tip, and on wide pages a note in the margin
        reference = make_refnode(app.builder, docname, GLOSSARY, anchor, shown, said)
        reference["classes"].append("term")
        return reference

    link_first_uses(doctree, app.glossary, link)


def link_first_uses(doctree, terms, link):
    """Put link(term, node) in the place of each term's first use."""
    words = sorted((term for term in terms if not is_symbol(term)), key=len, reverse=True)
    pattern = re.compile("|".join(map(_pattern, words)), re.IGNORECASE)
    unused = set(terms)
    for node in _prose(doctree):
        if not isinstance(node, nodes.Text):
            if is_symbol(term := node.astext()) and term in unused:
                unused.remove(term)
                node.replace_self(link(term, node.deepcopy()))
            continue
        parts, end = [], 0
        for match in pattern.finditer(node):
            if (term := words[match.lastindex - 1]) in unused:
                unused.remove(term)
                parts += [nodes.Text(node[end : match.start()]), link(term, nodes.Text(match[0]))]
                end = match.end()
        if parts:
            node.parent.replace(node, [*parts, nodes.Text(node[end:])])


def is_symbol(term):
    return len(term) == 1 or "_" in term


def _pattern(word):
    """Match a word or its plural, as a group, but not as a part of another word."""
    plural = rf"{re.escape(word[:-1])}(?:y|ies)" if word.endswith("y") else rf"{re.escape(word)}s?"
    return rf"(?<![\w-])({plural})(?![\w-])".replace(r"\ ", r"\s+")


def _prose(node):
    """Yield the texts, pieces of code and formulas that stand in the prose of a node."""
    for child in list(node.children):
        if isinstance(child, nodes.Text | nodes.literal | nodes.math):
            yield child
        elif not isinstance(child, _NO_PROSE):
            yield from _prose(child)
