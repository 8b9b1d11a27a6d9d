"""What the PDF and the EPUB share: the pages of the built site in their order, and the browser."""

import argparse
import html
import re
import shutil
import sys
from pathlib import Path

import yaml
from playwright.sync_api import Error

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extensions import chapters, cover, pictures  # noqa: E402

PAPER = Path(__file__).with_name("paper")
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
NAMES += ["microsoft-edge", "msedge"]
FLAGS = ["--no-sandbox", "--disable-gpu"]  # root cannot have the one, a server not the other
SAYS = "Every number on its pages is computed."


def config():
    """Return what _config.yml says."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def contents(toc):
    """Yield (caption of the part, name) of each page, in the order in which they are read."""
    for part in yaml.safe_load(toc)["parts"]:
        for chapter in part["chapters"]:
            yield part["caption"], chapter["file"]


def pages_of(site):
    """Return the pages of a site in the order of _toc.yml, as paper.js takes them."""
    if not (site / "index.html").is_file():
        raise SystemExit(f"{site} holds no book: `jupyter-book build .` builds it")
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    found = []
    for place, (part, name) in enumerate(contents(toc)):
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        heading = re.search(r"<h1>(.*?)<a class=\"headerlink\"", page, re.DOTALL)[1]
        title = html.unescape(re.sub("<[^>]*>", "", heading))
        article = re.search(r"<article\b.*</article>", page, re.DOTALL)[0]
        about = {"name": name, "title": title, "part": part, "number": chapters.number(name)}
        found.append(about | {"html": article, "key": f"chapter{place}"})
    return found


UPPER = 64  # points of the cover, in which its name stands


def front(said):
    """Return what the first page shows."""
    width, height = cover.SIZE
    drawn = cover.cover()
    # The cover without its upper part: its name stands here in larger letters.
    below = drawn.replace(f"0 0 {width} {height}", f"0 {UPPER} {width} {height - UPPER}", 1)
    picture = pictures.named(below, cover.SAYS)
    return (
        f'<p class="name">{html.escape(said["title"])}</p>\n<p class="says">{SAYS}</p>\n'
        f'{picture}\n<p class="by">{html.escape(said["author"])}<br>{said["copyright"]}</p>'
    )


def document(site, said):
    """Return an empty page with the style of the book on paper."""
    style = (site / "_static/site.css").read_text(encoding="utf-8")
    style += (PAPER / "paper.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-mode="light"><head>'
        f'<meta charset="utf-8"><title>{html.escape(said["title"])}</title>'
        f"<style>{style}</style></head><body></body></html>"
    )


def browser():
    """Return the path of a browser that is there, None where Playwright's own has to do."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright):
    """Start the browser that is there, else Playwright's own."""
    try:
        return playwright.chromium.launch(executable_path=browser(), args=FLAGS)
    except Error as error:
        raise SystemExit(
            "The book is printed by Chromium, Chrome or Edge, and none starts here: "
            f"`playwright install chromium` brings one ({error.message.splitlines()[0]})"
        ) from error


def offer(file, site, text):
    """Put a file of the whole book into the site, and a line about it on the start page."""
    shutil.copy(file, site)
    start = site / "index.html"
    page = start.read_text(encoding="utf-8")
    if f'href="{file.name}"' not in page:
        size = f"{file.stat().st_size / 1e6:.1f} MB"
        line = f'<li><a href="{file.name}">{text}</a>, {size}</li>\n'
        page = page.replace('<ul class="facts">\n', f'<ul class="facts">\n{line}', 1)
        start.write_text(page, encoding="utf-8")


def command(write, kind, text, arguments=None):
    """Run a tool that writes the book as one file of a kind, and offer the file on the site."""
    parser = argparse.ArgumentParser(description=f"Write the book as one {kind.upper()}.")
    parser.add_argument("--site", type=Path, default=ROOT / "_build/html")
    output = ROOT / f"_build/{kind}/attention-computed.{kind}"
    parser.add_argument("--output", type=Path, default=output)
    asked = parser.parse_args(arguments)
    offer(write(asked.site, asked.output), asked.site, text)
    print(asked.output)
