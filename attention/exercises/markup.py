"""Pages of HTML, a question's Markdown as HTML, the reply to an answer, numbers, XML as text."""

import html
import re
from decimal import Decimal
from xml.etree import ElementTree

LICENCE = "Attention, Computed. Text and data: CC BY 4.0. Code: MIT."


def text(markdown):
    r"""Turn a question's Markdown into HTML with LaTeX.

    >>> text("Is $d_k < 2$ *or* `x`?")
    'Is \\(d_k &lt; 2\\) <em>or</em> <code>x</code>?'
    """
    escaped = html.escape(str(markdown), quote=False)
    for pattern, replacement in [
        (r"\$([^$]+)\$", r"\\(\1\\)"),
        (r"`([^`]+)`", r"<code>\1</code>"),
        (r"\*([^*]+)\*", r"<em>\1</em>"),
    ]:
        escaped = re.sub(pattern, replacement, escaped)
    return escaped


def reply(answer):
    """Return what is said to an answer, the name of its mistake first."""
    return f"{answer.name}: {text(answer.because)}" if answer.name else text(answer.because)


def number(x):
    """Write a number in ten digits and without an exponent, which GIFT does not have.

    >>> number(2e-6), number(2**32), number(1 / 3)
    ('0.000002', '4294967296', '0.3333333333')
    """
    return f"{Decimal(f'{x:.10g}'):f}"


def written_xml(root):
    """Return the text of an XML file."""
    ElementTree.indent(root)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {LICENCE} -->\n'
    return head + ElementTree.tostring(root, "unicode") + "\n"


def html_page(title, body, style):
    """Return a page of HTML that needs nothing beside it; body and style are as they shall stand.

    >>> html_page("<A>", "<p>B</p>", "").splitlines()[5]
    '<title>&lt;A&gt;</title>'
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>
{style}</style>
</head>
<body>
{body}</body>
</html>
"""
