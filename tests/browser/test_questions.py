"""The questions in a real browser: by keyboard, kept on the device, and without a script."""

import json

import pytest
from pages import DESKTOP, PHONE, faults

from extensions import questions

CHAPTER = "03-breakdown"
OTHER = "chapters/04-numeric-example.html"
ASKED = questions.load(questions.FOLDER / f"{CHAPTER}.yml")
COUNT = ".answered [role=status]"
DENY = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
});"""


def place(question):
    return next(i for i, answer in enumerate(question.answers) if not answer.mistake)


def give(page, question, number):
    """Answer a question by its answer of this number: -> the reply."""
    answer, box = question.answers[number], page.locator(f'[data-name="{question.name}"]')
    if answer.number is None:
        box.get_by_role("radio").nth(number).check()
    else:
        box.get_by_role("textbox").fill(f"{answer.number:.3f}")
    box.get_by_role("button", name="Check").click()
    return box.get_by_role("status").inner_text()


def marks(page):
    return page.locator(".bd-links .answered-mark").all_inner_texts()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("home", ["server", "disk"])
def test_each_answer_gets_its_reply(request, site, open_page, home, device):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(f"{root}chapters/{CHAPTER}.html", **device)
    for question in ASKED:
        for number, answer in enumerate(question.answers):
            reply = give(page, question, number)
            told = f"No: {answer.mistake}." if answer.mistake else "Right."
            assert reply.startswith(told)
    assert page.locator(COUNT).text_content() == f"{len(ASKED)} of {len(ASKED)} answered. "
    assert home == "disk" or faults(page) == []  # axe asks for files, which a disk refuses


def test_every_question_of_the_book_takes_its_own_answers(address, open_page):
    answered = 0
    for file in sorted(questions.FOLDER.glob("*.yml")):
        page = open_page(f"{address}chapters/{file.stem}.html", **DESKTOP)
        for question in questions.load(file):
            assert give(page, question, place(question)).startswith("Right.")
            answered += 1
        assert marks(page) == ["✓ done"]
        page.context.close()
    assert answered >= 39


@pytest.mark.parametrize(
    ("written", "reply"),
    [
        ("0,731", "Right."),
        (" .73 ", "Right."),
        ("0.269", "No: the other weight."),
        ("0.4", "No. It is none of the usual mistakes"),
        ("", "Write a number"),
        ("many", "Write a number"),
    ],
)
def test_a_number_is_read_as_people_write_it(address, open_page, written, reply):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    box = page.locator('[data-name="share"]')
    box.get_by_role("textbox").fill(written)
    page.keyboard.press("Enter")
    assert box.get_by_role("status").inner_text().startswith(reply)


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


@pytest.mark.parametrize("home", ["server", "disk"])
def test_what_was_right_is_kept_and_can_be_forgotten(request, site, open_page, home):
    root = request.getfixturevalue("address") if home == "server" else site.as_uri() + "/"
    page = open_page(f"{root}chapters/{CHAPTER}.html", **DESKTOP)
    assert marks(page) == []
    give(page, ASKED[0], place(ASKED[0]))
    assert marks(page) == [f"1 of {len(ASKED)}"]
    for question in ASKED[1:]:
        wrong = (place(question) + 1) % len(question.answers)
        give(page, question, wrong)
        assert marks(page) == [f"{ASKED.index(question)} of {len(ASKED)}"]
        give(page, question, place(question))
    page.goto(root + OTHER)
    assert marks(page) == ["✓ done"]
    link = page.locator(".bd-links a", has=page.locator(".answered-mark"))
    assert link.get_attribute("href") == f"{CHAPTER}.html"
    page.goto(f"{root}chapters/{CHAPTER}.html#questions")
    assert page.get_by_text("✓ You have answered this one.").count() == len(ASKED)
    page.get_by_role("button", name="Forget all my answers").click()
    assert marks(page) == []
    page.reload()
    assert marks(page) == []
    assert page.locator(COUNT).text_content() == f"0 of {len(ASKED)} answered. "


@pytest.mark.parametrize("stored", ["null", "7", "no JSON", json.dumps({"x.html": 3})])
def test_whatever_is_stored_does_no_harm(address, open_page, stored):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    page.evaluate("text => localStorage.setItem('questions', text)", stored)
    page.reload()
    assert give(page, ASKED[0], place(ASKED[0])).startswith("Right.")
    assert marks(page) == [f"1 of {len(ASKED)}"]


def test_a_question_that_is_gone_does_not_count(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", **DESKTOP)
    old = json.dumps({f"{CHAPTER}.html": {"right": ["gone", ASKED[0].name], "of": 2}})
    page.evaluate("text => localStorage.setItem('questions', text)", old)
    page.reload()
    assert marks(page) == [f"1 of {len(ASKED)}"]


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
    assert marks(page) == ["✓ done"]
    page.get_by_role("button", name="Forget all my answers").click()
    assert marks(page) == []
    assert raised == []
    context.close()


def test_without_scripts_the_answers_unfold(address, open_page):
    page = open_page(f"{address}chapters/{CHAPTER}.html", java_script_enabled=False, **PHONE)
    box = page.locator(f'[data-name="{ASKED[0].name}"]')
    hidden = box.get_by_text(ASKED[0].answers[0].because)
    assert not hidden.is_visible()
    box.get_by_text("Answers").click()
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
