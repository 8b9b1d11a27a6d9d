// What every page loads of Python: its buttons, and what the reader has solved. The first click loads the rest.
// BOOK = {title, start, exercises: {page: [name, ...]}, minutes: {page: text}, bytes} stands above: the build wrote it.
(() => {
  const address = new URL(document.currentScript.src);
  const beside = (name) => new URL(name + address.search, address).href;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const made = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (textContent, click, label) => {
    const it = made("button", { type: "button", textContent, onclick: click });
    if (label) it.setAttribute("aria-label", label);
    return it;
  };
  const article = document.querySelector("article");
  const pageOf = (link) => new URL(link, location).pathname.split("/").pop() || "index.html";
  const page = pageOf(location);

  // What is kept on the device: {edits: {page: {cell: source}}, solved: {page: [name, ...]}}.
  const STORE = "python";
  const isTable = (it) => Object.prototype.toString.call(it) === "[object Object]";
  const kept = () => {
    const found = stored((store) => JSON.parse(store.getItem(STORE)));
    const { edits, solved } = isTable(found) ? found : {};
    return { edits: isTable(edits) ? edits : {}, solved: isTable(solved) ? solved : {} };
  };
  const keep = (change) => {
    const all = kept();
    change(all);
    stored((store) => store.setItem(STORE, JSON.stringify(all)));
  };
  const solvedOn = (name) => {
    const solved = kept().solved[name];
    return (BOOK.exercises[name] ?? []).filter((each) => Array.isArray(solved) && solved.includes(each));
  };

  // Marks: in the sidebar, on the start page and beside each exercise.
  const showSolved = () => {
    all(".python-mark").forEach((mark) => mark.remove());
    for (const link of all(":is(.bd-links, .map) a[href]")) {
      const name = pageOf(link.getAttribute("href"));
      const [count, of] = [solvedOn(name).length, BOOK.exercises[name]?.length];
      if (!count) continue;
      const text = count < of ? `${count} of ${of} solved` : "✓ solved";
      link.append(made("span", { className: "python-mark", textContent: ` ${text}` }));
    }
    cells.forEach((cell) => {
      if (cell.exercise) cell.solved.hidden = !solvedOn(page).includes(cell.exercise);
    });
  };

  // Code cells: what the book has in each, and the bar below its code.
  const hash = (text) => {
    let number = 2166136261;
    for (const sign of text) number = Math.imul(number ^ sign.codePointAt(0), 16777619) >>> 0;
    return number.toString(36);
  };
  const seen = {};
  // In the order in which they run: what prepares a figure stands in the fold of that figure's code.
  const cells = all("div.cell div.cell_input").flatMap((input) => {
    const element = input.closest("div.cell");
    const code = input.querySelector("div.highlight");
    if (!code) return [];
    const source = code.querySelector("pre").textContent.replace(/\n$/, "");
    const key = hash(source);
    seen[key] = (seen[key] ?? 0) + 1;
    const solution = element.matches(".tag_hide-cell") || element.closest("details");
    const exercise = !solution && /\bcheck\("(\w+)", *\1\)/.exec(source)?.[1];
    const outputs = all(".cell_output", element).filter((it) => it.closest("div.cell") === element);
    // Before a slider is moved: what the book prints.
    const captions = new Map(all("figcaption", element).map((it) => [it, it.textContent]));
    return [{ element, input, code, source, key: `${key}.${seen[key]}`, exercise, outputs, captions }];
  });
  cells.forEach((cell, number) => (cell.number = number));

  let rest;
  const load = () =>
    (rest ??= import(beside("page.js")).then(({ open }) =>
      open({ cells, page, kept, keep, showSolved, made, button, beside, BOOK }),
    ));
  // While something goes on, the page says so: to tests, and to style sheets.
  let doing = 0;
  const act = (name, ...of) => async () => {
    document.documentElement.dataset.python = "busy";
    doing += 1;
    try {
      await (await load())[name](...of);
    } finally {
      if (!(doing -= 1)) delete document.documentElement.dataset.python;
    }
  };

  const addButtons = () => {
    for (const cell of cells) {
      const n = cell.number + 1;
      cell.run = button("Run", act("run", cell), `Run cell ${n}`);
      cell.edit = button("Edit", act("edit", cell), `Edit cell ${n}`);
      cell.reset = button("Reset", act("reset", cell), `Reset cell ${n}`);
      cell.reset.hidden = true;
      cell.solved = made("span", { className: "python-tick", textContent: "✓ solved", hidden: true });
      cell.tick = made("p", { className: "python-tick python-check-tick" });
      cell.status = made("span", { className: "python-status" });
      cell.status.setAttribute("role", "status");
      const { run, edit, reset, solved, status } = cell;
      cell.input.append(made("div", { className: "python-bar" }, run, edit, reset, solved, status));
      cell.element.append(cell.tick); // outside of what may be folded
      if (!cell.exercise) continue;
      cell.code.addEventListener("click", ({ target }) => {
        if (!target.closest("button") && !String(getSelection())) act("edit", cell)();
      });
    }
    const minutes = BOOK.minutes[page];
    const about = made("p", {
      textContent:
        "Your browser runs every cell of this page and compares each result with what is printed" +
        `${minutes ? `. This page trains a model, which takes ${minutes}` : ""}. ` +
        `The first time it loads Python, ${Math.round(BOOK.bytes / 1e6)} MB, from this site. `,
    });
    about.append(made("a", { href: beside("licences.txt").split("?")[0], textContent: "Licences" }), ".");
    const status = made("p", { className: "python-status" });
    status.setAttribute("role", "status");
    const check = button("Check this page", () => act("check", status, check)());
    article.append(made("section", { className: "python-check" }, about, check, status));
  };

  const whyNot = () => {
    if (location.protocol === "file:")
      return "To run the code in this page, serve the book: type “make serve” in its folder. From a disk, browsers let no page start Python.";
    const able = typeof WebAssembly === "object" && typeof Worker === "function";
    return able ? "" : "The code cannot be run in this page: this browser has no WebAssembly. A newer one will do, or JupyterLab.";
  };

  // On the start page, whose cards show what is solved: what the reader may do with all that is kept.
  const addOverview = () => {
    const note = made("p", { className: "python-status" });
    note.setAttribute("role", "status");
    const say = (text) => (note.textContent = text);
    const save = () => {
      const questions = stored((store) => JSON.parse(store.getItem("questions"))) ?? {};
      const text = JSON.stringify({ book: BOOK.title, questions, ...kept() }, null, 1);
      const link = made("a", { download: "attention-computed.json" });
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.click();
      URL.revokeObjectURL(link.href);
    };
    const file = made("input", { type: "file", accept: ".json,application/json", hidden: true });
    file.setAttribute("aria-label", "A file that was exported here");
    file.onchange = async () => {
      try {
        const { book, questions, edits, solved } = JSON.parse(await file.files[0].text());
        const texts = isTable(edits) && Object.values(edits).every((of) => isTable(of) && Object.values(of).every((it) => typeof it === "string"));
        if (book !== BOOK.title || !texts || !isTable(solved)) throw new Error();
        stored((store) => {
          store.setItem(STORE, JSON.stringify({ edits, solved }));
          if (isTable(questions)) store.setItem("questions", JSON.stringify(questions));
        });
        location.reload();
      } catch {
        say("This is no file that was exported here.");
      }
      file.value = "";
    };
    const forget = () => {
      if (!confirm("Delete your solutions, edits and answers from this device?")) return;
      stored((store) => [STORE, "questions"].forEach((key) => store.removeItem(key)));
      location.reload();
    };
    article.append(
      made(
        "section",
        { className: "python-kept" },
        made("p", { textContent: "The cards above show what you have answered and solved. Your solutions, edits and answers are kept on this device and nowhere else." }),
        button("Export", save, "Export to a file"),
        button("Import", () => file.click(), "Import from a file"),
        button("Delete", forget, "Delete all that is kept"),
        file,
        note,
      ),
    );
  };

  if (cells.length && article) {
    const reason = whyNot();
    if (reason) {
      const at = cells.find((cell) => cell.exercise) ?? cells.at(-1);
      at.element.before(made("p", { className: "python-why", textContent: reason }));
      cells.length = 0;
    } else {
      addButtons();
      if (Object.keys(kept().edits[page] ?? {}).length) load();
    }
  }
  if (page === BOOK.start) addOverview();
  showSolved();
})();
