"""Write two elements as the standards have them: folded code and the list of sources."""

from html import escape

from docutils import nodes
from docutils.writers._html_base import HTMLTranslator
from myst_nb.sphinx_ import HideCodeCellNode


def setup(app):
    app.add_node(HideCodeCellNode, override=True, html=(_open_folded, _close_folded))
    app.add_node(nodes.citation, override=True, html=(_open_source, HTMLTranslator.depart_citation))


def _open_folded(self, node):
    title = escape(node["prompt_show"])
    self.body.append(f'<details class="folded">\n<summary>{title}</summary>\n')


def _close_folded(self, node):
    self.body.append("</details>\n")


def _open_source(self, node):
    HTMLTranslator.visit_citation(self, node)
    # The role that docutils gives has been withdrawn from the standard.
    self.body[-1] = self.body[-1].replace('"doc-biblioentry"', '"listitem"')
