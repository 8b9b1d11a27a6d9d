"""What the tests of pages share: the readers' devices, axe-core, waiting, and who works cells."""

import re
import time

from extensions.node import MODULES

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
AXE = MODULES / "axe-core/axe.min.js"
PATIENCE = 240  # seconds, for machines that do much else
UNFOLD = "document.querySelectorAll('article details').forEach(it => (it.open = true))"


def faults(page):
    """Return what axe-core finds: the rule, and the first element that breaks it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [(rule["id"], rule["nodes"][0]["target"], len(rule["nodes"])) for rule in found]


def wait_until(page, condition, arg=None):
    """Ask from outside: Playwright's own waiting evaluates text in the page, which it forbids."""
    end = time.monotonic() + 30
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, f"{condition} did not come true"
        time.sleep(0.05)


class Reader:
    """A reader at one page, who works its cells."""

    def __init__(self, page):
        self.page = page
        page.evaluate(UNFOLD)

    def cell(self, text):
        """Return the first cell whose code holds this text."""
        code = self.page.locator(".cell_input").filter(has_text=text)
        return self.page.locator("div.cell").filter(has=code).first

    def press(self, cell, name):
        # Its own: its fold may hold the cells that prepare it.
        bar = cell.locator(":scope > .cell_input, :scope > details > .cell_input")
        bar.get_by_role("button", name=re.compile(f"^{name}")).click()

    def write(self, cell, source):
        """Edit a cell and put this source in the place of what is there."""
        if not cell.locator(".cm-content").count():
            self.press(cell, "Edit")
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, cell, *, key=None):
        """Run a cell, by its button or a key, and return the text of its output once it has it."""
        self.page.keyboard.press(key) if key else self.press(cell, "Run")
        self.settle()
        return cell.locator(".python-output").inner_text().strip()

    def settle(self):
        """Wait until nothing runs."""
        end = time.monotonic() + PATIENCE
        while self.page.locator("html[data-python], .python-status button").count():
            assert time.monotonic() < end, self.page.locator(".python-status").all_inner_texts()
            time.sleep(0.05)

    def check_page(self):
        """Let the page check itself: -> its closing line."""
        self.page.get_by_role("button", name="Check this page").click()
        self.settle()
        return self.page.locator(".python-check .python-status").inner_text()
