"""Search finds the chapter that answers, served and from a disk; code is copied as it was typed."""

import pytest

QUESTIONS = {
    "why divide by the square root": "chapters/05-why-sqrt-d.html",
    "softmax": "reference/glossary.html#term-softmax",
    "example with numbers": "chapters/04-numeric-example.html",
    "core concept": "chapters/01-core-concept.html",
    "causal mask": "reference/glossary.html#term-causal-mask",
}


@pytest.mark.parametrize("from_disk", [False, True], ids=["served", "from a disk"])
@pytest.mark.parametrize(("question", "answer"), QUESTIONS.items())
def test_the_first_hit_answers(site, address, open_page, question, answer, from_disk):
    root = f"{site.as_uri()}/" if from_disk else address
    page = open_page(root + "chapters/00-introduction.html")
    page.keyboard.press("Control+k")
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    hits = page.locator("ul.search li a")
    hits.first.wait_for()
    assert hits.first.evaluate("link => link.href").partition("?")[0] == root + answer
    hits.first.click()
    page.wait_for_url(f"**/{answer.partition('#')[0]}*")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (
            "chapters/03-breakdown",
            "scaled_scores = scores / np.sqrt(d_k)\n"
            "np.testing.assert_array_equal(scaled_scores, steps.scaled_scores)\nscaled_scores\n",
        ),
        ("reference/running", "make lab\n"),
        ("reference/api", "softmax([0.0, np.log(3)]).round(2)\n"),
    ],
)
def test_code_is_copied_as_it_was_typed(address, open_page, name, typed):
    page = open_page(address + name + ".html", permissions=["clipboard-read", "clipboard-write"])
    line = typed.splitlines()[0]
    code = page.locator("div.highlight", has_text=line).first
    code.get_by_role("button", name="Copy").click()
    code.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == typed.strip()


def test_outputs_have_no_button_to_copy_them(address, open_page):
    page = open_page(address + "chapters/04-numeric-example.html")
    assert page.locator(".cell_input button.copy").count() > 5
    assert page.locator(".cell_output pre").count() > 5
    assert page.locator(".cell_output button.copy").count() == 0
