"""The gallery of errors gets its script, which filters it by what a reader sees."""

PAGE = "chapters/13-gallery-of-errors"
SCRIPT = "gallery.js"


def setup(app):
    app.connect("html-page-context", _load)


def _load(app, pagename, templatename, context, doctree):
    if pagename == PAGE:
        context["gallery"] = f"_static/{SCRIPT}"
