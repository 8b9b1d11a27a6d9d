"""The site's reference: glossary, module, downloads, and what pages tell those who link to them."""

import ast
import doctest
import html
import importlib
import inspect
import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import docutils.core
import nbformat
import numpy as np
import pytest
import yaml
from docutils import nodes
from sphinx_external_toc.parsing import parse_toc_yaml

import attention
import extensions
from attention.figures import explorer, picture, plots
from attention.learning import reader
from extensions import cover, docstrings, glossary, launch, metadata

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted(ROOT.glob("chapters/*.ipynb"))
PAGES = sorted(ROOT.glob("reference/*.md"))
FOLDERS = ["attention", "attention/learning", "attention/figures"]
FILES = [file for folder in FOLDERS for file in sorted(ROOT.glob(f"{folder}/[!_]*.py"))]
MODULES = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in FILES]
INTERNAL = [
    f"attention.figures.{name}" for name in ("controls", "live", "markup", "marks", "svg")
]  # modules that no chapter calls
PARTIAL = {"attention.figures.picture": ["figure"], "attention.figures.explorer": ["explore"]}
TERMS = ["mask", "scale factor", "causal mask", "query", "scale", "dot product", "d_k", "L"]


def linked(source):
    """Return a text with its links to terms as [term: what stands there]."""
    tree = docutils.core.publish_doctree(source, settings_overrides={"report_level": 5})
    glossary.link_first_uses(tree, TERMS, lambda term, shown: nodes.strong("", term, shown))
    for node in list(tree.findall(nodes.strong)):
        node.replace_self(nodes.Text(f"[{node[0].astext()}: {node[1].astext()}]"))
    return tree.astext()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("A mask is a mask.", "A [mask: mask] is a mask."),
        ("Queries and a query.", "[query: Queries] and a query."),
        ("A causal mask, a mask.", "A [causal mask: causal mask], a [mask: mask]."),
        ("A dot\nproduct is a Dot product.", "A [dot product: dot\nproduct] is a Dot product."),
        ("Unmask, mask-like, scaled, upscale.", "Unmask, mask-like, scaled, upscale."),
        ("A scale factor, a scale.", "A [scale factor: scale factor], a [scale: scale]."),
        ("*The masks* and *scales*.", "The [mask: masks] and [scale: scales]."),
        ("``mask`` is :math:`scale`, scale!", "mask is scale, [scale: scale]!"),
        ("L and d_k are ``L`` and :math:`d_k`.", "L and d_k are [L: L] and [d_k: d_k]."),
        ("``d_k + L`` has ``L``, not ``L``.", "d_k + L has [L: L], not L."),
        ("`The mask <x.html>`_ and a mask.", "The mask and a [mask: mask]."),
        (
            "Masks\n=====\n\nText.\n\nMask\n----\n\nA mask.",
            "Masks\n\nText.\n\nMask\n\nA [mask: mask].",
        ),
        ("Code::\n\n  a mask\n\n.. raw:: html\n\n  mask\n", "Code:\n\na mask\n\nmask"),
    ],
)
def test_the_first_use_of_a_term_is_linked(source, shown):
    assert linked(source) == shown


@pytest.fixture(scope="module")
def terms(site):
    """Return {anchor: what the glossary says}."""
    page = (site / "reference/glossary.html").read_text(encoding="utf-8")
    items = re.findall(r'<dt id="(term-[^"]*)">(.*?)<a .*?<dd>(.*?)</dd>', page, re.DOTALL)
    return {anchor: (text_of(name), text_of(said)) for anchor, name, said in items}


def text_of(markup):
    return " ".join(html.unescape(re.sub("<[^>]*>", "", markup)).split())


def test_the_glossary_has_one_sentence_for_each_term(terms):
    assert len(terms) > 30
    for anchor, (_, sentence) in terms.items():
        assert re.fullmatch(r"[A-Z1].*[^.]\.", sentence), anchor
        assert not re.search(r"[.?!] ", sentence), anchor


def test_every_term_is_linked_and_each_chapter_links_it_once(site, terms):
    linked = set(re.findall(r'href="#(term-[^"]*)"', _page(site, "reference/glossary")))
    for chapter in CHAPTERS:
        page = _page(site, f"chapters/{chapter.stem}")
        links = re.findall(
            r'<a class="[^"]*\bterm\b[^"]*" href="\.\./reference/glossary\.html#([^"]*)" '
            r'title="([^"]*)">',
            page,
        )
        assert links, chapter.stem
        assert len(dict(links)) == len(links), chapter.stem
        for anchor, definition in links:
            assert " ".join(html.unescape(definition).split()) == ": ".join(terms[anchor])
        linked |= set(dict(links))
    assert linked == set(terms)


def _page(site, name):
    return (site / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("docstring", "markup"),
    [
        ("Of *args and x_ and `y`.", r"Of \*args and x\_ and \`y\`."),
        ("key (..., S, d_k) -> (..., S)", r"key \ ``(..., S, d_k)``\  -> \ ``(..., S)``\ "),
        ("Do.\n\n>>> a_ * b\n2", "Do.\n\n>>> a_ * b\n2"),
        ("What.\nRaises: ValueError.", "What.\n\nRaises: ValueError."),
        ("L  as\n   long\nd_k  wide", "``L``\n   as long\n``d_k``\n   wide"),
        ("As:\n\n    a * b\n     c", "As:\n\n.. code-block:: text\n\n   a * b\n    c"),
        ("f(x, y)  = 1", ".. code-block:: text\n\n   f(x, y)  = 1"),
    ],
)
def test_docstrings_are_shown_as_they_read(docstring, markup):
    assert docstrings.as_markup(docstring) == markup + "\n"


def public(module):
    """Return {name: object} of what a module itself defines for others."""
    return {
        name: item
        for name, item in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(item) or inspect.isclass(item))
        and item.__module__ == module.__name__
        and name in PARTIAL.get(module.__name__, [name])
    }


@pytest.mark.parametrize("name", [name for name in MODULES if name not in INTERNAL])
def test_the_reference_shows_each_docstring_with_its_examples(site, name):
    page = _page(site, "reference/api")
    shown = text_of(re.sub(r'<span class="gp">|<span class="linenos">', "", page))
    for item_name, item in public(importlib.import_module(name)).items():
        assert f'id="{name}.{item_name}"' in page
        for example in doctest.DocTestParser().get_examples(inspect.getdoc(item) or ""):
            assert " ".join(example.source.split()) in shown, item_name


def test_the_reference_shows_all_public_names(site):
    page = _page(site, "reference/api")
    shown = set(re.findall(r'<dt class="sig[^"]*" id="attention\.[\w.]+\.(\w+)"', page))
    assert set(attention.__all__) <= shown
    assert {picture.figure.__name__, explorer.explore.__name__, plots.heatmap.__name__} <= shown


def described(page):
    """Return the names and contents of a page's meta elements."""
    found = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', page)
    return {name: html.unescape(content) for name, content in found}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_page_is_described_by_its_title_and_question(site, chapter):
    first = nbformat.read(chapter, as_version=4).cells[0].source
    title, question = re.match(r"# (.*)\n+\*([^*]+)\*\n", first).groups()
    question = re.sub(r"\$(?:\\sqrt)?\{?([^$}]*)\}?\$", r"\1", question)
    tags = described(_page(site, f"chapters/{chapter.stem}"))

    def plain(text):
        return re.sub("[“”]", '"', text.replace("’", "'")).replace("√", "")

    assert plain(tags["og:title"]) == title
    assert plain(tags["description"]) == plain(tags["og:description"]) == question
    assert tags["og:type"] == "article"
    assert (site / "chapters" / tags["og:image"]).is_file()


def test_formulas_in_a_question_become_text(site):
    description = described(_page(site, "chapters/05-why-sqrt-d"))["description"]
    assert description == "Why divide by √d_k, and not by d_k, or by nothing?"


def test_each_page_has_one_description_of_its_own(site):
    descriptions = [
        described(page)["description"]
        for file in [*site.glob("chapters/*.html"), *site.glob("reference/*.html")]
        if (page := file.read_text(encoding="utf-8")).count('name="description"') == 1
    ]
    assert len(descriptions) == len(set(descriptions)) == len(CHAPTERS) + len(PAGES)


def test_the_first_page_is_described_by_itself(site):
    page = _page(site, "index")
    tags = described(page)
    assert 'http-equiv="refresh"' not in page
    assert tags["og:type"] == "website"
    assert tags["og:title"] in re.search("<title>(.*)</title>", page)[1]
    assert len(tags["description"]) > 20
    assert (site / tags["og:image"]).is_file()


@pytest.mark.parametrize("name", ["site.css", "static/site.js", "templates/sections/a.html"])
def test_a_change_in_the_extensions_is_seen(tmp_path, monkeypatch, name):
    monkeypatch.setattr(extensions, "HERE", tmp_path)
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    digests = []
    for text in ("a", "b", "a"):
        file.write_text(text)
        digests.append(extensions.digest())
    assert digests[0] == digests[2] != digests[1]


def test_without_addresses_nothing_names_one(site):
    assert not (site / "sitemap.xml").exists()
    for page in map(Path.read_text, site.rglob("*.html")):
        assert 'rel="canonical"' not in page
        assert "og:url" not in page
        assert not re.search("mybinder|fa-pencil|fa-github|/edit/", page)


@pytest.fixture(scope="module")
def addressed(tmp_path_factory):
    """Build a small book with the configuration of this one and both addresses filled in."""
    folder = tmp_path_factory.mktemp("addressed")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"] = "https://github.com/someone/a-book"
    config["html"]["baseurl"] = "https://someone.example/a-book/"
    config["sphinx"]["local_extensions"] = {"extensions": str(ROOT)}
    (folder / "chapters").mkdir()
    (folder / "reference").mkdir()
    (folder / "_config.yml").write_text(json.dumps(config))
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/one\nchapters: [{file: reference/glossary}]"
    )
    (folder / "chapters/references.bib").write_text("")
    (folder / "reference/glossary.md").write_text((ROOT / "reference/glossary.md").read_text())
    cells = [nbformat.v4.new_markdown_cell("# One\n\n*Which?*\n", id="one")]
    cells += [nbformat.v4.new_code_cell('open("results/two.json")\nimport dask', id="two")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    nb = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(nb, folder / "chapters/one.ipynb")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    build = subprocess.run(
        [jupyter_book, "build", folder, "-W", "--keep-going", "-n"], capture_output=True, text=True
    )
    assert build.returncode == 0, build.stdout + build.stderr
    return folder / "_build/html"


def test_with_the_address_of_a_repository_pages_offer_what_it_allows(addressed):
    links = re.findall(r'<a href="(https://[^"]*)"', _page(addressed, "chapters/one"))
    repository = "https://github.com/someone/a-book"
    assert repository in links
    assert f"{repository}/edit/main/chapters/one.ipynb" in links
    binder = "https://mybinder.org/v2/gh/someone/a-book/main?urlpath=lab/tree/chapters/one.ipynb"
    assert binder in links
    page = "someone/a-book/blob/notebooks/chapters/one.ipynb"
    assert f"https://colab.research.google.com/github/{page}" in links
    assert "https://codespaces.new/someone/a-book?quickstart=1" in links
    links = re.findall(r'<a href="(https://[^"]*)"', _page(addressed, "reference/glossary"))
    assert f"{repository}/edit/main/reference/glossary.md" in links


def test_with_the_address_of_a_repository_downloads_install_what_they_need(addressed):
    nb = nbformat.read(addressed / "_sources/chapters/one.ipynb", as_version=4)
    nbformat.validate(nb)
    assert [cell.id for cell in nb.cells[1:]] == ["one", "two"]
    first = nb.cells[0].source
    archive = "https://github.com/someone/a-book/archive/refs/heads/main.zip"
    assert f'"attention-computed[figures,learning,distributed] @ {archive}"' in first
    assert "for name in ['two.json']" in first
    nb = json.loads((addressed / "_sources/chapters/one.ipynb").read_text(encoding="utf-8"))
    again = launch.prepared(nb, "https://github.com/someone/a-book", "main")
    assert again == nb, "a page that is not written again keeps one such cell"


def test_what_a_first_cell_fetches_is_there():
    for chapter in CHAPTERS:
        nb = json.loads(chapter.read_text(encoding="utf-8"))
        cell = "".join(launch.prepared(nb, "https://github.com/a/b", "main")["cells"][0]["source"])
        ast.parse(re.sub(r"(?m)^%pip.*$", "", cell))
        for name in re.findall(r"'([\w-]+\.json)'", cell):
            assert (ROOT / "chapters/results" / name).is_file()
        assert ("results" in cell) == ("results/" in "".join(map(str, nb["cells"])))


def test_with_the_address_of_the_site_pages_name_theirs(addressed):
    page = _page(addressed, "chapters/one")
    address = "https://someone.example/a-book/chapters/one.html"
    assert f'<link rel="canonical" href="{address}"' in page
    assert described(page)["og:url"] == address
    assert described(page)["og:image"] == "https://someone.example/a-book/_static/cover.png"
    pages = re.findall("<loc>(.*?)</loc>", (addressed / "sitemap.xml").read_text())
    assert pages == [address, "https://someone.example/a-book/reference/glossary.html"]


@pytest.mark.parametrize(
    ("source", "question"),
    [
        ("Title\n=====\n\n*Why?*\n\nText.", "Why?"),
        ("Title\n=====\n\n*Why?* Because.", ""),
        ("Title\n=====\n\nText.\n\n*Why?*", ""),
    ],
)
def test_the_question_of_a_page_stands_alone_below_its_title(source, question):
    tree = docutils.core.publish_doctree(source, settings_overrides={"doctitle_xform": False})
    assert metadata.question(tree) == question


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_can_be_downloaded_as_it_is(site, chapter):
    source = f"_sources/chapters/{chapter.name}"
    assert f'href="../{source}"' in _page(site, f"chapters/{chapter.stem}")
    assert (site / source).read_bytes() == chapter.read_bytes()


def test_previous_and_next_lead_through_the_whole_book(site):
    names = list(parse_toc_yaml(ROOT / "_toc.yml"))
    for link, order in {"left-prev": names[::-1], "right-next": names}.items():
        for name, other in zip(order, order[1:], strict=False):
            [address] = re.findall(rf'class="{link}"\s+href="([^"]*)"', _page(site, name))
            assert (site / name).parent.joinpath(address).resolve() == site / f"{other}.html"


def test_the_cover_is_what_the_code_draws():
    svg = (ROOT / "cover.svg").read_text(encoding="utf-8")
    assert svg == cover.cover()
    shares = [
        reader.look(reader.trained(), " ".join([*cover.WORDS, end])).maps[-1, 0, cover.IT].max()
        for end in cover.ENDS
    ]
    for word in [*cover.WORDS, *cover.ENDS, cover.TITLE, *(f"{share:.2f}" for share in shares)]:
        assert f">{word}</text>" in re.sub(r"\s+>", ">", svg)


def test_the_picture_for_links_has_the_size_that_sites_expect(site):
    header = (site / "_static/cover.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:]) == (1200, 630)


def test_each_page_carries_the_mark(site):
    for file in site.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        if file != site / "index.html":  # which only leads to the first page
            assert 'rel="icon" href="data:image/svg+xml,%3Csvg' in page
            assert page.count(cover.mark("var(--weights)")) == 1
    assert cover.mark("red").count("<rect") == 6


def test_heatmaps_offer_the_values_that_they_show():
    def draw(axes):
        plots.heatmap(axes[0], [[0.25, 0.75, 0], [1, -1, -np.inf]], rows=["<a>", "b"])
        axes[0].set_title("First")
        plots.mask_grid(axes[1], [[True, False]])
        return "Two tables."

    page = picture.figure(draw, axes=2)._repr_mimebundle_()["text/html"]
    below = page.partition("</figure>")[2]
    tables = [
        [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr>.*</tr>", table)]
        for table in below.split("</table>")[:-1]
    ]
    assert tables == [
        [["", "0", "1", "2"], ["&lt;a&gt;", "0.25", "0.75", "0.00"], ["b", "1.00", "−1.00", "–"]],
        [["", "0", "1"], ["0", "✓", "–"]],
    ]
    captions = re.findall("<caption>(.*)</caption>", below)
    assert captions == ["First. Rows: queries. Columns: keys.", "Rows: queries. Columns: keys."]
    assert "<table>" not in picture.figure(lambda ax: "None.")._repr_mimebundle_()["text/html"]
