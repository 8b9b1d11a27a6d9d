// The site's one script: without it every page can still be read, followed and printed.
// setMode, system and paper stand in the head of the page, where they choose its colours before it is drawn.
const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

// Colours: first the one that the reader does not have, then the other, then the system's again.
one(".theme-switch-button").addEventListener("click", () => {
  const modes = system.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
  const mode = modes[(modes.indexOf(document.documentElement.dataset.mode) + 1) % 3];
  localStorage.setItem("mode", mode);
  setMode(mode);
});
const again = () => setMode(document.documentElement.dataset.mode);
system.addEventListener("change", again);
paper.addEventListener("change", again);

// Dialogs close by a click beside them and on a link in them.
const search = one("#pst-search-dialog");
all("dialog").forEach((dialog) =>
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("a")) dialog.close();
  }),
);
all(".search-button__button").forEach((button) =>
  button.addEventListener("click", () => search.showModal()),
);
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  search.open ? search.close() : search.showModal();
});

// Sidebars: where there is no room for one it opens as a dialog, which takes its content and classes.
for (const side of ["primary", "secondary"]) {
  const sidebar = one(`#pst-${side}-sidebar`);
  const dialog = one(`#pst-${side}-sidebar-modal`);
  const move = (from, to) => {
    to.append(...from.childNodes);
    [to.className, from.className] = [from.className, ""];
  };
  one(`.${side}-toggle`)?.addEventListener("click", () => {
    const shown = sidebar.checkVisibility({ visibilityProperty: true });
    if (shown || sidebar.matches(".pst-sidebar-hidden")) {
      sidebar.classList.toggle("pst-sidebar-hidden");
    } else {
      move(sidebar, dialog);
      dialog.showModal();
    }
  });
  dialog?.addEventListener("close", () => move(dialog, sidebar));
}

// The contents of the page mark the sections that cross a line near its top.
const sections = new IntersectionObserver(
  (entries) =>
    entries.forEach(({ target, isIntersecting }) => {
      const link = one(`#pst-page-toc-nav a[href="#${target.id}"]`);
      link?.classList.toggle("active", isIntersecting);
    }),
  { rootMargin: "-20% 0% -80%" },
);
all("article section[id]").forEach((section) => sections.observe(section));

// What is wider than the page must scroll by keyboard too.
const wide = new ResizeObserver((entries) =>
  entries.forEach(({ target }) => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }),
);
all("pre, .katex-display, .pst-scrollable-table-container").forEach((box) => wide.observe(box));

// Of an example in a shell only what was typed is copied, without prompts and answers.
const typed = (text) => {
  const lines = text.split("\n").filter((line) => /^(>>>|\.\.\.) /.test(line));
  return lines.length ? lines.map((line) => line.slice(4)).join("\n") : text;
};

// Code can be copied where the browser lets pages write to the clipboard.
if (navigator.clipboard) {
  for (const code of all("div.highlight > pre")) {
    if (code.closest(".cell_output")) continue;
    const button = document.createElement("button");
    const label = (text) => (button.textContent = text);
    button.type = "button";
    button.className = "copy";
    label("Copy");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(typed(code.textContent));
      label("Copied");
      setTimeout(label, 2000, "Copy");
    });
    code.after(button);
  }
}
