"""Draw the README's picture and write the teachers' table: python -m extensions."""

from extensions import chapters, cover

(chapters.ROOT / "cover.svg").write_text(cover.cover(), encoding="utf-8")
page = chapters.TEACHING.read_text(encoding="utf-8")
chapters.TEACHING.write_text(chapters.with_table(page), encoding="utf-8")
