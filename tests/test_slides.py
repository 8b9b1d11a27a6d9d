"""Decks of slides: what of a page they show, and the lesson that their notes plan."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from extensions import slides

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = [path.stem for path in sorted(ROOT.glob("chapters/*.ipynb"))]
LONG = "word " * 40


def parsed(text):
    return BeautifulSoup(text, "html.parser")


def made_of(body, lesson=None):
    page = (
        f"<article><section><h1>Title</h1><p><em>Why?</em></p><p>Aim.</p>{body}</section></article>"
    )
    return slides.slides(parsed(page).article, lesson or {})


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_lesson_takes_an_hour(chapter):
    planned = slides.lessons()
    assert chapter in planned, f"{chapter} needs its lesson in chapters/lessons.toml"
    assert sum(minutes for minutes, _ in planned[chapter].values()) == 60


@pytest.mark.parametrize(
    ("paragraph", "lead"),
    [
        ("<p>Short. And whole.</p>", "<p>Short. And whole.</p>"),
        (f"<p>It is <b>so.</b> And 0.5 is. {LONG}</p>", "<p>It is <b>so.</b> And 0.5 is.</p>"),
        (f"<p>Below is this: {LONG}</p>", "<p>Below is this.</p>"),
        (f'<p class="try"><b>Try:</b> a. {LONG}</p>', '<p class="try"><b>Try:</b> a.</p>'),
        (f"<ul><li>{LONG}</li></ul>", f"<ul><li>{LONG}</li></ul>"),
    ],
)
def test_a_long_paragraph_becomes_its_first_sentence(paragraph, lead):
    assert slides._lead(parsed(paragraph).find(), most=32) == lead


def test_a_slide_for_each_thing_to_look_at():
    first, opening, one, two = made_of(
        '<div class="cell"><figure>0</figure></div>'
        f"<section><h2>One</h2><p>Before. {LONG}</p>"
        '<div class="cell"><figure>1</figure></div><p class="try">Try.</p>'
        '<div class="cell tag_no-slide"><figure>hidden</figure></div>'
        '<div class="cell"><details class="folded"><pre>x</pre></details></div>'
        '<div class="cell"><pre>code</pre></div><p>After.</p></section>',
        {"Title": [7, "Begin."], "One": [1, "a < b"]},
    )
    assert (first.heading, opening.heading, one.heading) == ("Title", "Why?", "One")
    assert [slide.kind for slide in (first, opening, one, two)] == [
        "title",
        "figure",
        "figure",
        "code",
    ]
    assert one.body == [
        "<p>Before.</p>",
        '<div class="cell"><figure>1</figure></div>',
        '<p class="try">Try.</p>',
    ]
    assert one.notes[0] == "<p><strong>1 minute.</strong> a &lt; b</p>"
    assert LONG in one.notes[1]
    assert "<p>After.</p>" in two.notes


def test_a_part_of_a_section_has_its_own_slides():
    *_, one, two = made_of(
        "<section><h2>One</h2><p>a</p><section><h3>Two</h3><p>b</p></section></section>"
    )
    assert (one.heading, one.body) == ("One", ["<p>a</p>"])
    assert (two.heading, two.body) == ("Two", ["<p>b</p>"])


def test_a_try_before_a_figure_goes_with_it():
    *_, first, second = made_of(
        '<section><h2>A</h2><div class="cell"><figure>1</figure></div>'
        '<p class="try">Next.</p><div class="cell"><figure>2</figure></div></section>'
    )
    assert len(first.body) == 1
    assert second.body[0] == '<p class="try">Next.</p>'


def test_a_long_table_is_cut_and_keeps_its_head():
    rows = "".join(f"<tr><td>{i}</td></tr>" for i in range(11))
    table = f"<div><table><thead><tr><th>n</th></tr></thead><tbody>{rows}</tbody></table></div>"
    *_, one, two = made_of(f"<section><h2>T</h2>{table}</section>")
    found = [[td.text for td in parsed("".join(x.body)).select("td")] for x in (one, two)]
    assert found == [list("012345"), ["6", "7", "8", "9", "10"]]
    assert all("<th>n</th>" in "".join(x.body) for x in (one, two))


def test_a_solution_is_on_no_slide_and_each_question_on_one():
    found = made_of(
        '<section><h2>Your turn</h2><section><h3>f</h3><p>Write f.</p><div class="cell">'
        '<pre>return ...</pre></div><div class="cell tag_hide-cell"><pre>return 42</pre></div>'
        "</section></section><section><h2>Questions</h2>"
        '<fieldset class="question"><legend>Which?</legend><label><input type="radio"> '
        "<span>This</span></label><details><summary>Answers</summary></details></fieldset>"
        '<fieldset class="question"><legend>How many?</legend><label>Your answer: '
        '<input type="text"></label><details></details></fieldset></section>',
        {"Questions": [5, "Vote."]},
    )
    text = "".join("".join(slide.body) for slide in found)
    assert "42" not in text
    assert found[1].body == ["<ol><li>Write f.</li></ol>"]
    assert found[2].body[:2] == [
        '<p class="predict">Which?</p>',
        '<ol type="A"><li>This</li></ol>',
    ]
    assert "ol" not in found[3].body[1]
    assert [bool(slide.notes) for slide in found[2:]] == [True, False]


def test_links_within_the_book_are_words_and_ids_go_outside_pictures():
    found = made_of(
        '<section id="s"><h2 id="h">A<a class="headerlink" href="#h">#</a></h2>'
        '<p id="p"><a class="reference internal" href="b.html">b</a>'
        '<a class="reference external" href="https://c.org">c</a><svg><g id="g"></g></svg></p>'
        "</section>"
    )[-1]
    assert found.heading == "A"
    assert found.body == [
        '<p>b<a class="reference external" href="https://c.org">c</a><svg><g id="g"></g></svg></p>'
    ]
