"""Write pictures as HTML: panels that find their places, a caption, values as tables."""

import html
import re
import urllib.parse

from attention.figures.marks import Values, formula_html

# Units of a panel's SVG, points to matplotlib. On a phone one panel is as wide as the page, or two
# narrow ones are, so that 11-point text has 11 pixels there.
WIDTH, NARROW = 296, 144
# On a page the picture takes the page's colours; elsewhere it is dark ink on white paper.
CARD = "color:var(--ink,#222);background:var(--paper,#fff);margin:1rem auto;max-width:"


def figure_html(frame, columns=1, *, controls="", script=""):
    """Wrap a frame as HTML; its panels are images, which survive viewers that strip SVG."""
    sentence, caption = html.escape(frame.sentence), formula_html(frame.sentence)
    # The sentence says what all panels show together.
    images = map(_image, frame.panels, [sentence] + [""] * (len(frame.panels) - 1))
    return (
        f'<figure class="attention-figure" style="{CARD}{card_width(columns)}">\n'
        f'<div class="attention-panels" style="{panels_style(columns)}">\n'
        f"{''.join(images)}</div>\n"
        f"{controls}<figcaption>{caption}</figcaption>\n</figure>{script}"
    )


def card_width(columns):
    """Return how wide a figure may become: then its text is as large as the page's."""
    return "30rem" if columns == 1 else "46rem"


def panels_style(columns):
    """Return the style by which panels stand beside each other where there is room."""
    least = WIDTH if columns < 3 else NARROW
    # A column is never so narrow that more than columns of them fit.
    column = f"minmax(min(100%,max({least}px,{100 / columns - 2:.0f}%)),1fr)"
    return f"display:grid;gap:.5rem;grid-template-columns:repeat(auto-fit,{column})"


def _image(svg, sentence):
    width, height = re.search(r"viewBox='0 0 (\d+) (\d+)'", svg).groups()
    source = urllib.parse.quote(svg, safe=_SAFE_IN_SOURCE)
    return (
        f'<img alt="{sentence}" width="{width}" height="{height}" '
        f'style="width:100%;height:auto" src="data:image/svg+xml,{source}">\n'
    )


# Raw in an address inside double quotes: all signs but " and & of HTML, % and # of addresses.
_SAFE_IN_SOURCE = " !'()*+,-./:;<=>?@[]^_`{|}~$"


def tables_html(axes):
    """Write the values of heatmaps as tables."""
    return "".join(
        _table_html(ax, part) for ax in axes for part in ax.artists if isinstance(part, Values)
    )


def folded(tables, columns):
    """Fold tables away below the picture."""
    return tables and (
        f'\n<details class="attention-values" style="{CARD}{card_width(columns)}">\n'
        '<summary>Values</summary>\n<div role="group" aria-label="Values" tabindex="0" '
        f'style="overflow-x:auto">\n{tables}</div>\n</details>'
    )


def _table_html(ax, values):
    title = f"{ax.get_title()}. " if ax.get_title() else ""
    caption = title + ". ".join(
        f"{what}: {name}"
        for what, name in [("Rows", ax.get_ylabel()), ("Columns", ax.get_xlabel())]
        if name
    )
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in values.columns)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>\n"
        for name, cells in zip(values.rows, values.cells, strict=True)
    )
    return (
        f"<table>\n<caption>{html.escape(caption)}.</caption>\n"
        f"<thead><tr><td></td>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
