"""Write the built book as an EPUB, for e-readers: python tools/epub.py

It takes the pages of _build/html in the order of _toc.yml. The browser takes away what needs a
script, draws figures into the pages and writes XHTML, with formulas in MathML; this packs it. The
start page of the site then offers the file.
"""

import uuid
import zipfile
from datetime import UTC, datetime
from html import escape
from itertools import groupby

from book import PAPER, command, config, document, front, launch, pages_of
from playwright.sync_api import sync_playwright

from attention.figures.plots import COLOURS

COVER = {"width": 800, "height": 1132}  # as a sheet of A4
CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PACKAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator>{author}</dc:creator>
<dc:language>en</dc:language>
<dc:rights>CC BY 4.0</dc:rights>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Each figure says in a sentence what it shows.</meta>
<meta name="cover" content="cover-image"/>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="book.css" media-type="text/css"/>
<item id="cover-image" href="cover.png" media-type="image/png" properties="cover-image"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
{items}
</manifest>
<spine>
<itemref idref="cover"/>
<itemref idref="nav"/>
{order}
</spine>
</package>
"""
PAGE = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" \
xml:lang="en">
<head><title>{title}</title><link rel="stylesheet" href="book.css" type="text/css"/></head>
<body>
{body}
</body>
</html>
"""


def transformed(site, pages, said):
    """Return [[name, XHTML], ...] of the chapters, and the picture of the cover."""
    script = (PAPER / "paper.js").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=COVER, device_scale_factor=2)
        page.set_content(document(site, said))
        given = {"pages": pages, "style": "book.css"}
        files = page.evaluate(f"(given) => {{ {script}\n return files(given); }}", given)
        page.evaluate(
            "(cover) => { document.body.innerHTML = `<section class=cover>${cover}</section>`; }",
            front(said),
        )
        page.add_style_tag(content=".cover{height:100vh!important}")
        picture = page.screenshot()
        browser.close()
    return files, picture


def navigation(pages, names, title):
    """Return the contents, part by part."""
    parts = []
    for part, found in groupby(zip(pages, names, strict=True), lambda both: both[0]["part"]):
        lines = "".join(
            f'<li><a href="{name}.xhtml">{escape(_numbered(page))}</a></li>\n'
            for page, name in found
        )
        parts.append(f"<li><span>{escape(part)}</span>\n<ol>\n{lines}</ol></li>\n")
    body = f'<nav epub:type="toc" id="toc">\n<h1>Contents</h1>\n<ol>\n{"".join(parts)}</ol>\n</nav>'
    return PAGE.format(title=escape(title), body=body)


def _numbered(page):
    return f"{page['number']} · {page['title']}" if page["number"] else page["title"]


def package(files, said):
    """Return the list of all that the book holds."""
    items = order = ""
    for name, text in files:
        kinds = [kind for kind, mark in {"mathml": "<math", "svg": "<svg"}.items() if mark in text]
        properties = f' properties="{" ".join(kinds)}"' if kinds else ""
        items += (
            f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"'
            f"{properties}/>\n"
        )
        order += f'<itemref idref="{name}"/>\n'
    return PACKAGE.format(
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, said["title"]).urn,
        title=escape(said["title"]),
        author=escape(said["author"]),
        modified=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        items=items.rstrip(),
        order=order.rstrip(),
    )


def styles():
    """Return the style of the e-book, with the colour of each role."""
    roles = (f"span.{role} {{ color: {colour.light} }}\n" for role, colour in COLOURS.items())
    return (PAPER / "epub.css").read_text(encoding="utf-8") + "".join(roles)


def write(site, output):
    """Write the pages of a site into one file."""
    pages, said = pages_of(site), config()
    files, picture = transformed(site, pages, said)
    cover = PAGE.format(
        title=escape(said["title"]),
        body=f'<section class="cover" epub:type="cover"><img src="cover.png" '
        f'alt="{escape(said["title"])}"/></section>',
    )
    content = {
        "META-INF/container.xml": CONTAINER,
        "book.opf": package(files, said),
        "nav.xhtml": navigation(pages, [name for name, _ in files], said["title"]),
        "book.css": styles(),
        "cover.png": picture,
        "cover.xhtml": cover,
    } | {f"{name}.xhtml": text for name, text in files}
    output.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and not compressed, so that the first bytes of the file tell what it is.
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in content.items():
            archive.writestr(name, data)
    return output


if __name__ == "__main__":
    command(write, "epub", "The book for e-readers, as EPUB")
