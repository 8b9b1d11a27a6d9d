"""The start page: a sentence that the book's own model reads, and the map of the chapters.

Its text is index.md, at the root of the book. Here it gets what is computed: the reader of
attention/learning/reader.py with its arcs, live by static/reader.js, and a card for each chapter
with a picture from it. Without a script the sentence shows the weights as numbers.
"""

import html
import json
from functools import cache
from pathlib import Path

from docutils import nodes

from attention.exercises import EXERCISES
from attention.figures.marks import formula_html
from attention.learning import reader, sentences
from extensions import chapters, cover, metadata, pictures, scripts, thumbnails
from extensions.finish import after_pages

SCRIPT = "reading.js"
LIVE = "reader.js"  # what the script is made of, with the weights in front
ADJECTIVES = ("hungry", "tired", "scared", "wide", "narrow", "dark")
FIRST = "the dog crossed the road because it was hungry"
CHANGED = "the dog crossed the road because it was {adjective}"
BUILT = "the {noun} {verb} the {other} | because it was {quality} | {time}"
OWN = "Your own sentence"
MAP = "The chapters"
SHOWN = 0.05  # weights below are not written, as in static/reader.js


def setup(app):
    app.connect("doctree-resolved", _fill, priority=900)  # after pictures are drawn
    app.connect("html-page-context", _load)
    after_pages(app, _write)


def _fill(app, doctree, docname):
    for section in doctree.findall(nodes.section):
        if section[0].astext() == OWN:
            section.append(_raw(own_sentence()))
    maps = [part for part in doctree.findall(nodes.section) if part[0].astext() == MAP]
    if docname != app.config.root_doc or not maps:
        return
    [page] = (part for part in doctree.children if isinstance(part, nodes.section))
    page["classes"].append("start")
    places = [place for place, part in enumerate(page) if isinstance(part, nodes.paragraph)]
    page.insert(places[0] + 1, _raw(first_sentence()))
    lists = [part for part in page if isinstance(part, nodes.bullet_list)]
    for part, name in zip(lists, ("ways", "afterwards"), strict=False):
        part["classes"].append(name)
    for part in page.children[: page.index(lists[1]) - 1]:
        if isinstance(part, nodes.paragraph):
            part["classes"].append("lead")
    maps[0].append(_raw(chapter_map(app) + facts(app)))


def _load(app, pagename, templatename, context, doctree):
    # In a chapter static/site.js loads it, once a sentence is near.
    if pagename == app.config.root_doc:
        context["reading"] = f"_static/{SCRIPT}"


def _write(app):
    static = Path(app.outdir, "_static")
    source = Path(__file__).parent / "static" / LIVE
    whole = script(source.read_text(encoding="utf-8"))
    (static / SCRIPT).write_text(scripts.short(whole), encoding="utf-8")


def script(source):
    """Put the weights of the reader in front of the script that runs it."""
    stored = json.loads(reader.STORED.read_text(encoding="utf-8"))
    return f"const READER = {json.dumps(stored, separators=(',', ':'))};\n{source}"


@cache
def unseen():
    """Return how many sentences were kept to test with, and how many of them the model reads."""
    kept = [sentence for sentence in sentences.every_sentence() if sentence.is_test]
    tokens, _, targets = reader.examples(kept)
    written = reader.trained()(tokens).argmax(axis=-1)
    return len(kept), int((written == targets)[tokens == reader.IT].sum())


def first_sentence():
    """Return the figure that the page opens with."""
    choices = "".join(
        f'<label><input type="radio" name="adjective" value="{word}"'
        f"{' checked' if word in FIRST.split() else ''}>{word}</label>\n"
        for word in ADJECTIVES
    )
    legend = f"{CHANGED.partition('{')[0].capitalize().strip()} …"
    fields = (
        '<fieldset class="attention-choice" hidden>\n'
        f"<legend>{legend}</legend>\n{choices}</fieldset>"
    )
    return reading(FIRST, CHANGED, fields)


def own_sentence():
    """Return the figure in which the reader chooses every word, in the sentence itself."""
    nouns = sentences.ANIMALS + sentences.PLACES
    qualities = sentences.OF_ANIMALS + sentences.OF_PLACES
    fields = "".join(
        [
            '<fieldset class="attention-choice" hidden>\n<legend>Your words</legend>\n',
            _select("noun", "Who or what", nouns, "road"),
            _select("verb", "Verb", sentences.VERBS, "crossed"),
            _select("other", "Whom or what", nouns, "dog"),
            _select("quality", "Adjective", qualities, "hungry"),
            '<label><input type="checkbox" name="own-turned">the reason first</label>\n',
            '<label><input type="checkbox" name="own-time" value="yesterday">yesterday</label>\n',
            "</fieldset>",
        ]
    )
    return reading("the road crossed the dog because it was hungry", BUILT, fields)


def _select(name, label, words, chosen):
    options = "".join(
        f"<option{' selected' if word == chosen else ''}>{word}</option>" for word in words
    )
    return f'<select name="own-{name}" aria-label="{label}">{options}</select>\n'


def reading(text, pattern, fields):
    """Write a sentence with the attention of its "it", and the fields that change its words."""
    look = reader.look(reader.trained(), text)
    place = look.words.index("it")
    weights = look.maps[-1, 0, place]
    words = " ".join(
        f'<span{" class=asks" if word == "it" else ""} style="--weight:{weight:.3f}">{word}'
        f"<small>{f'{weight:.2f}' if weight >= SHOWN else ''}</small></span>"
        for word, weight in zip(look.words, weights, strict=True)
    )
    best = weights.argmax()
    return (
        f'<figure class="reading" data-sentence="{html.escape(pattern)}">\n'
        f'<p class="sentence">{words}</p>\n{fields}\n'
        f'<figcaption aria-live="polite">“it” gives <b>{look.words[best]}</b> {weights[best]:.2f} '
        f"of its attention, and the model writes “{look.noun}” in its place.</figcaption>\n"
        "</figure>\n"
    )


def chapter_map(app):
    """Return the chapters as numbered cards, part by part."""
    parts = [
        f"<h3>{html.escape(name)}</h3>\n"
        f'<ol class="map">\n{"".join(card(app, x, alone=len(found) == 1) for x in found)}</ol>\n'
        for name, found in chapters.by_part(app)
    ]
    return "".join(parts)


def card(app, chapter, *, alone=False):
    """Return the card of a chapter; what its reader has answered is added by the page's script.

    One that stands alone has room for the question of its chapter.
    """
    asks = ""
    if alone:
        asks = f"<em>{formula_html(metadata.question(app.env.get_doctree(chapter.docname)))}</em>"
    minutes = f"{chapter.minutes} minutes" if chapter.minutes else ""
    return (
        f'<li{alone * " class=alone"}><a href="{app.builder.get_target_uri(chapter.docname)}">'
        f'<span class="thumbnail" aria-hidden="true">{thumbnail(chapter)}</span>'
        f'<b><span class="number">{chapter.number}</span> {html.escape(chapter.title)}</b>'
        f"{asks}<small>{minutes}</small></a></li>\n"
    )


def thumbnail(chapter):
    """Return the small picture of a chapter; a new one has its number until it has a picture."""
    drawn = thumbnails.thumbnail(chapter.docname)
    return drawn or f'<span class="no-picture">{chapter.number}</span>'


def facts(app):
    """Return the cover, and what was counted."""
    count, right = unseen()
    mistakes = sum(len(exercise.mutants) for exercise in EXERCISES.values())
    gallery = app.builder.get_target_uri("chapters/13-gallery-of-errors")
    drawn = pictures.named(cover.cover(), cover.SAYS)
    return (
        f'<div class="colophon">\n<div class="cover">{drawn}</div>\n'
        f'<ul class="facts">\n<li><a href="{gallery}"><b>{mistakes}</b> known mistakes, each told '
        "by name, and a gallery of how they look</a></li>\n"
        f"<li><b>{right:,}</b> of {count:,} sentences that the model above never learned from are "
        "read as they are meant</li>\n</ul>\n</div>\n"
    )


def _raw(markup):
    return nodes.raw("", markup, format="html")
