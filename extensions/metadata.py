"""Tell search engines and those who show links what a page holds, and where the book stands.

A page is described by the question that it opens with, in italics below its title. What needs an
address is there only if _config.yml gives one: repository.url brings the buttons for the
repository, for editing a page and for running it, html.baseurl the canonical addresses and the
sitemap.
"""

import html
import re
from pathlib import Path
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx.util import logging

from extensions.finish import after_pages

PICTURE = "_static/cover.png"
logger = logging.getLogger(__name__)


def setup(app):
    app.connect("config-inited", _offer_repository)
    app.connect("html-page-context", _describe)
    after_pages(app, _write_sitemap)


def _offer_repository(app, config):
    options = config.html_theme_options
    known = bool(options["repository_url"])
    options["use_edit_page_button"] = options["use_repository_button"] = known
    if not known:
        options["launch_buttons"] = {}


def _describe(app, pagename, templatename, context, doctree):
    if doctree is None:  # the search page and the index
        return
    description = question(doctree)
    if not description:
        logger.warning("a page must open with its question in italics", location=pagename)
    title = html.unescape(re.sub("<[^>]*>", "", context["title"]))
    context["metatags"] += _tags(app, pagename, title, description, context["pathto"](PICTURE, 1))


def _tags(app, pagename, title, description, picture):
    address = app.config.html_baseurl
    tags = {
        "og:site_name": app.config.html_title,
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:title": title,
        "og:description": description,
        # Those who show links ask for a full address; without one, this is the best guess.
        "og:image": at(address, PICTURE) if address else picture,
    }
    if address:
        tags["og:url"] = at(address, app.builder.get_target_uri(pagename))
    return "".join(
        [
            f'<meta name="description" content="{html.escape(description)}">\n',
            '<meta name="twitter:card" content="summary_large_image">\n',
            *(f'<meta property="{k}" content="{html.escape(v)}">\n' for k, v in tags.items()),
        ]
    )


def question(doctree):
    """Return the italic paragraph below the title of a page, or an empty text."""
    for section in doctree.findall(nodes.section):
        for paragraph in section.findall(nodes.paragraph):
            [first, *others] = paragraph.children or [None]
            if isinstance(first, nodes.emphasis) and not others:
                return re.sub(r"\\sqrt\{(.*?)\}", r"√\1", first.astext())
            return ""
    return ""


def at(address, path):
    return f"{address.rstrip('/')}/{path}"


def _write_sitemap(app):
    if not app.config.html_baseurl:
        return
    pages = (at(app.config.html_baseurl, app.builder.get_target_uri(d)) for d in app.env.found_docs)
    Path(app.outdir, "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in sorted(pages))
        + "</urlset>\n",
        encoding="utf-8",
    )
