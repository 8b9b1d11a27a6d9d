"""Give browsers the scripts of the site without what stands in them for people."""

from pathlib import Path

from extensions import node
from extensions.finish import after_pages

STATIC = Path(__file__).parent / "static"


def setup(app):
    after_pages(app, shorten)


def shorten(app):
    for source in STATIC.glob("*.js"):
        file = Path(app.outdir, "_static", source.name)
        if file.exists():
            file.write_text(short(source.read_text(encoding="utf-8")), encoding="utf-8")


def short(script):
    """Return a script that does the same, as short as browsers can read it."""
    return node.run("shorten.mjs", {"code": script})["code"]
