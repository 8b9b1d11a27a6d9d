"""The PDF holds the whole book: pages, bookmarks, links, figures, and nothing cut."""

import html
import re
from collections import Counter

import book
import pdf
import pypdfium2
import pytest
from pypdf import PdfReader

MARGIN = 26 / 25.4 * 72  # as tools/paper/paper.css has it
CONFIG = book.config()


@pytest.fixture(scope="module")
def file(whole):
    return whole("pdf", "The book to print")


@pytest.fixture(scope="module")
def reader(file):
    return PdfReader(file)


@pytest.fixture(scope="module")
def pages(site):
    return book.pages_of(site)


@pytest.fixture(scope="module")
def texts(reader):
    return [page.extract_text() for page in reader.pages]


def test_bookmarks_are_the_titles_of_the_contents(reader, pages):
    assert [title for title, _ in pdf.starts(reader)] == [page["title"] for page in pages]


def test_the_contents_name_the_page_on_which_a_chapter_begins(reader, pages, texts):
    lines = [line.split() for line in texts[1].splitlines()]
    for title, number in pdf.starts(reader):
        assert [*title.split(), str(number)] in [line[-len(title.split()) - 1 :] for line in lines]
        assert title in re.sub(r"\s+", " ", texts[number - 1][:300])


def test_each_page_has_its_number_and_its_chapter(reader, pages, texts):
    begins = [number for _, number in pdf.starts(reader)]
    assert 100 < len(texts) < 400
    for number, text in enumerate(texts[1:], 2):
        before = sum(first <= number for first in begins)
        below = str(number) + (pdf.running_title(pages[before - 1]) if before else "")
        assert below in re.sub(r"\s+", " ", text), number
    assert "1" not in texts[0].split()


def test_what_is_computed_is_there(texts):
    whole = re.sub(r"\s+", " ", " ".join(texts))
    assert "“It” sees 7 of 9 words, and the reader says that it is the road." in whole
    assert "7.77817459" in whole  # a scaled score of the guide's example
    assert "Solution of soft_lookup" in whole
    assert "… Open." not in whole
    assert "What you answer stays on your device" not in whole


def test_no_figure_is_missing(reader, pages):
    shown = [
        html.unescape(sentence)
        for page in pages
        for figure in re.findall(r'(?s)<figure class="attention-figure".*?</figure>', page["html"])
        for sentence in re.findall(r'<(?:img alt|svg role="img" aria-label)="([^"]+)"', figure)
    ]
    assert len(shown) > 60
    told = Counter(str(figure.get("/Alt", "")) for figure in figures(reader))
    assert Counter(shown) - told == Counter()


def figures(reader):
    """Return the figures in the structure that a screen reader is told."""
    found, open_ = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while open_:
        node = open_.pop().get_object()
        if not isinstance(node, dict):
            open_ += node if isinstance(node, list) else []
            continue
        found += [node] if node.get("/S") == "/Figure" else []
        open_ += [node["/K"]] if "/K" in node else []
    return found


def pages_of_part(node):
    """Return the pages on which a part of the structure stands, as numbers of objects."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(pages_of_part, node))
    if not isinstance(node, dict):
        return set()
    own = {node.raw_get("/Pg").idnum} if "/Pg" in node else set()
    return own | (pages_of_part(node["/K"]) if "/K" in node else set())


def test_no_figure_is_broken_over_pages(reader):
    for figure in figures(reader):
        assert len(pages_of_part(figure)) <= 1, figure.get("/Alt")


def test_links_between_chapters_stay_in_the_file(reader):
    inner, outer = 0, set()
    names = reader.named_destinations
    for page in reader.pages:
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            action = link.get("/A", {})
            if action.get("/S") == "/URI":
                outer.add(str(action["/URI"]).partition(":")[0])
            else:
                target = link.get("/Dest") or action["/D"]
                assert not isinstance(target, str) or target.lstrip("/") in {
                    name.lstrip("/") for name in names
                }
                inner += 1
    assert inner > 500
    assert outer <= {"https", "http"}


def test_nothing_reaches_into_the_margins(file):
    document = pypdfium2.PdfDocument(file)
    for number in range(1, len(document)):
        page = document[number]
        text = page.get_textpage()
        for i in range(text.count_rects()):
            left, _, right, _ = text.get_rect(i)
            assert left > MARGIN - 3, (number + 1, text.get_text_bounded(*text.get_rect(i)))
            assert right < page.get_width() - MARGIN + 3, (
                number + 1,
                text.get_text_bounded(*text.get_rect(i)),
            )


def test_no_heading_ends_a_page(reader):
    lowest = 26 / 25.4 * 72 + 24
    for item in flat(reader.outline):
        assert item.top > lowest, (item.title, reader.get_destination_page_number(item) + 1)


def flat(outline):
    for item in outline:
        yield from flat(item) if isinstance(item, list) else [item]


def test_fonts_are_embedded(reader):
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            fonts[font["/BaseFont"]] = font
    assert len(fonts) > 5
    for name, font in fonts.items():
        if font["/Subtype"] == "/Type0":
            described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert any(key.startswith("/FontFile") for key in described), name
        else:
            assert font["/Subtype"] == "/Type3", name  # drawn in the file itself


def test_the_file_says_what_it_is(reader):
    assert reader.metadata.title == CONFIG["title"]
    assert reader.metadata.author == CONFIG["author"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
