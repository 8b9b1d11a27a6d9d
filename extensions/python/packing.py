"""Pack what Python reads in a page into a file that the page takes apart without Python.

A start of Pyodide as it comes unpacks wheels in Python, and compiles Python's own library, NumPy
and matplotlib anew: two thirds of the seconds from the first click to the first output. Here both
are done while the book is built. What each start imports is compiled, by the Python that pages
run; the rest stays source, which is smaller. What no page uses stays away.

A pack is a line of JSON, [[path, bytes], ...], and after it the files, one after the other. The
build and unpack.mjs write and read it; it is served compressed.
"""

import ast
import gzip
import hashlib
import json
import os
import re
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

from attention.learning.fetching import CACHE
from extensions import node

LIBRARY = "lib/python3.14/"
PACKAGES = f"{LIBRARY}site-packages/"
HOME = "home/pyodide/"
ROOT = Path(__file__).parents[2]
PURE = ["markdown-it-py", "mdurl"]  # what turns a cell's Markdown into HTML, there as here
LATER = ["markdown_it", "numpy.testing"]  # which the first import of a package does not load
UNUSED = re.compile(
    r"/tests?/|\.(pyi|h|a|c|pxd|pyx|md|afm)$|-info/|/py\.typed$"
    r"|/sample_data/|/mpl-data/images/|/pdfcorefonts/|/sphinxext/|/f2py/|numpy/typing/|/zoneinfo/"
    r"|DejaVu(SansMono|Serif)-|PIL/_(avif|webp|imagingft|imagingcms)"
)
KEPT = 8  # packs, of other branches and versions, too: making one takes some seconds
COMPILE = node.HERE / "compile.mjs"


def write(files):
    """Write files, {path: bytes}, as a pack."""
    index = [[path, len(content)] for path, content in sorted(files.items())]
    contents = [content for _, content in sorted(files.items())]
    return b"".join([json.dumps(index).encode(), b"\n", *contents])


def read(pack):
    """Return the files of a pack."""
    index, _, contents = pack.partition(b"\n")
    files, at = {}, 0
    for path, size in json.loads(index):
        files[path] = contents[at : at + size]
        at += size
    return files


def of_python(library, wheels):
    """Return, compressed, Python's own library, a zip, and packages, wheels."""
    names = sorted(imported())
    parts = [Path(__file__), library, *wheels, *_pure()]
    return _once(
        [path.read_bytes() for path in parts], names, lambda: _python(library, wheels, names)
    )


def _python(library, wheels, names):
    files = {f"{LIBRARY}{path}": content for path, content in _members(library)}
    for wheel in wheels:
        files |= {f"{PACKAGES}{path}": content for path, content in _members(wheel)}
    files |= {f"{PACKAGES}{path}": file.read_bytes() for file, path in _pure().items()}
    files = {path: content for path, content in files.items() if not UNUSED.search(f"/{path}")}
    compiled = _compiled(files, imports=names)
    # Of what is compiled the source is not missed: no error shows lines of these files.
    return {path: files[path] for path in files if f"{path}c" not in compiled} | compiled


def of_book():
    """Return, compressed, what is the book's own: the package, with its source, and the results."""
    files = {f"{HOME}runner.py": Path(__file__).with_name("runner.py").read_bytes()}
    for folder in ("attention", "chapters/results"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                files[f"{HOME}{path.relative_to(ROOT).as_posix()}"] = path.read_bytes()
    parts = [part for path, content in sorted(files.items()) for part in (path.encode(), content)]
    return _once(parts, [], lambda: files | _compiled(files, beside=True))


def _pure():
    """Return {file: path in an archive} of the packages that are no wheel of Pyodide's."""
    files = [path for name in PURE for path in metadata.files(name)]
    return {Path(path.locate()): path.as_posix() for path in files if path.suffix == ".py"}


def imported():
    """Return the names of modules that the book's own files import of others, as far as seen."""
    names = {*LATER}
    for file in [*(ROOT / "attention").rglob("*.py"), Path(__file__).with_name("runner.py")]:
        for step in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(step, ast.Import):
                names |= {each.name for each in step.names}
            elif isinstance(step, ast.ImportFrom):
                names.add(step.module)
    return {name for name in names if name.partition(".")[0] != "attention"}


def _members(path):
    with zipfile.ZipFile(path) as members:
        for name in members.namelist():
            if not name.endswith("/"):
                yield name, members.read(name)


def _compiled(files, imports=None, beside=False):
    """Return the byte code of files: of all, or of those that these imports load.

    It stands in the place of the source, or in the folder beside it where the source stays.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given"), Path(folder, "made")
        given.write_bytes(write(files))
        request = {"imports": imports, "beside": beside, "pack": str(given), "to": str(made)}
        node.run(COMPILE.name, request)
        return read(made.read_bytes())


def _once(parts, names, make):
    """Return the pack that make() makes, compressed, or the one made before of the same parts."""
    key = hashlib.sha256(json.dumps(names).encode())
    for part in [COMPILE.read_bytes(), node.LOCK.read_bytes(), *parts]:
        key.update(hashlib.sha256(part).digest())
    kept = CACHE / "packed" / key.hexdigest()[:32]
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(write(make()), compresslevel=9, mtime=0)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            Path(folder, "pack").write_bytes(packed)
            Path(folder, "pack").replace(kept)  # whole or not at all
    os.utime(kept)
    packs = [path for path in kept.parent.iterdir() if path.is_file()]
    for old in sorted(packs, key=os.path.getmtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    return kept.read_bytes()
