"""What the site's extensions do to formulas, figures, styles and code, each on a small example."""

import base64
import io
import re
from pathlib import Path

import myst_nb
import pydata_sphinx_theme
import pytest
import sphinx
import sphinx_book_theme
import sphinx_design
from docutils import nodes
from docutils.core import publish_doctree
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

from attention.figures import explore, picture, plots
from attention.figures.explorer import SCRIPT
from extensions import blocks, chapters, mathematics, node, pictures, styles

DIFFERENT_WIDTHS = [[0.25, 0.75]], [[0.5, 0.3, 0.2]]


def shown(latex, block=False):
    [answer] = mathematics.typeset([(latex, block)])
    return answer["html"]


def test_a_formula_is_set_for_eyes_and_for_screen_readers():
    html = shown(r"\sqrt{d_k}")
    assert "<math" in html
    assert "<msqrt><msub><mi>d</mi><mi>k</mi></msub></msqrt>" in html
    assert 'class="katex-html" aria-hidden="true"' in html
    assert "katex-display" not in html
    assert "katex-display" in shown(r"\sqrt{d_k}", block=True)


@pytest.mark.parametrize(("role", "colour"), plots.COLOURS.items())
def test_the_colours_of_roles_follow_the_page(role, colour):
    html = shown(rf"\textcolor{{{colour.light}}}{{X}} \textcolor{{#123456}}{{Y}}")
    eyes = html.partition("katex-html")[2]
    assert re.search(rf'data-part="{role}" style="[^"]*color:var\(--{role}\)', eyes)
    assert colour.light not in eyes
    assert "color:#123456" in eyes


def test_formulas_keep_their_order_and_errors_name_the_macro():
    right, wrong = mathematics.typeset([("a", False), (r"\atention", False)])
    assert "<mi>a</mi>" in right["html"]
    assert "html" not in wrong
    assert r"Undefined control sequence: \atention" in wrong["error"]


@pytest.fixture
def build(tmp_path):
    """Return build(source), which returns the page made of it, and the warnings."""

    def build(source):
        (tmp_path / "index.rst").write_text(f"Title\n=====\n\n{source}", encoding="utf-8")
        folders = [tmp_path, None, tmp_path / "site", tmp_path / "trees"]
        settings = {"extensions": ["extensions.mathematics"]}
        warnings = io.StringIO()
        app = Sphinx(*folders, "html", settings, status=None, warning=warnings)
        app.build()
        return (tmp_path / "site/index.html").read_text(encoding="utf-8"), warnings.getvalue()

    return build


def test_equations_are_numbered_once_and_references_lead_to_them(build):
    page, warnings = build(
        ".. math:: a\n   :label: first\n\n"
        ".. math::\n   :label: second\n\n   \\begin{align} b &= c \\end{align}\n\n"
        "See :eq:`second`.\n"
    )
    assert warnings == ""
    assert re.findall(r'class="eqno">(\(\d\))<', page) == ["(1)", "(2)"]
    assert 'id="equation-second"' in page
    assert re.search(r'href="#equation-second"[^>]*>.*?\(2\)', page)
    # KaTeX leaves the place for numbers of its own only in forms without a star.
    assert "eqn-num" not in page


def test_an_unknown_macro_is_a_warning_with_its_place(build):
    page, warnings = build("Text.\n\nHere :math:`\\atention` is wrong.\n")
    assert re.search(r"index\.rst:6: WARNING: .*Undefined control sequence: \\atention", warnings)


def test_a_static_figure_is_drawn_into_the_page():
    shown = picture.figure(lambda ax: str(plots.heatmap(ax, [[0.2, 0.8]]) and "0.2 < 0.8 & so"))
    markup = picture.figure_html(shown.frame)
    page = pictures.drawn(f"<p>Before</p>{markup}<p>After</p>")
    assert "<img" not in page
    assert '<svg role="img" aria-label="0.2 &lt; 0.8 &amp; so"' in page
    assert ">0.80</text>" in re.sub(r"\s*>", ">", page)
    assert page.startswith("<p>Before</p><figure")
    assert page.endswith("</figure><p>After</p>")


def test_the_ids_of_two_drawings_differ_and_their_references_follow():
    # The same axis on both: its marks have the same names in both images.
    frames = [
        picture.figure(lambda ax, w=w: str(plots.weight_bars(ax, w[0]) and f"{len(w[0])}")).frame
        for w in DIFFERENT_WIDTHS
    ]
    page = "".join(pictures.drawn(picture.figure_html(frame)) for frame in frames)
    ids = re.findall(r"\bid='([^']*)'", page)
    references = re.findall(r"href='#([^']*)'|url\(#([^)]*)\)", page)
    assert len(ids) == len(set(ids)) > 2
    assert {a or b for a, b in references} <= set(ids)


def test_a_figure_with_sliders_keeps_its_image_for_its_script():
    markup = explore(lambda ax, d_k: f"{d_k}", d_k=[1, 2])._repr_mimebundle_()["text/html"]
    assert pictures.drawn(markup) == markup


def test_each_role_has_its_colour_on_light_and_dark_pages():
    rules = pictures.colour_rules()
    light, dark = re.findall(r"\{([^{}]*--query:[^{}]*)\}", rules)
    for role, colour in plots.COLOURS.items():
        assert f"--{role}:{colour.light};" in light
        assert f"--{role}:{colour.dark};" in dark
        assert re.search(rf"span\.{role},[^{{]*{{color:[^}}]*var\(--{role}\)", rules)


def test_purging_keeps_what_pages_have_and_scripts_set():
    css = (
        ".kept{a:b}.set{a:b}.gone{a:b}/* .kept */html[data-theme=dark] .kept{a:b}"
        ".prose{a:b}.fa-bars{a:b}"
    )
    pages = '<html data-theme="light"><p class="kept">prose and gone</p><i class="fa-bars"></i>'
    script = 'page.classList.add("set"); page.dataset.theme = "dark"'
    purged = styles.purge(css, pages, script)
    assert purged == ".kept{a:b}.set{a:b}html[data-theme=dark] .kept{a:b}"


def test_visible_characters_are_those_of_the_formula_alone():
    formulas = mathematics.typeset([(r"\frac{a}{b} < \text{ no}", True)])
    seen = styles.visible_characters(formulas)
    assert seen[""] - {"\u200b", " ", "\xa0"} == set("ab<no")
    assert seen["mathnormal"] == set("ab")


FACES = "".join(
    f"@font-face{{font-family:KaTeX_{family};font-style:{style};font-weight:{weight};"
    f"src:url(fonts/KaTeX_{family}-{name}.woff2) format('woff2'),url(fonts/other.ttf)}}"
    for family, name, style, weight in [
        ("Main", "Regular", "normal", 400),
        ("Main", "Bold", "normal", 700),
        ("Main", "Italic", "italic", 400),
        ("Math", "Italic", "italic", 400),
    ]
)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        (".katex{font:normal 1.21em KaTeX_Main}", ["Main normal 400"]),
        (".katex .mathnormal{font-family:KaTeX_Math;font-style:italic}", ["Math italic 400"]),
        (".katex .mathbf{font-family:KaTeX_Main;font-weight:700}", ["Main normal 700"]),
        (".katex .textbf{font-weight:700}", ["Main normal 700"]),
        (".katex .base{position:relative}", []),
    ],
)
def test_only_fonts_that_a_rule_asks_for_stay(rules, kept):
    node.install()
    css = styles.embed_fonts(
        FACES + "@font-face{font-family:Icons;src:url(x.woff2)}" + rules, {"": {"a"}}
    )
    faces = re.findall(r"family:KaTeX_(\w+);font-style:(\w+);font-weight:(\d+)", css)
    assert [" ".join(face) for face in faces] == kept
    assert css.endswith(rules)
    assert "url(fonts" not in css
    assert "Icons" not in css


def test_an_embedded_font_holds_the_characters_and_no_others():
    node.install()
    rules = ".katex{font:KaTeX_Main}.katex .mathnormal{font-family:KaTeX_Math;font-style:italic}"
    css = styles.embed_fonts(FACES + rules, {"": set("aβ√"), "mathnormal": set("β")})
    upright, italic = embedded(css)
    assert upright == set("a√")  # β is in another font
    assert italic == set("β")  # and that has a for formulas that do not use it


def embedded(css):
    """Return the characters of each embedded font."""
    fonts = re.findall(r"url\(data:font/woff2;base64,([^)]*)\)", css)
    maps = (TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap() for data in fonts)
    return [set(map(chr, characters)) for characters in maps]


def test_the_text_faces_hold_the_characters_of_the_pages():
    node.install()
    faces = styles.text_faces("<p>Aé →<script>x</script><svg><text>y</text></svg>&lt;</p>")
    for found in embedded(faces):
        assert {"A", "é", "<"} <= found <= set("Aé→<> ")  # > is < from the other side
    styles_of = re.findall(r"font-style:(\w+);font-weight:(\d+)", faces)
    assert styles_of == [("normal", "400"), ("italic", "400"), ("normal", "600")]


def test_rules_for_glyphs_that_no_font_has_are_dropped():
    css = (
        "a{x:y}a.external::after{content:var(--pst-icon-link);font:var(--fa-font-solid)}"
        'b{font-family:"Font Awesome 6 Free"}html{--pst-icon-link:"\\f35d";--kept:1}i{x:y}'
    )
    assert styles.drop_glyphs(css) == "a{x:y}html{--kept:1}i{x:y}"


FORMULA = r"a = \text{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right) V, \qquad c = d + e"


def test_a_block_breaks_into_pieces_and_knows_how_wide_they_are():
    [block, short] = mathematics.typeset([(FORMULA, True), ("c", True)])
    assert block["html"].count('class="piece"') == 2
    assert "margin-right:2em" not in block["html"]
    assert block["widest"] < block["pieces"] < 20
    assert short["widest"] == short["pieces"] < 1
    assert "pieces" not in mathematics.typeset([(FORMULA, False)])[0]


def parsed(source):
    return publish_doctree(source, settings_overrides={"report_level": 5})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("**Try:** move it.", ["try"]),
        ("**Try** what you like.", ["try"]),
        ("Move it. **Predict:** what follows?", ["predict"]),
        ("**Predict before you look:** what follows?", ["predict"]),
        ("It is the first of two. **Try:** the other.", ["try"]),
        ("Or *try* it, **retry** it.", []),
        ("**You** should see it.", []),
    ],
)
def test_a_paragraph_that_asks_becomes_a_block(text, kinds):
    [paragraph] = parsed(text).findall(nodes.paragraph)
    assert blocks.kind(paragraph) == kinds


def cell(name, *, shows=None, folded=True):
    """Return a code cell as it stands on a page before its parts are put in order."""
    source = nodes.container("", nodes.literal_block(name, name), nb_element="cell_code_source")
    outputs = [nodes.container("", nodes.raw("", shows), nb_element="cell_code_output")]
    fold = blocks.HideCodeCellNode()
    fold.children = [source]
    parts = [fold if folded else source, *(outputs if shows else [])]
    hidden = {"hide_mode": "input"} if folded else {}
    cell = nodes.container(nb_element="cell_code", **hidden)
    cell.children = parts
    return cell


FIGURE, NUMBERS = '<figure class="attention-figure">', "1 2"


@pytest.mark.parametrize(
    ("cells", "gathered"),
    [
        # (name, shows, folded) -> the code of each cell that stays on the page
        ([("a", None, 1), ("b", FIGURE, 1)], ["a b"]),
        ([("a", None, 1), ("b", None, 1), ("c", NUMBERS, 1)], ["a b c"]),
        ([("a", FIGURE, 1), ("b", None, 1)], ["a b"]),
        ([("a", FIGURE, 1), ("b", None, 1), ("c", FIGURE, 1)], ["a", "b c"]),
        ([("a", None, 1), ("b", None, 0)], ["a", "b"]),
        ([("a", NUMBERS, 0), ("b", None, 1)], ["a", "b"]),
        ([("a", FIGURE, 1), ("b", None, 1), ("c", None, 0)], ["a b", "c"]),
    ],
)
def test_code_that_shows_nothing_stands_in_the_fold_beside_it(cells, gathered):
    section = nodes.section()
    section.children = [cell(name, shows=shows, folded=folded) for name, shows, folded in cells]
    blocks.gather_folds(section)
    blocks_of = [part.findall(nodes.literal_block) for part in section.children]
    assert [" ".join(block.astext() for block in found) for found in blocks_of] == gathered


def test_text_keeps_the_folds_around_it_apart():
    section = nodes.section()
    section.children = [cell("a"), nodes.paragraph("", "b"), cell("c", shows=FIGURE)]
    blocks.gather_folds(section)
    assert len(section.children) == 3


@pytest.mark.parametrize(
    ("source", "shows", "name"),
    [
        ("assert x", FIGURE, "Code of this figure"),
        ("print(x)", NUMBERS, "Code of these numbers"),
        ("assert x", None, "How this is checked"),
        ("x = 1", None, "Code"),
    ],
)
def test_a_fold_says_what_it_holds(source, shows, name):
    assert blocks.fold_name(cell(source, shows=shows)) == name


@pytest.mark.parametrize(
    ("shown", "folded", "classes"),
    [
        (FIGURE, True, ["has-output", "has-figure"]),
        ('<table class="attention-table cards">', True, ["has-output", "has-table"]),
        ('<div class="attention-verdict" data-kind="open">', False, ["has-output", "has-verdict"]),
        (NUMBERS, False, ["has-output"]),
        (None, True, ["only-folded"]),
        (None, False, []),
    ],
)
def test_a_cell_says_what_it_shows(shown, folded, classes):
    assert blocks.shows(cell("x", shows=shown, folded=folded)) == classes


TABLE = """
=====  =====  =====
a      b      c
=====  =====  =====
x      2      3
4      5
=====  =====  =====
"""


def test_the_cells_of_a_card_repeat_the_names_of_their_columns():
    [table] = parsed(TABLE).findall(nodes.table)
    blocks.name_cells(table)
    assert table["classes"] == ["cards"]
    [body] = table.findall(nodes.tbody)
    labels = [[label.astext() for label in row.findall(nodes.inline)] for row in body]
    assert labels == [["b", "c"], ["a", "b"]]  # a number is no title, and nothing has no name


def test_a_table_of_two_columns_stays_a_table():
    narrow = "\n".join(line[:12].rstrip() for line in TABLE.split("\n"))
    [table] = parsed(narrow).findall(nodes.table)
    blocks.name_cells(table)
    assert table["classes"] == []
    assert not list(table.findall(nodes.inline))


def test_figures_of_a_page_share_their_script():
    markups = [f"<figure></figure><script>{{{SCRIPT}move()}}</script>"] * 2
    shared = pictures.share_script(["<figure></figure>", *markups])
    assert shared[0] == "<figure></figure>"
    short = pictures.short_script()
    assert shared[1] == f"<script>\n{short}</script>\n<figure></figure><script>{{move()}}</script>"
    assert len(short) < 0.6 * len(SCRIPT)
    assert {"attentionExplorer", "attentionFrames"} <= set(re.findall(r"\w+", short))
    assert shared[2] == "<figure></figure><script>{move()}</script>"
    assert pictures.share_script(["<p>"]) == ["<p>"]


def test_the_contents_show_the_numbers_of_chapters():
    link = '<a class="reference internal" href="{}">'
    hrefs = ["#", "../chapters/10-x.html", "04-y.html", "99-z.html", "a.html"]
    contents = chapters.numbered("".join(map(link.format, hrefs)), "chapters/03-w")
    assert re.findall(r'class="chapter [^"]*" href="([^"]*)"', contents) == hrefs[:3]
    shown = re.findall(r'href="([^"]*)">(?:<span class="number">(\d+)</span>)?', contents)
    assert shown == list(zip(hrefs, ["3", "10", "4", "", ""], strict=True))


def test_every_chapter_has_its_minutes():
    names = {f"chapters/{file.stem}" for file in chapters.ROOT.glob("chapters/*.ipynb")}
    assert set(chapters.minutes()) == names
    assert all(int(minutes) > 0 for minutes in chapters.minutes().values())


def test_every_template_that_replaces_one_of_the_theme_has_its_reason():
    listed = (chapters.ROOT / "extensions/README.md").read_text(encoding="utf-8")
    folder = chapters.ROOT / "extensions/templates"
    for file in folder.rglob("*.html"):
        assert f"`{file.relative_to(folder).as_posix()}`" in listed


def classes(css):
    """Return the names of the classes for which a style sheet has rules."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", css)))


def test_every_class_of_the_theme_that_gets_other_rules_is_listed():
    theme = set()
    for module in (pydata_sphinx_theme, sphinx_book_theme, myst_nb, sphinx_design, sphinx):
        for file in Path(module.__file__).parent.rglob("*.css*"):
            theme |= classes(file.read_text(encoding="utf-8"))
    assert len(theme) > 500
    own = classes((chapters.ROOT / "extensions/site.css").read_text(encoding="utf-8"))
    listed = (chapters.ROOT / "extensions/README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\.([a-zA-Z][\w-]*)", listed))
    # Code has a class for each kind of token; the list names some.
    overridden = {name for name in own & theme if len(name) > 2}
    assert {"bd-article", "sd-dropdown", "cell_input"} <= overridden
    assert sorted(overridden - named) == []


def test_what_a_rule_would_load_is_dropped():
    css = 'li{color:red;background:url("file.png") no-repeat;margin:0}p{background:url(data:x)}'
    assert styles.drop_files(css) == "li{color:red;margin:0}p{background:url(data:x)}"


def test_an_icon_has_its_shape_and_modifiers_have_none():
    rules = styles.icon_rules('<i class="fa-solid fa-bars fa-lg"></i><i class="fas fa-moon"></i>')
    assert re.findall(r"\.(fa-[a-z]+)\{--icon:url\(\"data:image/svg", rules) == [
        "fa-bars",
        "fa-moon",
    ]


def test_node_reports_what_went_wrong():
    with pytest.raises(node.ExtensionError, match=r"(?s)^no-such\.mjs failed:.*Cannot find"):
        node.run("no-such.mjs", [])
