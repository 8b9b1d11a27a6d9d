"""One style sheet for all pages, with the rules, icons and glyphs that they use.

The theme and the extensions bring 550 kB of rules, 1.5 MB of icons and 350 kB of fonts, of which a
book uses a small part. What is used is embedded: it is there when the page is first drawn, and from
a folder on a disk, where browsers refuse to load fonts.
"""

import base64
import html
import io
import logging
import re
import urllib.parse
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset

from extensions import node, pictures
from extensions.finish import after_pages

HERE = Path(__file__).parent
KATEX = node.MODULES / "katex/dist"
TEXT = node.MODULES / "@fontsource/source-serif-4/files/source-serif-4-latin-{}.woff2"
TEXT_FACES = ((400, "normal"), (400, "italic"), (600, "normal"))  # weight and style
# KaTeX shows in these fonts what has one of these classes, and nothing else.
ONLY_FOR = {
    "KaTeX_Caligraphic-Regular": ["mathcal"],
    "KaTeX_Main-Bold": ["mathbf", "textbf"],
    "KaTeX_Math-Italic": ["mathnormal"],
    "KaTeX_Size1-Regular": ["size1", "small-op", "delim-size1"],
    "KaTeX_Size2-Regular": ["size2", "large-op"],
    "KaTeX_Size3-Regular": ["size3"],
    "KaTeX_Size4-Regular": ["size4", "delim-size4"],
}
REPLACED = {"pygments.css"}  # site.css has colours of its own for code
THEME = ["_static/basic.css", "_static/styles/pydata-sphinx-theme.css"]  # its template names them
ICONS = "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"


# It tells of each glyph of each font.
logging.getLogger("fontTools").setLevel(logging.WARNING)


def setup(app):
    app.connect("html-page-context", _note_styles, priority=900)
    after_pages(app, _write, priority=900)  # after those who write what it reads


def _note_styles(app, pagename, templatename, context, doctree):
    app.styles = THEME + [sheet.filename.partition("?")[0] for sheet in context["css_files"]]


def _write(app):
    # Without a page written there is nothing that the last style sheet would not serve.
    if not hasattr(app, "styles"):
        return
    site, static = Path(app.outdir), Path(app.outdir, "_static")
    theme = [site / name for name in app.styles if Path(name).name not in REPLACED]
    own = [HERE / "site.css", HERE / "python/page.css"]
    styles = "".join(x.read_text("utf-8") for x in [*theme, KATEX / "katex.min.css", *own])
    files = [file for file in site.rglob("*.html") if static not in file.parents]
    pages = "".join(file.read_text("utf-8") for file in files)
    scripts = sorted([*HERE.glob("static/*.js"), *HERE.glob("python/*.js")])
    css = purge(styles, pages, "".join(script.read_text("utf-8") for script in scripts))
    css = drop_files(embed_fonts(drop_glyphs(css), visible_characters(app.formulas.values())))
    css = text_faces(pages) + css
    css = re.sub(r"\s*([{};])\s*|\s+", lambda space: space[1] or " ", css)
    css += icon_rules(pages) + pictures.colour_rules()
    (static / "site.css").write_text(css, encoding="utf-8")
    for file in static.rglob("*.*"):
        if file.name not in pages:
            file.unlink()


def purge(css, pages, script):
    """Drop the rules that fit no element of the pages and nothing that the script names."""
    tags = "".join(re.findall("<[^>]*>", pages))
    content = [{"raw": tags, "extension": "html"}, {"raw": script, "extension": "js"}]
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return node.run("purge.mjs", {"css": css, "content": content})


def visible_characters(formulas):
    """Return the characters that readers see in the formulas set by KaTeX: {class: characters}.

    Those in elements of a class stand under its name, all of them under an empty one.
    """
    markup = " ".join(formula.get("html", "") for formula in formulas)
    markup = re.sub(r"<math.*?</math>", "", markup, flags=re.DOTALL)
    seen = {"": set(html.unescape(re.sub(r"<[^>]*>", "", markup)))}
    for classes, text in re.findall(r'class="([^"]*)"[^>]*>([^<]+)<', markup):
        for name in classes.split():
            seen.setdefault(name, set()).update(html.unescape(text))
    return seen


def embed_fonts(css, characters):
    """Embed each of KaTeX's fonts that a rule asks for, reduced to the characters."""
    wanted = {
        (*re.findall(r"KaTeX_\w+", body)[:1], *_style(body))
        for body in re.findall(r"\.katex[^{}]*\{([^}]*)\}", css)
    }

    def embed(face):
        family = re.search(r"KaTeX_\w+", face[0])
        # A rule without a family, such as that of \\textbf, holds for each of them.
        plain, bare = (False, False), _style(face[0])
        if not family or not {(family[0], *bare), bare} & (wanted - {plain}):
            return ""
        path = re.search(r"fonts/[^)]*\.woff2", face[0])[0]
        classes = ONLY_FOR.get(Path(path).stem, [""])
        wanted_here = set().union(*(characters.get(name, set()) for name in classes))
        font = base64.b64encode(_subset(KATEX / path, wanted_here)).decode()
        return re.sub(r"src:.*", f"src:url(data:font/woff2;base64,{font})}}", face[0])

    return re.sub(r"@font-face\{[^}]*\}", embed, css)


def _style(rule):
    return "font-weight:700" in rule, "font-style:italic" in rule


def text_faces(pages):
    """Return the faces of the book's text, reduced to the characters of the pages.

    Without kerning and ligatures, which would weigh 10 kB on every page.
    """
    hidden = r"<(style|script|svg|math)\b.*?</\1>|<[^>]*>"
    characters = set(html.unescape(re.sub(hidden, "", pages, flags=re.DOTALL)))
    rules = []
    for weight, style in TEXT_FACES:
        path = str(TEXT).format(f"{weight}-{style}")
        font = base64.b64encode(_subset(path, characters)).decode()
        rules.append(
            f"@font-face{{font-family:'Source Serif 4';font-style:{style};font-weight:{weight};"
            f"src:url(data:font/woff2;base64,{font})}}"
        )
    return "".join(rules)


def _subset(path, characters):
    options = subset.Options(flavor="woff2", notdef_outline=True, hinting=False)
    options.layout_features = []
    # Of its names the copyright stays. What is for layout, which is off, weighs 3 kB on every page.
    options.name_IDs = [0]
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "gasp", "meta"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(characters))
    file = io.BytesIO()
    with subset.load_font(path, options) as font:
        subsetter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()


def drop_glyphs(css):
    """Drop the rules that show a glyph of the theme's icon font, which no page loads."""
    css = re.sub(r"--pst-icon-[\w-]+:[^;}]*;?", "", css)
    shows = r"[^{}]*\{[^{}]*(?:--pst-icon-|--fa-font-|Font Awesome)[^{}]*\}"
    return re.sub(rf"(?<=[{{}};]){shows}", "", css)


def drop_files(css):
    """Drop what a rule would load from a file: no such file is part of the site."""
    return re.sub(r"[\w-]+:[^;{}]*url\([\"']?(?!data:|[\"'])[^;{}]*;?", "", css)


def icon_rules(pages):
    """Return a rule for each icon on the pages, with its shape from the theme's own icon script."""
    source = Path(pydata_sphinx_theme.__file__).parent / ICONS
    script = source.read_text("utf-8")
    rules = []
    for name in sorted(set(re.findall(r"\bfa-([a-z][a-z-]*)", pages))):
        icon = re.search(rf'[,{{]"?{name}"?:\[(\d+),(\d+),\[[^]]*\],"[0-9a-f]+","([^"]*)"', script)
        if icon:
            width, height, path = icon.groups()
            svg = urllib.parse.quote(
                f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>"
                f"<path d='{path}'/></svg>"
            )
            rules.append(f'.fa-{name}{{--icon:url("data:image/svg+xml,{svg}")}}')
    return "".join(rules)
