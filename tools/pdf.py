"""Print the built book as one PDF, by the browser: python tools/pdf.py

It takes the pages of _build/html in the order of _toc.yml, makes one document of them, and prints
it twice: the first time tells on which page each chapter begins, the second has that in its
contents. Bookmarks, links within the file and structure for screen readers are the browser's.
"""

import argparse
import html
import re
import shutil
import sys
from pathlib import Path

import yaml
from playwright.sync_api import Error, sync_playwright
from pypdf import PdfReader, PdfWriter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extensions import chapters, cover, pictures  # noqa: E402

PAPER = Path(__file__).with_name("paper")
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
NAMES += ["microsoft-edge", "msedge"]
FLAGS = ["--no-sandbox", "--disable-gpu"]
SAYS = "Every number on its pages is computed."


def contents(toc):
    """Yield (caption of the part, name) of each page, in the order in which they are read."""
    for part in yaml.safe_load(toc)["parts"]:
        for chapter in part["chapters"]:
            yield part["caption"], chapter["file"]


def pages_of(site, toc):
    """Return the pages to print, as paper.js takes them."""
    found = []
    for place, (part, name) in enumerate(contents(toc)):
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        heading = re.search(r"<h1>(.*?)<a class=\"headerlink\"", page, re.DOTALL)[1]
        title = html.unescape(re.sub("<[^>]*>", "", heading))
        article = re.search(r"<article\b.*</article>", page, re.DOTALL)[0]
        about = {"name": name, "title": title, "part": part, "number": chapters.number(name)}
        found.append(about | {"html": article, "key": f"chapter{place}"})
    return found


def running(pages):
    """Return the rules that write the title of its chapter below each page."""
    return "".join(
        f"@page {page['key']}{{@bottom-left{{content:{_string(page)};color:#566159;"
        'font:9pt "Source Serif 4",serif;vertical-align:top;padding-top:6mm}}'
        for page in pages
    )


def _string(page):
    text = f"{page['number']} · {page['title']}" if page["number"] else page["title"]
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def front(config):
    """Return what the first page shows."""
    picture = pictures.named(cover.cover(), cover.SAYS)
    return (
        f'<p class="name">{html.escape(config["title"])}</p>\n<p class="says">{SAYS}</p>\n'
        f'{picture}\n<p class="by">{html.escape(config["author"])}<br>{config["copyright"]}</p>'
    )


def document(site, config):
    """Return an empty page with the style of the book."""
    style = (site / "_static/site.css").read_text(encoding="utf-8")
    style += (PAPER / "paper.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-mode="light"><head>'
        f'<meta charset="utf-8"><title>{html.escape(config["title"])}</title>'
        f"<style>{style}</style></head><body></body></html>"
    )


def starts(reader):
    """Return [(title, number of the page)] of the bookmarks of the first level."""
    return [
        (item.title, reader.get_destination_page_number(item) + 1)
        for item in reader.outline
        if not isinstance(item, list)
    ]


def launch(playwright):
    """Start the browser that is there, else Playwright's own."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        return playwright.chromium.launch(executable_path=executable, args=FLAGS)
    except Error as error:
        raise SystemExit(
            "A PDF is printed by Chromium, Chrome or Edge, and none starts here: "
            f"`playwright install chromium` brings one ({error.message.splitlines()[0]})"
        ) from error


def write(site, output):
    """Print the pages of a site into one file."""
    if not (site / "index.html").is_file():
        raise SystemExit(f"{site} holds no book: `jupyter-book build .` builds it")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    pages = pages_of(site, (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    output.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        folio = {}
        for _ in range(2):
            page = browser.new_page()
            page.set_content(document(site, config))
            page.add_style_tag(content=running(pages))
            said = {"pages": pages, "cover": front(config), "folio": folio}
            script = (PAPER / "paper.js").read_text(encoding="utf-8")
            page.evaluate(f"(said) => {{ {script}\n paper(said); }}", said)
            page.pdf(
                path=output,
                prefer_css_page_size=True,
                print_background=True,
                outline=True,
                tagged=True,
            )
            page.close()
            numbers = [number for _, number in starts(PdfReader(output))]
            folio = dict(zip([page["name"] for page in pages], numbers, strict=True))
        browser.close()
    finish(output, config)
    return output


def finish(output, config):
    """Write what the file says of itself, and that a reader shows its bookmarks."""
    writer = PdfWriter(clone_from=output)
    writer.add_metadata({"/Title": config["title"], "/Author": config["author"]})
    writer.page_mode = "/UseOutlines"
    writer.write(output)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build/html")
    parser.add_argument("--output", type=Path, default=ROOT / "_build/pdf/attention-computed.pdf")
    asked = parser.parse_args(arguments)
    print(write(asked.site, asked.output))


if __name__ == "__main__":
    main()
