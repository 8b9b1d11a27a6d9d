"""Print the built book as one PDF, by the browser: python tools/pdf.py

It takes the pages of _build/html in the order of _toc.yml, makes one document of them, and prints
it twice: the first time tells on which page each chapter begins, the second has that in its
contents. Bookmarks, links within the file and structure for screen readers are the browser's. The
start page of the site then offers the file.
"""

from book import PAPER, command, config, document, front, launch, pages_of
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter

PRINT = {"prefer_css_page_size": True, "print_background": True, "outline": True, "tagged": True}


def running(pages):
    """Return the rules that write the title of its chapter below each page."""
    return "".join(
        f"@page {page['key']}{{@bottom-left{{content:{_string(page)};color:#566159;"
        'font:9pt "Source Serif 4",serif;vertical-align:top;padding-top:6mm}}'
        for page in pages
    )


def running_title(page):
    """Return what stands below each page of a chapter."""
    return f"{page['number']} · {page['title']}" if page["number"] else page["title"]


def _string(page):
    text = running_title(page).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def starts(reader):
    """Return [(title, number of the page)] of the bookmarks of the first level."""
    return [
        (item.title, reader.get_destination_page_number(item) + 1)
        for item in reader.outline
        if not isinstance(item, list)
    ]


def write(site, output):
    """Print the pages of a site into one file."""
    pages, said, folio = pages_of(site), config(), {}
    script = (PAPER / "paper.js").read_text(encoding="utf-8")
    output.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(2):
            page = browser.new_page()
            page.set_content(document(site, said))
            page.add_style_tag(content=running(pages))
            given = {"pages": pages, "cover": front(said), "folio": folio}
            page.evaluate(f"(given) => {{ {script}\n paper(given); }}", given)
            page.pdf(path=output, **PRINT)
            page.close()
            numbers = [number for _, number in starts(PdfReader(output))]
            folio = dict(zip([page["name"] for page in pages], numbers, strict=True))
        browser.close()
    finish(output, said)
    return output


def finish(output, said):
    """Write what the file says of itself, and that a reader shows its bookmarks."""
    writer = PdfWriter(clone_from=output)
    writer.add_metadata({"/Title": said["title"], "/Author": said["author"]})
    writer.page_mode = "/UseOutlines"
    writer.write(output)


if __name__ == "__main__":
    command(write, "pdf", "The book to print, as PDF")
