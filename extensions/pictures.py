"""Draw static figures into the page, where they follow its light or dark colours.

A stored figure is an image, which notebook viewers keep; an image cannot take the colours of the
page around it. Figures with sliders do the same by their own script.
"""

import html
import re
import urllib.parse
import zlib
from functools import cache

from docutils import nodes

from attention.figures.explorer import SCRIPT
from attention.figures.plots import COLOURS
from extensions import scripts

_FIGURE = re.compile(r'<figure class="attention-figure".*?</figure>', re.DOTALL)
_DRAWN = re.compile("attention-(figure|index)")
_INDEX = re.compile(r'<ul class="attention-index".*?</ul>', re.DOTALL)
_IMAGE = re.compile(r'<img alt="([^"]*)"[^>]* style="([^"]*)" src="data:image/svg\+xml,([^"]*)">')


def setup(app):
    app.connect("doctree-resolved", _draw_figures)


def drawn(markup):
    """Replace the image of every figure without sliders, and of an index, by what it holds."""
    markup = _INDEX.sub(lambda index: _IMAGE.sub(_drawing, index[0]), markup)
    return _FIGURE.sub(
        lambda figure: (
            figure[0] if "attention-controls" in figure[0] else _IMAGE.sub(_drawing, figure[0])
        ),
        markup,
    )


def panels(markup):
    """Return the drawings of the first figure in a markup, each with names of its own."""
    figure = _FIGURE.search(markup)
    return [_svg(image[3]) for image in _IMAGE.finditer(figure[0])] if figure else []


def named(svg, sentence):
    """Return a drawing for a page, with the sentence that says what it shows."""
    said = f'role="img" aria-label="{html.escape(sentence)}"'
    return _own_names(svg).replace("<svg ", f"<svg {said} ", 1)


def _svg(source):
    return _own_names(urllib.parse.unquote(html.unescape(source)))


def _own_names(svg):
    # Two figures may define the same mark by the same name, a page may not.
    suffix = f"-{zlib.crc32(svg.encode()):x}"
    return re.sub(r"(?<=\bid=')\w+|(?<=\burl\(#)\w+|(?<=href='#)\w+", rf"\g<0>{suffix}", svg)


def _drawing(image):
    sentence, style, source = image.groups()
    svg = _svg(source)
    # The first panel's sentence says what all of them show.
    said = f'role="img" aria-label="{sentence}"' if sentence else 'aria-hidden="true"'
    return svg.replace("<svg ", f'<svg {said} style="{style}" ', 1)


def _draw_figures(app, doctree, docname):
    figures = [raw for raw in doctree.findall(nodes.raw) if _DRAWN.search(raw.astext())]
    markups = share_script([drawn(raw.astext()) for raw in figures])
    for raw, markup in zip(figures, markups, strict=True):
        raw.children = [nodes.Text(markup)]


def share_script(markups):
    """Put the script that each figure brings along before the first one, and nowhere else."""
    shared = [markup.replace(SCRIPT, "") for markup in markups]
    first = next((i for i, markup in enumerate(markups) if SCRIPT in markup), None)
    if first is not None:
        shared[first] = f"<script>\n{short_script()}</script>\n{shared[first]}"
    return shared


@cache
def short_script():
    """Return the script of figures as short as browsers can read it."""
    return scripts.short(SCRIPT)


def colour_rules():
    """Return the style rules that give each role its colour on light pages and on dark ones."""
    light = "".join(f"--{role}:{colour.light};" for role, colour in COLOURS.items())
    dark = "".join(f"--{role}:{colour.dark};" for role, colour in COLOURS.items())
    page = "--ink:var(--pst-color-text-base);--paper:var(--pst-color-background);"
    # A figure stands on a card, what stands for one on white.
    card = ".attention-figure{--paper:var(--card)}"
    card += ".thumbnail,.cover,.attention-index{--paper:var(--raised)}"
    # On a card, which is a little darker than the page, text needs a little more ink.
    text = "color-mix(in srgb,var(--{0}) 82%,var(--ink))"
    prose = "".join(
        f"span.{role},code [data-part={role}],.highlight [data-part={role}]"
        f"{{color:{text.format(role)}}}"
        for role in COLOURS
    )
    return f":root{{{page}{light}}}[data-theme=dark]{{{dark}}}{card}{prose}"
