"""Numbers as a table, on a page and as text."""

import html
import re
from dataclasses import dataclass

from attention.figures.marks import formula_html

_PHONE = 36  # letters of a table that stand beside each other on a phone


@dataclass(frozen=True)
class _Table:
    """Rows of texts under the names of columns; the first text of a row is its name."""

    rows: list
    columns: list

    def __repr__(self):
        lines = [self.columns, *self.rows]
        widths = [max(map(len, texts)) for texts in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                text.rjust(width) if place else text.ljust(width)
                for place, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )

    def _repr_html_(self):
        # What is wider than a phone becomes cards there, in which each cell names its column.
        wide = " cards" if self._width() > _PHONE else ""
        kinds = ["", *(self._class(place) for place in range(1, len(self.columns)))]
        heads = "".join(
            f'<th scope="col"{kind}>{formula_html(name)}</th>'
            for name, kind in zip(self.columns, kinds, strict=True)
        )
        rows = "".join(
            f'<tr><th scope="row"{self._kind(name)}>{formula_html(name)}</th>'
            + "".join(
                f'<td{kind} data-label="{html.escape(column)}">{html.escape(text)}</td>'
                for column, kind, text in zip(self.columns[1:], kinds[1:], texts, strict=True)
            )
            + "</tr>\n"
            for name, *texts in self.rows
        )
        return (
            f'<table class="attention-table{wide}">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody>\n</table>"
        )

    def _width(self):
        """Return how many letters the table is wide, with the gaps between its columns."""
        return sum(3 + max(map(len, texts)) for texts in zip(self.columns, *self.rows, strict=True))

    def _class(self, place):
        """Mark a column of sentences: they begin below one another, while numbers end so."""
        longest = max((len(texts[place]) for texts in self.rows), default=0)
        return ' class="said"' if longest > _SENTENCE else ""

    def _kind(self, name):
        """Name the column on a card that would begin with a number alone."""
        is_number = re.fullmatch(r"[\d.,]+", name)
        return f' data-label="{html.escape(self.columns[0])}"' if is_number else ""


_SENTENCE = 40  # letters: what is longer is read, and not compared


def table(rows, columns):
    """Show rows, each a name and then its values, under the names of columns.

    Raises: ValueError for a row with more or fewer values than columns, and for a column without a
    name, which nobody could be told who hears the table.

    >>> table([("dog", 0.85), ("road", 0.1)], ["word", "weight"])
    word  weight
    dog     0.85
    road     0.1
    """
    if "" in map(str, columns):
        raise ValueError(f"each column must have a name, got {list(columns)}")
    rows = [[*map(str, row)] for row in rows]
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row must have {len(columns)} values, got {len(row)}: {row}")
    return _Table(rows, [*map(str, columns)])
