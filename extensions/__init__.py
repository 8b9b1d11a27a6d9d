"""What Jupyter Book itself does not do for the site, in small Sphinx extensions.

mathematics   formulas are set while the book is built, so that no page needs a script for them
markup        folded code and the list of sources are valid HTML
blocks        Predict, Try and What was shown, folded code, tables that fit on phones
chapters      their numbers and minutes, above their titles and in the contents
search        chapters are found by the words that readers bring with them
start         the start page: a sentence read live, and the map of the chapters
pictures      static figures become part of the page and follow its light or dark colours
styles        one style sheet with the rules, icons and glyphs that the pages use
metadata      what a page says of itself to search engines and to those who link to it
launch        chapters open on Colab and in Codespaces, and downloads install what they need
cover         the picture for links, drawn by the module, and the book's mark
glossary      the first use of each term in a chapter leads to what it means
questions     each chapter ends with questions that its page answers without a kernel
gallery       the gallery of errors is filtered by what a reader sees
docstrings    the reference shows docstrings as they read in the source
python        the code of a chapter runs in its page, once a reader clicks
scripts       those of the site are shortened for browsers
finish        what is written once all pages are
node          the JavaScript tools behind them, pinned in package-lock.json

templates/ replaces the parts of the theme's page that load styles and scripts. site.css holds this
book's own rules, and README.md lists all that they override, and why. static/site.js is the script
of all pages: it does what the theme needs seven for. static/reader.js runs a small model where a
sentence can be read, static/gallery.js filters mistakes.
"""

import hashlib
from pathlib import Path

from extensions import (
    blocks,
    chapters,
    cover,
    docstrings,
    gallery,
    glossary,
    launch,
    markup,
    mathematics,
    metadata,
    pictures,
    python,
    questions,
    scripts,
    search,
    start,
    styles,
)

PARTS = [
    markup,
    blocks,
    chapters,
    start,
    mathematics,
    pictures,
    styles,
    glossary,
    questions,
    gallery,
    docstrings,
    metadata,
    launch,
    cover,
    search,
    python,
    scripts,
]

HERE = Path(__file__).parent


def setup(app):
    app.connect("config-inited", _use_folders)
    # A change in this folder changes every page, which Sphinx would not see by itself.
    app.add_config_value("extensions_digest", digest(), "env")
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def digest():
    """Return a short text that changes with any file from which the pages are made."""
    content = hashlib.sha256()
    patterns = "*.*", "python/*.*", "static/*.*", "templates/**/*.*"
    files = [file for pattern in patterns for file in HERE.glob(pattern)]
    files += (HERE.parent / "attention/exercises/questions").glob("*.py")
    for file in sorted(files):
        content.update(file.read_bytes())
    return content.hexdigest()[:16]


def _use_folders(app, config):
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))
