"""Draw the README's picture, cover.svg: python -m extensions."""

from pathlib import Path

from extensions.cover import cover

(Path(__file__).resolve().parents[1] / "cover.svg").write_text(cover(), encoding="utf-8")
