"""What the tests of pages share: the readers' devices, axe-core, and waiting."""

import time

from extensions.node import MODULES

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
AXE = MODULES / "axe-core/axe.min.js"


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
