"""Let search find chapters by the words that readers bring with them.

A chapter is also found by what others call its subject, and before all other pages. Of the others
chapters come first, then terms, then functions, unless a name from code is sought: see
templates/search.html.
"""

from docutils import nodes

ALIASES = {
    "chapters/02-formula": "qkv, projection",
    "chapters/03-breakdown": "softmax, dot, product",
    "chapters/05-why-sqrt-d": "why, divide, square, root, scaling, scaled, sqrt, variance",
    "chapters/06-masks": "mask, masking, causal, padding, autoregressive",
    "chapters/07-multi-head": "multi, head, multihead, mha",
    "chapters/08-position": "positional, encoding, embedding, sinusoidal, rope",
    "chapters/09-transformer": "encoder, decoder, residual, layernorm, ffn, bert, gpt",
    "chapters/10-training": "gradient, backpropagation, adam, loss, warmup",
    "chapters/11-generating": "kv, cache, sampling, temperature, decoding, prefill, inference",
    "chapters/12-long-sequences": "flash, flashattention, online, memory, tiling",
    "chapters/13-gallery-of-errors": "bug, bugs, pitfall, mistake",
}


def setup(app):
    app.connect("doctree-read", _name)
    app.connect("html-page-context", _tell)


def _name(app, doctree):
    words = ALIASES.get(app.env.docname)
    if words:
        doctree.insert(0, nodes.meta("", name="keywords", content=words))


def _tell(app, pagename, templatename, context, doctree):
    if pagename == "search":
        context["aliases"] = {name: words.split(", ") for name, words in ALIASES.items()}
