"""A table says the same as text, as HTML, and to those who see one cell at a time."""

import pytest
from bs4 import BeautifulSoup

from attention.figures import table

COLUMNS = ["word", "weight <1", "d_k"]
ROWS = [("dog & cat", 0.5, 64), ("road", "−0.125", 1024)]


def cells(tag, *names):
    return [cell.get_text() for cell in tag.find_all(names)]


def test_as_text_columns_are_aligned():
    assert repr(table(ROWS, COLUMNS)).splitlines() == [
        "word       weight <1   d_k",
        "dog & cat        0.5    64",
        "road          −0.125  1024",
    ]


def test_as_html_each_value_stands_in_its_row_and_column():
    page = BeautifulSoup(table(ROWS, COLUMNS)._repr_html_(), "html.parser")
    assert cells(page.thead, "th") == ["word", "weight <1", "dk"]
    assert page.thead.find("sub").get_text() == "k"
    assert [cells(row, "th", "td") for row in page.tbody.find_all("tr")] == [
        [str(text) for text in row] for row in ROWS
    ]
    assert {head["scope"] for head in page.thead.find_all("th")} == {"col"}
    assert {head["scope"] for head in page.tbody.find_all("th")} == {"row"}


def test_on_a_card_each_value_names_its_column():
    page = BeautifulSoup(table(ROWS, COLUMNS)._repr_html_(), "html.parser")
    assert [cell["data-label"] for cell in page.find_all("td")] == COLUMNS[1:] * 2
    assert not page.tbody.find("th").get("data-label")
    numbered = BeautifulSoup(table([(3, 1)], ["seed", "right"])._repr_html_(), "html.parser")
    assert numbered.tbody.find("th")["data-label"] == "seed"


def test_what_is_narrower_than_a_phone_stays_a_table_there():
    def kinds(name):
        page = BeautifulSoup(
            table([(name, 1, 22)], ["word", "a", "b"])._repr_html_(), "html.parser"
        )
        return page.table["class"]

    # Three gaps of three letters, and columns of one and of two.
    assert kinds("x" * (36 - 9 - 3)) == ["attention-table"]
    assert kinds("x" * (36 - 9 - 2)) == ["attention-table", "cards"]


@pytest.mark.parametrize("row", [("dog", 1), ("dog", 1, 2, 3)])
def test_a_row_has_a_value_for_each_column(row):
    with pytest.raises(ValueError, match="3 values, got"):
        table([row], COLUMNS)


def test_sentences_begin_below_one_another():
    long = "the dog crossed the road because it was hungry"
    shown = table([("read", long, 1), ("said", "dog", 2)], ["what", "sentence", "of"])._repr_html_()
    assert shown.count('<td class="said" data-label="sentence">') == 2
    assert '<th scope="col" class="said">sentence</th>' in shown
    assert shown.count('<td data-label="of">') == 2


def test_each_column_has_a_name():
    with pytest.raises(ValueError, match=r"must have a name, got \['', 'weight'\]"):
        table([("dog", 1)], ["", "weight"])
