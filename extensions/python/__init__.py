"""Python in the page: readers run, change and check the code of a chapter, with nothing installed.

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
import io
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

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYODIDE = node.MODULES / "pyodide"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
LOCK = "pyodide-lock.json"
PACKAGES = ["numpy", "matplotlib"]
VERSION = json.loads((HERE.parent / "package.json").read_text())["dependencies"]["pyodide"]
# The same files: the second is for where only package registries can be reached.
SOURCES = [
    Address(f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"),
    Wheel("open-webui==0.12.4", "open_webui/frontend/pyodide/"),
]
PURE = ["markdown-it-py", "mdurl"]  # what turns a cell's Markdown into HTML, there as here
FOLDER = "python"  # of the site

# Chapters that train a model, and how long a browser takes to check them.
LONG = {"10-training": "some minutes", "11-generating": "some minutes"}
NUMBERS = "chapters/04-numeric-example"  # where readers type numbers of their own
AFTERWARDS = ["Try it", "Your turn", "What was shown"]  # the first of these sections follows them


def setup(app):
    app.connect("builder-inited", _fetch)
    app.connect("doctree-read", _insert_numbers, priority=400)  # before the contents are collected
    app.connect("html-page-context", _add_script)
    after_pages(app, _write, priority=950)  # after the styles, which drop what no page names


def _fetch(app):
    """Get what Python needs, if it can be had: only a build of pages asks for it."""
    app.page_python = None
    if app.builder.format != "html":
        return
    node.install()
    try:
        wheels = fetch(hashes(), SOURCES)
    except Unreachable as error:
        logger.warning("the pages are built without Python: %s", error)
        return
    app.page_python = {"wheels": wheels, "archive": archive()}


def hashes():
    """Return {file: SHA-256} of the packages that pages need, from Pyodide's own list."""
    known = json.loads((PYODIDE / LOCK).read_text("utf-8"))["packages"]
    found, left = {}, list(PACKAGES)
    while left:
        package = known[left.pop()]
        if package["file_name"] not in found:
            found[package["file_name"]] = package["sha256"]
            left += package["depends"]
    return found


def archive():
    """Return, as a zip, what cells import and read: the package and the results, from this tree."""
    files = {}
    for folder in ("attention", "chapters/results"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    for name in PURE:
        for path in metadata.files(name):
            if path.suffix == ".py":
                files[path.as_posix()] = path.read_binary()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as members:
        for name, content in sorted(files.items()):
            # Without the time of the build, so that the same book is the same bytes.
            members.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return zipped.getvalue()


def _version(app):
    """Return a text that changes when anything changes that pages load after their first click."""
    content = hashlib.sha256(app.page_python["archive"] if app.page_python else b"")
    content.update(app.config.extensions_digest.encode())
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
        return
    pyodide = folder / "pyodide"
    pyodide.mkdir()
    for name in CORE:
        shutil.copyfile(PYODIDE / name, pyodide / name)
    for name, path in app.page_python["wheels"].items():
        shutil.copyfile(path, pyodide / name)
    (pyodide / LOCK).write_text(json.dumps(_lock()), encoding="utf-8")
    for name in ("page.js", "worker.js", "runner.py"):
        shutil.copyfile(HERE / name, folder / name)
    (folder / "explorer.js").write_text(f"{SCRIPT}export {{ attentionExplorer }};\n", "utf-8")
    (folder / "attention.zip").write_bytes(app.page_python["archive"])
    editor = node.run("bundle.mjs", {"entry": "python/editor.js"})
    (folder / "editor.js").write_text(editor["code"], encoding="utf-8")
    texts = licences(app.page_python["wheels"].values(), editor["packages"])
    (folder / "licences.txt").write_text(texts, encoding="utf-8")
    loaded = [*pyodide.iterdir(), folder / "attention.zip", folder / "runner.py"]
    book = {
        "title": app.config.html_title,
        "start": app.config.root_doc.rpartition("/")[2] + ".html",
        "exercises": _exercises(),
        "titles": _titles(app),
        "minutes": {f"{chapter}.html": minutes for chapter, minutes in LONG.items()},
        "bytes": sum(file.stat().st_size for file in loaded if file.name not in _IMPORTED),
    }
    script = (HERE / "start.js").read_text("utf-8")
    text = f"const BOOK = {json.dumps(book, ensure_ascii=False)};\n{script}"
    (folder / "start.js").write_text(text, encoding="utf-8")


_IMPORTED = ("pyodide.mjs", "pyodide.asm.mjs")  # by the browser itself: the page cannot count them


def _lock():
    """Return Pyodide's own list, as far as it is about what the site holds."""
    lock, files = json.loads((PYODIDE / LOCK).read_text("utf-8")), hashes()
    packages = {k: v for k, v in lock["packages"].items() if v["file_name"] in files}
    return lock | {"packages": packages}


def _exercises():
    """Return {page: [names of its exercises]}."""
    pages = {}
    for exercise in EXERCISES.values():
        pages.setdefault(f"{exercise.chapter}.html", []).append(exercise.name)
    return pages


def _titles(app):
    names = {page: f"chapters/{page.removesuffix('.html')}" for page in _exercises()}
    known = app.env.titles  # a small book need not have them all
    return {page: known[name].astext() for page, name in names.items() if name in known}


def licences(wheels, modules):
    """Return the licences of all that is served beside the pages, in their own words."""
    parts = [
        f"Pyodide {VERSION}: MPL-2.0, https://www.mozilla.org/MPL/2.0/\n"
        f"Its source: https://github.com/pyodide/pyodide/tree/{VERSION}\n"
        "It contains CPython, under the PSF licence: https://docs.python.org/3.14/license.html\n"
    ]
    for name in modules:
        version = json.loads((node.MODULES / name / "package.json").read_text("utf-8"))["version"]
        parts.append(f"{name} {version}\n\n{(node.MODULES / name / 'LICENSE').read_text('utf-8')}")
    for name in PURE:
        texts = [path.read_text("utf-8") for path in metadata.files(name) if _is_licence(str(path))]
        parts.append(f"{name} {metadata.version(name)}\n\n" + "\n".join(texts))
    for path in sorted(wheels, key=lambda path: path.name):
        with zipfile.ZipFile(path) as wheel:
            found = [name for name in wheel.namelist() if _is_licence(name)]
            texts = [wheel.read(name).decode("utf-8", "replace") for name in found]
        parts.append(f"{path.name}\n\n" + "\n".join(texts))
    return f"\n{'=' * 80}\n".join(parts)


def _is_licence(path):
    return re.search(r"dist-info/.*(licen[cs]e|copying)|licenses?/", path, re.IGNORECASE)
