"""Python in the page: readers run, change and check the code of a chapter, with nothing installed.

packing.py  packs Pyodide's packages and the book's own; unpack.mjs takes apart what it packs
runner.py   runs cells there, in a worker, where worker.js starts it
start.js    is the part that every page loads: the buttons, and what is solved
page.js     is loaded by the first click, with the script of the figures: it runs cells, and shows
            and compares their outputs
editor.js   makes a cell editable, by CodeMirror, once a reader wants to edit it
numbers.js  computes the four steps of attention on numbers that readers type, without Python
page.css    is how all of it looks

Everything is served from the site's own folder. Where Pyodide's packages cannot be fetched the book
is built without buttons.
"""

import hashlib
import json
import re
import shutil
import zipfile
from importlib import metadata
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from attention.exercises import EXERCISES
from attention.figures.explorer import SCRIPT
from attention.learning.fetching import Address, Unreachable, Wheel, fetch
from extensions import node
from extensions.finish import after_pages
from extensions.python import packing

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
PYODIDE = node.MODULES / "pyodide"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]
LIBRARY = "python_stdlib.zip"
LOCK = "pyodide-lock.json"
PACKAGES = ["numpy", "matplotlib"]
NEEDLESS = ["fonttools", "pytz"]  # matplotlib imports them to write PDF, and nothing does
VERSION = json.loads((HERE.parent / "package.json").read_text())["dependencies"]["pyodide"]
# The same files: the second is for where only package registries can be reached.
SOURCES = [
    Address(f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"),
    Wheel("open-webui==0.12.4", "open_webui/frontend/pyodide/"),
]
FOLDER = "python"  # of the site
NO_FILES = b"PK\5\6" + bytes(18)  # a zip

# Chapters that train a model, and how long a browser takes to check them: half of it on a fast one.
LONG = {"10-training": "about a minute"}
NUMBERS = "chapters/04-numeric-example"  # where readers type numbers of their own
AFTERWARDS = ["Try it", "Your turn", "What was shown"]  # the first of these sections follows them


def setup(app):
    app.connect("builder-inited", _fetch)
    app.connect("doctree-read", _insert_numbers, priority=400)  # before the contents are collected
    app.connect("html-page-context", _add_script)
    after_pages(app, _write, priority=950)  # after the styles, which drop what no page names


def _fetch(app):
    """Get what Python needs, if it can be had: only a build of pages asks for it."""
    app.page_python, app.why_no_python = None, ""
    if app.builder.format != "html":
        return
    node.install()
    try:
        wheels = fetch(hashes(), SOURCES)
    except Unreachable as error:
        app.why_no_python = str(error)
        return
    files = {name: (PYODIDE / name).read_bytes() for name in CORE}
    files[LIBRARY] = NO_FILES  # its files are in the pack, with those of the packages
    files[LOCK] = json.dumps(_known() | {"packages": {}}).encode()
    files["python.pack"] = packing.of_python(PYODIDE / LIBRARY, wheels.values())
    app.page_python = {"wheels": wheels, "files": files, "book.pack": packing.of_book()}


def _known():
    """Return Pyodide's own list of packages."""
    return json.loads((PYODIDE / LOCK).read_text("utf-8"))


def hashes():
    """Return {file: SHA-256} of the packages that pages need, from Pyodide's own list."""
    known = _known()["packages"]
    found, left = {}, list(PACKAGES)
    while left:
        package = known[left.pop()]
        if package["file_name"] not in found:
            found[package["file_name"]] = package["sha256"]
            left += (name for name in package["depends"] if name not in NEEDLESS)
    return found


def _place(files):
    """Return the folder for the files of Pyodide: another release of any of them has another."""
    digest = hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()
    return f"pyodide-{VERSION}-{digest[:8]}"


def _version(app):
    """Return a text that changes when anything changes that pages load after their first click."""
    content = hashlib.sha256(app.config.extensions_digest.encode())
    if app.page_python:
        content.update(app.page_python["book.pack"] + _place(app.page_python["files"]).encode())
    return content.hexdigest()[:12]


def _add_script(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    scripts = ["start.js"] if app.page_python else []
    if pagename == NUMBERS:
        scripts.append("numbers.js")
    for script in scripts:
        address = f"{context['pathto'](f'{FOLDER}/{script}', 1)}?{_version(app)}"
        context["metatags"] += f'<script defer src="{address}"></script>\n'


def _insert_numbers(app, doctree):
    """Give readers a place for numbers of their own, which numbers.js fills."""
    if app.env.docname != NUMBERS:
        return
    section = nodes.section(ids=["your-own-numbers"], names=["your own numbers"])
    section += nodes.title("", "Your own numbers")
    section += nodes.raw("", '<div class="own-numbers"></div>', format="html")
    [chapter] = (node for node in doctree.children if isinstance(node, nodes.section))
    titles = [node[0].astext() if isinstance(node, nodes.section) else "" for node in chapter]
    places = [titles.index(title) for title in AFTERWARDS if title in titles]
    chapter.insert(min(places, default=len(titles)), section)


def _write(app):
    """Write the folder of the site that holds Python and our scripts."""
    folder = Path(app.outdir, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(HERE / "numbers.js", folder)
    if not app.page_python:
        logger.info("The pages are built without Python: %s.", app.why_no_python)
        return
    files = app.page_python["files"]
    pyodide = folder / _place(files)
    pyodide.mkdir()
    for name, content in files.items():
        (pyodide / name).write_bytes(content)
    (folder / "book.pack").write_bytes(app.page_python["book.pack"])
    for name in ("page.js", "unpack.mjs"):
        shutil.copyfile(HERE / name, folder / name)
    _write_with(folder / "worker.js", PLACE=f"{pyodide.name}/")
    (folder / "explorer.js").write_text(f"{SCRIPT}export {{ attentionExplorer }};\n", "utf-8")
    editor = node.run("bundle.mjs", {"entry": "python/editor.js"})
    (folder / "editor.js").write_text(editor["code"], encoding="utf-8")
    texts = licences(app.page_python["wheels"].values(), editor["packages"])
    (folder / "licences.txt").write_text(texts, encoding="utf-8")
    loaded = [*pyodide.iterdir(), folder / "book.pack"]
    book = {
        "title": app.config.html_title,
        "start": app.config.root_doc.rpartition("/")[2] + ".html",
        "exercises": _exercises(),
        "minutes": {f"{chapter}.html": minutes for chapter, minutes in LONG.items()},
        "bytes": sum(file.stat().st_size for file in loaded if file.name not in _IMPORTED),
    }
    _write_with(folder / "start.js", BOOK=book)


_IMPORTED = ("pyodide.mjs", "pyodide.asm.mjs")  # by the browser itself: the page cannot count them


def _write_with(path, **constants):
    """Write a script of ours with what it is to know, as constants, in its first line."""
    names = [f"const {k} = {json.dumps(v, ensure_ascii=False)};" for k, v in constants.items()]
    script = (HERE / path.name).read_text("utf-8")
    path.write_text("\n".join([*names, script]), encoding="utf-8")


def _exercises():
    """Return {page: [names of its exercises]}."""
    pages = {}
    for exercise in EXERCISES.values():
        pages.setdefault(f"{exercise.chapter}.html", []).append(exercise.name)
    return pages


def licences(wheels, modules):
    """Return the licences of all that is served beside the pages, in their own words.

    Pyodide comes without its licence, and Python's own library as well: other packages that stand
    under the same bring the text.
    """
    mozilla = (node.MODULES / "axe-core/LICENSE").read_text("utf-8")
    python = _texts_of("typing_extensions")
    cut = (
        "Its Python files are compiled, and what no page uses is left out, when the book is built."
    )
    parts = [
        f"Pyodide {VERSION}\n\nIts source: https://github.com/pyodide/pyodide/tree/{VERSION}\n\n"
        f"{mozilla}",
        f"Python {_known()['info']['python']}\n\n{cut}\nIts source: "
        f"https://github.com/python/cpython\n\n{python}",
    ]
    for name in modules:
        version = json.loads((node.MODULES / name / "package.json").read_text("utf-8"))["version"]
        parts.append(f"{name} {version}\n\n{(node.MODULES / name / 'LICENSE').read_text('utf-8')}")
    for name in packing.PURE:
        parts.append(f"{name} {metadata.version(name)}\n\n{_texts_of(name)}")
    for path in sorted(wheels, key=lambda path: path.name):
        with zipfile.ZipFile(path) as wheel:
            found = [name for name in wheel.namelist() if _is_licence(name)]
            texts = [f"{name}\n\n{wheel.read(name).decode('utf-8', 'replace')}" for name in found]
        parts.append(f"{path.name}\n\n{cut}\n\n" + "\n".join(texts))
    return f"\n{'=' * 80}\n".join(parts)


def _texts_of(package):
    files = [path for path in metadata.files(package) if _is_licence(str(path))]
    return "\n".join(path.read_text("utf-8") for path in files)


def _is_licence(path):
    name = r"dist-info/.*(licen[cs]e|copying)|/(licen[cs]e|copying)[^/]*$"
    return re.search(name, path, re.IGNORECASE)
