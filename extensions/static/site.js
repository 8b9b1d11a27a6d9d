// The site's one script: without it every page can still be read, followed and printed.
// stored, setMode, system and paper stand in the head of the page, which chooses its colours before it is drawn.
const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

// Colours: first the one that the reader does not have, then the other, then the system's again.
one(".theme-switch-button").addEventListener("click", () => {
  const modes = system.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
  const mode = modes[(modes.indexOf(document.documentElement.dataset.mode) + 1) % 3];
  stored((store) => store.setItem("mode", mode));
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

// What is wider than its column scrolls, by keyboard too, and fades at the side where it goes on.
const look = ({ target }) => {
  const hidden = target.scrollWidth - target.clientWidth;
  const { scrollLeft } = target;
  if (hidden > 1) target.tabIndex = 0;
  else target.removeAttribute("tabindex");
  const more = [scrollLeft > 1 && "left", hidden - scrollLeft > 1 && "right"].filter(Boolean);
  // By these names, which the style sheet has too, its rules are known to be used.
  if (more.length) target.setAttribute("data-more", more.length > 1 ? "both" : more[0]);
  else target.removeAttribute("data-more");
};
const wide = new ResizeObserver((entries) => entries.forEach(look));
all("pre, .pst-scrollable-table-container, .attention-values > [role=group]").forEach((box) => {
  wide.observe(box);
  box.addEventListener("scroll", look, { passive: true });
});

// Of an example in a shell only what was typed is copied, without prompts and answers.
const typed = (text) => {
  const lines = text.split("\n").filter((line) => /^(>>>|\.\.\.) /.test(line));
  return lines.length ? lines.map((line) => line.slice(4)).join("\n") : text;
};

// A sentence that a small model reads stands there with its numbers; the model comes when it is near.
const approaching = new IntersectionObserver(
  (entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    approaching.disconnect();
    const script = document.createElement("script");
    script.src = new URL("reading.js", one("script[src*='site.js']").src);
    document.head.append(script);
  },
  { rootMargin: "100%" },
);
if (!one("script[src*='reading.js']")) all("figure.reading").forEach((figure) => approaching.observe(figure));

// Symbol, line of code, word and picture that are the same thing light up together in their section.
const PARTS = ["query", "key", "value", "weights", "output"];
for (const part of PARTS) {
  for (const name of all(`span.${part}`)) name.dataset.part = part;
}
for (const name of all(".highlight .n, code.literal .pre")) {
  if (PARTS.includes(name.textContent)) name.dataset.part = name.textContent;
}
const lit = [];
const lightUp = (event) => {
  const path = event.composedPath(); // it leads out of the shadow in which a picture stands
  const part = path.find((element) => element.dataset?.part)?.dataset.part;
  if (part === lit.part && part) return;
  for (const element of lit.splice(0)) {
    element.classList.remove("lit");
    element.style.filter = "";
  }
  lit.part = part;
  const section = part && path.find((element) => element.localName === "section");
  if (!section) return;
  const shadows = [...section.querySelectorAll(".attention-figure > div")].map((box) => box.shadowRoot);
  for (const root of [section, ...shadows.filter(Boolean)]) {
    for (const element of root.querySelectorAll(`[data-part="${part}"]`)) {
      lit.push(element);
      element.classList.add("lit");
      // The style sheet does not reach into the shadow.
      if (element.ownerSVGElement) element.style.filter = "drop-shadow(0 0 2px var(--amber))";
    }
  }
};
for (const event of ["pointerover", "focusin"]) document.addEventListener(event, lightUp);

// A setting that a Try names in italics is set by a press: a choice, a stop of a slider, or Play.
const drawn = (block) =>
  [...(block?.querySelectorAll("figure.attention-figure:has(form)") ?? [])].findLast((it) => it.checkVisibility());
const setting = (figure, said) => {
  const play = figure.querySelector(".attention-play");
  if (said === "Play") return play && (() => play.click());
  for (const control of figure.querySelectorAll("form > :is(fieldset, .attention-slider)")) {
    const name = `${control.querySelector("legend, span").textContent} `;
    const value = (said.startsWith(name) ? said.slice(name.length) : said).replace("−", "-");
    const choice = [...control.querySelectorAll("label")].find((it) => it.textContent.trim() === value);
    if (choice) return () => choice.control.click();
    const slider = control.querySelector("[type=range]");
    const stop = JSON.parse(slider?.dataset.values ?? "[]").indexOf(value);
    if (stop < 0) continue;
    return () => {
      slider.value = stop;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
  }
};
all(".try").forEach((note) => {
  const [before, after] = [note.previousElementSibling, note.nextElementSibling];
  const block = [before, after, before?.previousElementSibling].find(drawn);
  for (const said of block ? note.querySelectorAll("em") : []) {
    if (!setting(drawn(block), said.textContent)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sets";
    button.append(...said.childNodes);
    button.addEventListener("click", () => {
      const figure = drawn(block); // as it is now: its cell may have been edited and run
      const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
      if (figure) setting(figure, button.textContent)?.();
      figure?.scrollIntoView({ block: "nearest", behavior });
    });
    said.append(button);
    // No line begins with the sign behind a button.
    const [sign] = said.nextSibling?.data?.match(/^[.,;:!?)]+/) ?? [""];
    const whole = document.createElement("span");
    whole.className = "whole";
    said.replaceWith(whole);
    if (sign) whole.nextSibling.data = whole.nextSibling.data.slice(sign.length);
    whole.append(said, sign);
  }
});

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

// The value of a number as people write it, or of simple arithmetic: 1/64, 12^2, 62.5%, √2. Else NaN.
const valueOf = (text) => {
  const plain = text.replace(/[−–]/g, "-").replace(/[×·]/g, "*").replace(/÷/g, "/");
  const signs = plain
    .replace(/(\d),(?=\d)/g, "$1.") // a decimal comma
    .match(/(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|sqrt|\*\*|\S/gi);
  const take = (...wanted) => signs && wanted.includes(signs[0]?.toLowerCase()) && signs.shift();
  const sum = () => {
    let value = product();
    for (let sign; (sign = take("+", "-")); ) value += sign === "-" ? -product() : product();
    return value;
  };
  const product = () => {
    let value = signed();
    for (let sign; (sign = take("*", "/")); ) value = sign === "*" ? value * signed() : value / signed();
    return value;
  };
  const signed = () => (take("-") ? -signed() : take("+") ? signed() : power());
  const power = () => {
    const base = part();
    return take("^", "**") ? base ** signed() : base;
  };
  const part = () => {
    let value = NaN;
    if (take("sqrt", "√")) return Math.sqrt(part());
    if (take("(")) {
      value = sum();
      if (!take(")")) return NaN;
    } else if (/^[.\d]/.test(signs?.[0] ?? "")) value = Number(signs.shift());
    return take("%") ? value / 100 : value;
  };
  const value = sum();
  return signs?.length || !isFinite(value) ? NaN : value;
};

// An answer is near a number if it differs by as much as it may, or rounds to what that rounds to.
const near = (given, number, within) => {
  const close = (other) => Math.abs(given - other) <= within + 1e-9;
  const digits = -Math.log10(2 * within);
  const unit = 10 ** Math.round(digits);
  const rounds = Math.abs(digits - Math.round(digits)) < 1e-9;
  return close(number) || (rounds && close(Math.round(number * unit) / unit));
};

// Questions: a button checks, the reply stands in the folded answers. What was chosen and what was
// right is kept.
const STORE = "questions";
const kept = Object(stored((store) => JSON.parse(store.getItem(STORE))));
const keep = () => stored((store) => store.setItem(STORE, JSON.stringify(kept)));
const chapterOf = (link) => new URL(link, location).pathname.split("/").pop();
const here = Object(kept[chapterOf(location)]);
kept[chapterOf(location)] = here;
here.right ??= [];
here.chosen = Object(here.chosen);
const questions = all(".question");
const count = document.createElement("span");

const showProgress = () => {
  here.of = questions.length;
  count.textContent = `${here.right.length} of ${here.of} answered. `;
  all(".answered-mark").forEach((mark) => mark.remove());
  for (const link of all(":is(.bd-links, .map) a[href]")) {
    const { right = [], of } = kept[chapterOf(link.getAttribute("href"))] ?? {};
    if (!right.length) continue;
    const mark = document.createElement("span");
    mark.className = "answered-mark";
    mark.textContent = right.length < of ? `${right.length} of ${of}` : "✓ done";
    link.append(" ", mark);
  }
};

for (const question of questions) {
  const { name } = question.dataset;
  const button = document.createElement("button");
  const reply = document.createElement("output");
  const written = question.querySelector("input[data-within]");
  const choices = [...question.querySelectorAll("input[type=radio]")];
  const answers = [...question.querySelectorAll("li")];
  const answer = () => {
    if (!written) return answers[question.querySelector(":checked")?.value] ?? "Choose an answer.";
    const text = written.value.trim();
    if (!text) return "Write a number, such as 0.25.";
    const given = valueOf(text);
    if (isNaN(given)) return `“${text}” is no number that can be worked out here: write it as 0.25, 1/4 or 25%.`;
    const { within } = written.dataset;
    const found = answers.find(({ dataset }) => near(given, +dataset.value, +within));
    return found ?? "No. It is none of the usual mistakes either: work it out again.";
  };
  const say = (found) => {
    reply.replaceChildren(found.lastElementChild?.cloneNode(true) ?? found);
    const right = "right" in (found.dataset ?? {});
    if (right || reply.textContent.startsWith("No")) {
      reply.setAttribute("data-verdict", right ? "right" : "wrong");
    } else reply.removeAttribute("data-verdict");
    return right;
  };
  const check = () => {
    if (!say(answer()) || here.right.includes(name)) return;
    here.right.push(name);
    keep();
    showProgress();
  };
  const chosen = here.chosen[name];
  if (typeof chosen === "string") {
    if (written) written.value = chosen;
    else choices.forEach((choice) => (choice.checked = choice.value === chosen));
  }
  question.addEventListener("input", ({ target }) => {
    here.chosen[name] = target.value;
    keep();
    reply.textContent = ""; // it was the reply to another answer
  });
  button.type = "button";
  button.textContent = "Check";
  button.addEventListener("click", check);
  written?.addEventListener("keydown", ({ key }) => key === "Enter" && check());
  question.querySelector("details").before(button, reply);
  if (here.right.includes(name)) {
    const found = answer();
    if ("right" in (found.dataset ?? {})) say(found);
    else {
      reply.textContent = "You have answered this one.";
      reply.setAttribute("data-verdict", "right");
    }
  }
}

if (questions.length) {
  const names = questions.map(({ dataset }) => dataset.name);
  here.right = here.right.filter((name) => names.includes(name)); // questions change
  const forget = document.createElement("button");
  forget.type = "button";
  forget.textContent = "Forget all my answers";
  forget.addEventListener("click", () => {
    stored((store) => store.removeItem(STORE));
    for (const chapter in kept) Object.assign(kept[chapter], { right: [], chosen: {} });
    for (const question of questions) {
      question.querySelector("output").textContent = "";
      for (const input of question.querySelectorAll("input")) {
        if (input.type === "radio") input.checked = false;
        else input.value = "";
      }
    }
    showProgress();
  });
  const progress = document.createElement("p");
  progress.className = "answered";
  count.setAttribute("role", "status");
  progress.append(count, forget);
  questions.at(-1).after(progress);
}
showProgress();
