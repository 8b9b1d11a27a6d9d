"""Draw the README's picture, cover.svg: python tools/cover.py."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extensions.cover import cover  # noqa: E402, since extensions/ is found from the line above

if __name__ == "__main__":
    (ROOT / "cover.svg").write_text(cover(), encoding="utf-8")
