// Run, change and check the cells of a page. Python computes in a worker, which starts when it is first needed.

import { attentionExplorer } from "./explorer.js";

class Stopped extends Error {}

// The worker, and who waits for it.
class Python {
  constructor(address, hear) {
    this.waiting = new Map();
    this.hear = hear;
    this.worker = new Worker(address, { type: "module" });
    this.worker.onmessage = ({ data }) => {
      if (!("number" in data)) return this.hear(data);
      const { resolve, reject } = this.waiting.get(data.number);
      this.waiting.delete(data.number);
      "error" in data ? reject(new Error(data.error)) : resolve(data.answer);
    };
    this.worker.onerror = ({ message }) => this.end(new Error(message || "Python could not be loaded"));
    this.next = 0;
  }

  ask(task, data = {}) {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.set(this.next, { resolve, reject });
      this.worker.postMessage({ number: this.next++, task, ...data });
    });
  }

  end(reason) {
    this.ended = reason;
    this.worker.terminate();
    this.waiting.forEach(({ reject }) => reject(reason));
    this.waiting.clear();
  }
}

export const open = ({ cells, page, kept, keep, showSolved, made, button, beside, BOOK }) => {
  let python;
  let work = Promise.resolve(); // one thing after the other
  let hear = () => {};
  const heard = (message) => hear(message);
  const start = () => (python = python && !python.ended ? python : new Python(beside("worker.js"), heard));

  const sourceOf = (cell) => cell.editor?.get() ?? cell.source;
  const isEdited = (cell) => sourceOf(cell) !== cell.source;

  // What goes on is shown at one place at a time, with a bar where the end is known, and a button that ends it.
  const busy = async (status, starter, doing) => {
    const text = made("span");
    const bar = made("progress", { hidden: true });
    bar.setAttribute("aria-label", "Progress");
    const stop = button("Stop", () => {
      starter.disabled = false;
      starter.focus();
      python.end(new Stopped());
      start(); // ready when it is needed again
    });
    const printed = made("pre", { className: "python-printed", hidden: true, tabIndex: 0 });
    const say = (words, value, max) => {
      text.textContent = words;
      bar.hidden = !max;
      if (max) [bar.max, bar.value] = [max, Math.min(value, max)];
    };
    hear = ({ loaded, step, of, printed: shown }) => {
      const [have, all] = [loaded, BOOK.bytes].map((bytes) => (bytes / 1e6).toFixed(1));
      if (loaded) say(loaded < BOOK.bytes ? `Loading Python: ${have} of ${all} MB` : "Starting Python", loaded, BOOK.bytes);
      if (step) say(`Step ${step}${of ? ` of ${of}` : ""}`, step, of);
      if (shown) [printed.textContent, printed.hidden] = [shown, false];
    };
    const before = work;
    let done;
    work = new Promise((resolve) => (done = resolve));
    const end = (words) => {
      status.removeAttribute("aria-busy");
      status.textContent = words;
    };
    status.replaceChildren(text, bar, stop, printed);
    const hadFocus = starter === document.activeElement;
    starter.disabled = true;
    say("Waiting");
    try {
      await before;
      start();
      say("Starting Python");
      status.setAttribute("aria-busy", "true"); // not each megabyte is told to who listens
      await python.ask("ready");
      end(await doing(say));
    } catch (error) {
      const why = `Python broke off (${error.message}) and starts anew with the next click.`;
      end(`${error instanceof Stopped ? "Stopped." : why} What you typed stays.`);
      if (!(error instanceof Stopped)) python.end(error);
    } finally {
      starter.disabled = false;
      if (hadFocus && [document.body, starter].includes(document.activeElement)) starter.focus();
      done();
    }
  };

  // A picture takes the colours of the page, as those do with which the page was built.
  const inColour = (images, name) => {
    const svgs = [...images].map(({ src }) => decodeURIComponent(src.slice(src.indexOf(",") + 1)));
    const picture = made("div");
    picture.attachShadow({ mode: "open" }).append(made("div", { innerHTML: svgs.join("\n") }));
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", name);
    return picture;
  };

  // One with sliders asks Python for the frames that its reader wants to see.
  const liven = (root, number) => {
    for (const image of root.querySelectorAll(".attention-index img")) image.replaceWith(inColour([image], image.alt));
    for (const figure of root.querySelectorAll("figure.attention-figure")) {
      const panels = figure.querySelector(".attention-panels");
      if (figure.querySelector("form") && number !== undefined) {
        const by = python;
        attentionExplorer(figure, (state) =>
          by.ask("frame", { picture: number, state }).catch((error) => {
            throw error instanceof Stopped ? "Python was started anew: run this cell again." : error.message;
          }),
        );
        // Later it is named by the sentence of each frame.
        figure.querySelector("[role=img]").setAttribute("aria-label", figure.querySelector("figcaption").textContent);
      } else if (panels) {
        const picture = inColour(panels.querySelectorAll("img"), figure.querySelector("figcaption")?.textContent ?? "A picture");
        picture.shadowRoot.firstChild.style.cssText = panels.style.cssText;
        panels.replaceWith(picture);
      }
    }
  };

  const shown = (output) => {
    const box = made("div", { className: `output python-${output.kind}` });
    if (output.kind === "html") {
      box.innerHTML = output.html;
      liven(box, output.picture);
    } else if (output.kind === "error") {
      const { cell, line, code, text } = output;
      const where = line ? `Cell ${cell + 1}, line ${line}: ` : "";
      box.append(made("p", {}, where, made("code", { textContent: code })), made("pre", { textContent: text }));
      box.firstChild.hidden = !line;
    } else {
      box.append(made("pre", { textContent: output.text }));
    }
    return box;
  };

  // What an output says: printed text sign by sign; a picture by its sentence and the values of its heatmaps.
  const words = (box, captions) => {
    if (!box.querySelector("figure, table, p, li")) return box.textContent.replace(/^\n+|\s+$/g, "");
    const copy = box.cloneNode(true);
    const [here, there] = [box, copy].map((root) => [...root.querySelectorAll("figcaption")]);
    here.forEach((it, i) => (there[i].textContent = captions?.get(it) ?? it.textContent));
    copy.querySelectorAll("script, style, form, fieldset, .attention-still, svg, img, [role=img]").forEach((it) => it.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const ofBook = (cell) =>
    cell.outputs.flatMap((place) => [...place.querySelectorAll(":scope > .output, :scope > div > .output")]).map((box) => words(box, cell.captions));
  const compare = (cell, boxes) => {
    const [book, own] = [ofBook(cell), boxes.map((box) => words(box))];
    const same = book.filter((text, i) => text === own[i]).length;
    return { same, of: book.length, equal: same === book.length && own.length === book.length };
  };

  const clear = (cell) => {
    cell.own?.remove();
    cell.own = undefined;
    cell.outputs.forEach((place) => (place.hidden = false));
  };
  const place = (cell, outputs, label) => {
    clear(cell);
    const boxes = outputs.map(shown);
    cell.own = made("div", { className: "python-output" }, made("p", { className: "python-label", textContent: label }), ...boxes);
    const below = cell.outputs.filter((it) => it.compareDocumentPosition(cell.input) & Node.DOCUMENT_POSITION_PRECEDING);
    below.forEach((place) => (place.hidden = true));
    // Below the code; what the book shows above it stays.
    (below.at(-1) ?? cell.input).after(cell.own);
    return boxes;
  };
  const unfold = ({ element }) => {
    for (let fold = element; (fold = fold.parentElement?.closest("details")); ) fold.open = true;
    element.querySelectorAll("details.folded").forEach((fold) => (fold.open = true));
  };
  const noteSolved = (cell, outputs) => {
    if (!cell.exercise || !outputs.some((output) => output.verdict === "right")) return;
    keep(({ solved }) => {
      const before = Array.isArray(solved[page]) ? solved[page] : [];
      solved[page] = [...new Set([...before, cell.exercise])];
    });
    showSolved();
  };

  const run = (cell) =>
    busy(cell.status, cell.run, async (say) => {
      say("Running");
      const began = performance.now();
      const sources = cells.map(sourceOf);
      const plan = await python.ask("plan", { sources, cell: cell.number });
      for (const [i, number] of plan.entries()) {
        if (number !== cell.number) say(`Running the cells above that this one needs: ${i + 1} of ${plan.length - 1}`, i, plan.length);
        else say("Running");
        const outputs = await python.ask("run", { source: sources[number], cell: number });
        const failed = outputs.at(-1)?.kind === "error";
        if (number !== cell.number && !failed) continue;
        if (failed) await python.ask("forget"); // half a cell is none
        const missing = failed && !isEdited(cells[number]) && outputs.at(-1).missing;
        if (missing) return `${number === cell.number ? "This cell" : `Cell ${number + 1}, which this one needs,`} needs ${missing}, which a browser lacks.${cell.outputs.length ? " What the book shows was computed where it is there." : ""}`;
        const boxes = place(cell, outputs, "Your output");
        const label = cell.own.firstChild;
        if (number !== cell.number) label.textContent = `Cell ${number + 1}, which this one needs, failed`;
        else if (!isEdited(cell) && !cells.some((it) => it.number < number && isEdited(it))) {
          const { of, equal } = compare(cell, boxes);
          if (of && !cell.exercise) label.textContent = `Your output: ${equal ? "the same as the book’s" : "not the book’s"}`;
        }
        if (!boxes.length) label.textContent = "It ran, and has nothing to show.";
        cell.reset.hidden = false;
        noteSolved(cell, outputs);
        if (failed) return "It failed.";
      }
      return `Done in ${((performance.now() - began) / 1000).toFixed(1)} s.`;
    });

  const keepEdit = (cell) =>
    keep(({ edits }) => {
      const here = (edits[page] ??= {});
      if (isEdited(cell)) here[cell.key] = sourceOf(cell);
      else delete here[cell.key];
      if (!Object.keys(here).length) delete edits[page];
    });

  const edit = async (cell, source = cell.source) => {
    if (!cell.editor) {
      const { edit } = await import(beside("editor.js"));
      if (cell.editor) return cell.editor.focus();
      const frame = made("div", { className: "python-editor highlight" });
      cell.code.after(frame);
      cell.code.hidden = cell.edit.hidden = true;
      cell.reset.hidden = false;
      cell.editor = edit(frame, {
        source,
        label: `Code of cell ${cell.number + 1}. Shift-Enter runs it. Escape, then Tab, leaves it.`,
        changed: () => keepEdit(cell),
        run: () => run(cell),
      });
      cell.frame = frame;
      cell.status.textContent = "Shift-Enter runs the cell.";
    }
    if (source === cell.source) cell.editor.focus();
  };

  const reset = (cell) => {
    cell.editor?.close();
    cell.frame?.remove();
    cell.editor = cell.frame = undefined;
    cell.code.hidden = cell.edit.hidden = false;
    cell.reset.hidden = true;
    cell.status.textContent = cell.tick.textContent = "";
    clear(cell);
    keepEdit(cell);
    cell.run.focus();
  };

  // Every cell as the book has it, in order, in a Python that knows nothing yet.
  const check = (status, starter) =>
    busy(status, starter, async (say) => {
      cells.forEach((cell) => (cell.tick.textContent = ""));
      await python.ask("forget");
      const left = new Map(); // cells that are not compared, and why
      const lacking = new Set();
      let [same, of, different] = [0, 0, 0];
      for (const cell of cells) {
        say(`Cell ${cell.number + 1} of ${cells.length}`, cell.number, cells.length);
        const skip = (why) => {
          left.set(cell, why);
          cell.tick.textContent = `Not compared: ${why}.`;
        };
        const plan = await python.ask("needs", { sources: cells.map((it) => it.source), cell: cell.number });
        if (plan.some((number) => lacking.has(number))) {
          lacking.add(cell.number);
          skip("it needs a cell that is not compared");
          continue;
        }
        const outputs = await python.ask("run", { source: cell.source, cell: cell.number });
        const error = outputs.find(({ kind }) => kind === "error");
        if (error?.missing) {
          lacking.add(cell.number);
          skip(`it needs ${error.missing}, which a browser lacks`);
          continue;
        }
        if (cell.element.matches(".tag_nbval-ignore-output")) {
          skip("it shows a clock");
          continue;
        }
        const boxes = outputs.map(shown);
        const result = compare(cell, boxes);
        same += result.same;
        of += Math.max(result.of, error ? result.same + 1 : 0);
        if (result.equal) {
          cell.tick.textContent = result.of ? "✓ the same" : "✓ ran";
        } else {
          different += 1;
          cell.tick.textContent = "✗ not the same";
          unfold(cell);
          place(cell, outputs, "Computed on your machine: not what the book prints");
          cell.reset.hidden = false;
        }
      }
      await python.ask("forget");
      const notes = left.size ? ` ${left.size} ${left.size === 1 ? "cell is" : "cells are"} not compared, and say why.` : "";
      const cellsDiffer = different === 1 ? "one cell differs" : `${different} cells differ`;
      const verdict = different ? `${cellsDiffer}, and ${different === 1 ? "shows" : "show"} both` : "the same";
      return `${same} of ${of} outputs computed anew on your machine: ${verdict}.${notes}`;
    });

  const mine = kept().edits[page] ?? {};
  for (const cell of cells) {
    if (typeof mine[cell.key] === "string" && mine[cell.key] !== cell.source) edit(cell, mine[cell.key]);
  }
  return { run, edit, reset, check };
};
