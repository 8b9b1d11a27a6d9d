"""The questions in a real browser: by keyboard, kept on the device, and without a script."""

import json
from pathlib import Path

import pytest
from pages import DESKTOP, PHONE, faults
from playwright.sync_api import expect

from attention.exercises.question import Number
from extensions import questions

CHAPTER = "03-breakdown"
OTHER = "chapters/04-numeric-example.html"
ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = [file.stem for file in sorted(ROOT.glob("chapters/*.ipynb"))]
BOOK = {chapter: questions.of_chapter(f"chapters/{chapter}") for chapter in CHAPTERS}
ASKED = BOOK[CHAPTER]
COUNT = ".answered [role=status]"
DENY = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
});"""


LOOK = """reply => [
  getComputedStyle(reply, "::before").content,
  getComputedStyle(reply, "::before").color,
  getComputedStyle(reply).borderLeftColor,
]"""


def place(question):
    return next(i for i, answer in enumerate(question.answers()) if not answer.name)


def box_of(page, question):
    return page.locator(f'[data-name="{question.name}"]')


def give(page, question, number):
    """Answer a question by its answer of this number: -> the reply."""
    answer, box = question.answers()[number], box_of(page, question)
    if isinstance(question, Number):
        box.get_by_role("textbox").fill(f"{answer.answer:.6g}")
    else:
        box.get_by_role("radio").nth(number).check()
    box.get_by_role("button", name="Check").click()
    return box.get_by_role("status").inner_text()


def has_marks(page, *texts):
    """Wait until the contents show these marks and no others: they are set after the page."""
    expect(page.locator(".bd-links .answered-mark")).to_have_text([*texts])


def write(page, text):
    """Answer the question for the share, which is 0.7311: -> the reply, and its verdict."""
    box = page.locator('[data-name="share"]')
    box.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")
    reply = box.get_by_role("status")
    return reply.inner_text(), reply.get_attribute("data-verdict")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("home", ["server", "disk"])
def test_each_answer_gets_its_reply(request, site, open_page, home, device):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(f"{root}chapters/{CHAPTER}.html", **device)
    seen = set()
    for question in ASKED:
        for number, answer in enumerate(question.answers()):
            reply = give(page, question, number)
            assert reply.startswith(f"No: {answer.name}." if answer.name else "Right.")
            shown = box_of(page, question).get_by_role("status")
            assert shown.get_attribute("data-verdict") == ("wrong" if answer.name else "right")
            seen.add((answer.name != "", *shown.evaluate(LOOK)))
    assert len(seen) == 2  # right and wrong differ in mark, colour and edge, and each looks alike
    assert all(len(set(column)) == 2 for column in zip(*seen, strict=True))
    assert page.locator(COUNT).text_content() == f"{len(ASKED)} of {len(ASKED)} answered. "
    assert home == "disk" or faults(page) == []  # axe asks for files, which a disk refuses


def test_every_question_of_the_book_takes_its_own_answers(address, open_page):
    for chapter, asked in BOOK.items():
        if not asked:
            continue
        page = open_page(f"{address}chapters/{chapter}.html", **DESKTOP)
        for question in asked:
            assert give(page, question, place(question)).startswith("Right."), question.name
        has_marks(page, "✓ done")
        page.context.close()
    assert sum(map(len, BOOK.values())) >= 39


@pytest.mark.parametrize(
    ("written", "reply", "verdict"),
    [
        ("0,731", "Right.", "right"),
        (" .73 ", "Right.", "right"),
        ("0.7255", "Right.", "right"),  # as far off as a number that rounds to 0.73 may be
        ("0.7245", "No. It is none of the usual mistakes", "wrong"),
        ("73 %", "Right.", "right"),
        ("73.1%", "Right.", "right"),
        ("46.8/64", "Right.", "right"),
        ("0.5^(-1)*.365", "Right.", "right"),
        ("1 − 0.27", "Right.", "right"),
        ("0.269", "No: the other weight.", "wrong"),
        ("15/3 − 2^2", "No: hard maximum.", "wrong"),
        ("0.4", "No. It is none of the usual mistakes", "wrong"),
        ("", "Write a number", None),
        ("many", "“many” is no number", None),
        ("0.73 apples", "“0.73 apples” is no number", None),
        ("1/0", "“1/0” is no number", None),
        ("0.73 0.73", "“0.73 0.73” is no number", None),
        ("(1", "“(1” is no number", None),
    ],
)
def test_a_number_is_read_as_people_write_it(address, open_page, written, reply, verdict):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    said, judged = write(page, written)
    assert said.startswith(reply)
    assert judged == verdict


VALUES = {
    "1/64": 1 / 64,
    "12*12": 144,
    "12^2": 144,
    "12²": None,
    "15/3": 5,
    "5/8": 0.625,
    "62.5%": 0.625,
    "5 apples": None,
    "−2^2": -4,
    "2^-1": 0.5,
    "2^3^2": 512,
    "8/2/2": 2,
    "1-2-3": -4,
    "(1 + 2) × 3": 9,
    "√2": 2**0.5,
    "sqrt(9)/2": 1.5,
    "2e3": 2000,
    "1,000.5": None,
    "0x10": None,
    "alert(1)": None,
    "3)": None,
    "1e999": None,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_simple_arithmetic_is_worked_out(address, open_page, text, value):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    found = page.evaluate(f"valueOf({json.dumps(text)})")
    assert found == pytest.approx(value, rel=1e-12) if value is not None else found != found


def test_the_keyboard_is_enough(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    question = ASKED[-1]
    box = page.locator(f'[data-name="{question.name}"]')
    box.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(place(question)):
        page.keyboard.press("ArrowDown")
    assert box.get_by_role("status").inner_text() == ""  # nothing is told before it is asked
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert box.get_by_role("status").inner_text().startswith("Right.")


def test_without_an_answer_it_asks_for_one(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    box = page.locator(f'[data-name="{ASKED[-1].name}"]')
    box.get_by_role("button", name="Check").click()
    assert box.get_by_role("status").inner_text() == "Choose an answer."


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.name)
def test_what_was_chosen_is_there_after_a_reload(address, open_page, question):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    wrong = (place(question) + 1) % len(question.answers())
    checked = page.locator(f'[data-name="{question.name}"] input:checked')
    written = page.locator(f'[data-name="{question.name}"] input[type=text]')
    for number in [wrong, place(question)]:
        reply = give(page, question, number)
        before = written.input_value() if written.count() else checked.get_attribute("value")
        page.reload()
        assert (
            written.input_value() if written.count() else checked.get_attribute("value")
        ) == before
    assert box_of(page, question).get_by_role("status").inner_text() == reply


def test_a_reply_goes_when_its_answer_changes(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    write(page, "0.5")
    page.keyboard.type("1")
    assert page.locator('[data-name="share"]').get_by_role("status").inner_text() == ""


@pytest.mark.parametrize("home", ["server", "disk"])
def test_what_was_right_is_kept_and_can_be_forgotten(request, site, open_page, home):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(f"{root}chapters/{CHAPTER}.html", **DESKTOP)
    has_marks(page)
    give(page, ASKED[0], place(ASKED[0]))
    has_marks(page, f"1 of {len(ASKED)}")
    for question in ASKED[1:]:
        wrong = (place(question) + 1) % len(question.answers())
        give(page, question, wrong)
        has_marks(page, f"{ASKED.index(question)} of {len(ASKED)}")
        give(page, question, place(question))
    page.goto(root + OTHER)
    has_marks(page, "✓ done")
    link = page.locator(".bd-links a", has=page.locator(".answered-mark"))
    assert link.get_attribute("href") == f"{CHAPTER}.html"
    page.goto(f"{root}chapters/{CHAPTER}.html#questions")
    expect(page.locator('output[data-verdict="right"]')).to_have_count(len(ASKED))
    page.get_by_role("button", name="Forget all my answers").click()
    has_marks(page)
    page.reload()
    has_marks(page)
    assert page.locator(COUNT).text_content() == f"0 of {len(ASKED)} answered. "


@pytest.mark.parametrize("stored", ["null", "7", "no JSON", json.dumps({"x.html": 3})])
def test_whatever_is_stored_does_no_harm(address, open_page, stored):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    page.evaluate("text => localStorage.setItem('questions', text)", stored)
    page.reload()
    assert give(page, ASKED[0], place(ASKED[0])).startswith("Right.")
    has_marks(page, f"1 of {len(ASKED)}")


def test_a_question_that_is_gone_does_not_count(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    old = json.dumps({f"{CHAPTER}.html": {"right": ["gone", ASKED[0].name], "of": 2}})
    page.evaluate("text => localStorage.setItem('questions', text)", old)
    page.reload()
    has_marks(page, f"1 of {len(ASKED)}")


def test_where_nothing_may_be_stored_the_page_works(browser, address):
    context = browser.new_context(color_scheme="dark", **DESKTOP)
    context.add_init_script(DENY)
    page = context.new_page()
    raised = []
    page.on("pageerror", lambda error: raised.append(str(error)))
    page.goto(f"{address}chapters/{CHAPTER}.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator(".theme-switch-button").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    for question in ASKED:
        assert give(page, question, place(question)).startswith("Right.")
    has_marks(page, "✓ done")
    page.get_by_role("button", name="Forget all my answers").click()
    has_marks(page)
    assert raised == []
    context.close()


def test_without_scripts_the_answers_unfold(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", java_script_enabled=False, **PHONE)
    box = page.locator(f'[data-name="{ASKED[0].name}"]')
    hidden = box.get_by_text(ASKED[0].answers()[0].because)
    assert not hidden.is_visible()
    box.get_by_text("Answers").first.click()
    assert hidden.is_visible()
    assert page.get_by_role("button", name="Check").count() == 0


def test_paper_shows_questions_without_answers(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    give(page, ASKED[0], 0)
    page.emulate_media(media="print")
    assert page.locator(".question legend").first.is_visible()
    assert page.locator(".question input").first.is_visible()
    for hidden in ["details", "output", "button"]:
        assert not page.locator(f".question {hidden}").first.is_visible()
    assert not page.locator(".answered").is_visible()
