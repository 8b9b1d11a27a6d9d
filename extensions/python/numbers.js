// The four steps of attention on numbers that a reader types. It is small enough to need no Python:
// a test compares it with the module on a thousand random grids.
const attentionSteps = (query, key, value) => {
  const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const scores = query.map((q) => key.map((k) => dot(q, k)));
  const scaled = scores.map((row) => row.map((score) => score / Math.sqrt(key[0].length)));
  const weights = scaled.map((row) => {
    const most = Math.max(...row);
    const chances = row.map((score) => Math.exp(score - most));
    const sum = chances.reduce((a, b) => a + b);
    return chances.map((chance) => chance / sum);
  });
  const columns = value[0].map((_, j) => value.map((row) => row[j]));
  const output = weights.map((row) => columns.map((column) => dot(row, column)));
  return { scores, scaled, weights, output };
};

// A number as people write it, or the reason why it is none.
const readNumber = (text) => {
  const plain = text.trim().replace(/[−–]/, "-").replace(",", ".");
  if (!plain) return { why: "is empty" };
  const number = Number(plain);
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) || !Number.isFinite(number)) return { why: "is no number" };
  return Math.abs(number) > 1e6 ? { why: "is beyond a million" } : { number };
};

const attentionNumbers = (place) => {
  const MOST = 4;
  const GUIDE = { query: [[3, 4]], key: [[1, 2], [2, 3]], value: [[7, 8], [9, 10]] };
  const SIZES = { L: "queries, L", S: "keys, S", d_k: "width of queries and keys, d_k", d_v: "width of values, d_v" };
  const SHAPES = { query: ["L", "d_k"], key: ["S", "d_k"], value: ["S", "d_v"] };
  const STEPS = { scores: "1 scores", scaled: "2 scaled", weights: "3 weights", output: "4 output" };
  const made = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const shown = (x) => String(Number(x.toPrecision(4))).replace("e+", "e");
  const indexed = (name) => {
    const [letter, index] = name.split("_");
    return index ? [made("i", { textContent: letter }), made("sub", { textContent: index })] : [made("i", { textContent: letter })];
  };
  const sign = (text, name = "own-sign") => made("span", { className: name, ariaHidden: "true" }, ...[text].flat());
  const sizes = {};
  // What is typed outlives a smaller grid: each text has its place in the largest.
  const typed = {};
  const fields = {};
  const results = {};
  const boxes = {};
  const say = made("p", { className: "own-said" });
  say.setAttribute("role", "status");
  const roots = [sign("/ √"), sign("÷ √ →")];
  const links = document.createElementNS("http://www.w3.org/2000/svg", "svg");

  // A matrix of results, which a screen reader reads as a table and others see in brackets.
  const table = (name, rows, head) => {
    const most = Math.max(...rows.flat().map(Math.abs), name === "weights" ? 1 : 0) || 1;
    const colour = { weights: "var(--weights)", output: "var(--output)" }[name] ?? "var(--ink)";
    const share = colour === "var(--ink)" ? 20 : 55;
    const cell = (x) => {
      const td = made("td", { textContent: shown(x) });
      td.style.background = `color-mix(in srgb, ${colour} ${(share * Math.abs(x)) / most}%, transparent)`;
      return td;
    };
    const top = made("tr", {}, made("td"), ...rows[0].map((_, j) => made("th", { scope: "col", textContent: `${head} ${j}` })));
    const body = rows.map((row, i) => made("tr", {}, made("th", { scope: "row", textContent: `query ${i}` }), ...row.map(cell)));
    const caption = made("caption", { textContent: STEPS[name] });
    if (share > 20) caption.style.color = colour;
    results[name].replaceChildren(
      caption,
      made("thead", {}, top),
      made("tbody", {}, ...body),
    );
  };

  // From each query a strand to each key, as wide as its weight.
  const strand = (weights) => {
    const LINE = 34;
    const tall = LINE * Math.max(weights.length, weights[0].length);
    const middle = (i, count) => tall / 2 + (i - (count - 1) / 2) * LINE;
    const draw = (tag, attributes, text = "") => {
      const part = document.createElementNS(links.namespaceURI, tag);
      for (const [name, given] of Object.entries(attributes)) part.setAttribute(name, given);
      part.textContent = text;
      return part;
    };
    links.setAttribute("viewBox", `0 0 240 ${tall}`);
    links.style.width = "240px";
    const strands = weights.flatMap((row, i) =>
      row.map((weight, j) => {
        const [from, to] = [middle(i, weights.length), middle(j, row.length)];
        return draw("path", { d: `M64 ${from}C120 ${from} 120 ${to} 176 ${to}`, "stroke-width": 0.5 + 15 * weight, opacity: 0.3 + 0.5 * weight });
      }),
    );
    const name = (kind, count, x, anchor) =>
      Array.from({ length: count }, (_, i) => draw("text", { x, y: middle(i, count) + 5, "text-anchor": anchor, class: kind }, `${kind} ${i}`));
    links.replaceChildren(...strands, ...name("query", weights.length, 58, "end"), ...name("key", weights[0].length, 182, "start"));
  };

  const follow = () => {
    const numbers = {};
    for (const [name, rows] of Object.entries(fields)) {
      numbers[name] = [];
      for (const [i, row] of rows.entries()) {
        numbers[name].push([]);
        for (const [j, input] of row.entries()) {
          typed[name][i][j] = input.value;
          const { number, why } = readNumber(input.value);
          input.setAttribute("aria-invalid", Boolean(why));
          if (why) {
            const got = input.value.trim() ? `: “${input.value.trim().slice(0, 20)}”` : "";
            say.textContent = `Row ${i}, column ${j} of ${name} ${why}${got}. Write one from −1000000 to 1000000, such as 0.5.`;
            place.classList.add("own-old");
            return;
          }
          numbers[name][i].push(number);
        }
      }
    }
    const steps = attentionSteps(numbers.query, numbers.key, numbers.value);
    place.classList.remove("own-old");
    for (const name of Object.keys(STEPS)) table(name, steps[name], name === "output" ? "column" : "key");
    strand(steps.weights);
    const most = steps.weights.map((row) => row.indexOf(Math.max(...row)));
    say.textContent = most
      .map((key, i) => `Query ${i} gives key ${key} the most weight, ${shown(steps.weights[i][key])}; its output is ${steps.output[i].map(shown).join(", ")}.`)
      .join(" ");
  };

  const lay = () => {
    for (const [name, [rows, columns]] of Object.entries(SHAPES)) {
      fields[name] = Array.from({ length: +sizes[rows].value }, (_, i) =>
        Array.from({ length: +sizes[columns].value }, (_, j) => {
          const input = made("input", { type: "text", inputMode: "text", autocomplete: "off", size: 4, value: typed[name][i][j], oninput: follow });
          input.setAttribute("aria-label", `${name}, row ${i}, column ${j}`);
          return input;
        }),
      );
      boxes[name].replaceChildren(...fields[name].map((row) => made("div", {}, ...row)));
    }
    for (const root of roots) root.textContent = root.textContent.replace(/√\d?/, `√${sizes.d_k.value}`);
    follow();
  };

  const matrix = (name) => {
    const [rows, columns] = SHAPES[name];
    const legend = made("legend", { className: name }, `${name} `, ...indexed(rows), " × ", ...indexed(columns));
    legend.style.color = `var(--${name})`;
    boxes[name] = made("div", { className: "own-matrix" });
    return made("fieldset", { className: "own-grid" }, legend, boxes[name]);
  };
  const result = (name) => (results[name] = made("table", { className: "own-result" }));
  const choices = Object.entries(SIZES).map(([name, label]) => {
    sizes[name] = made("select", { autocomplete: "off", onchange: lay });
    sizes[name].setAttribute("aria-label", label);
    for (let size = 1; size <= MOST; size++) sizes[name].append(made("option", { textContent: size }));
    return made("label", {}, ...indexed(name), " ", sizes[name]);
  });
  const guide = () => {
    for (const [name, rows] of Object.entries(GUIDE)) {
      typed[name] = Array.from({ length: MOST }, (_, i) => Array.from({ length: MOST }, (_, j) => String(rows[i]?.[j] ?? 0)));
    }
    sizes.L.value = 1;
    for (const name of ["S", "d_k", "d_v"]) sizes[name].value = 2;
    lay();
  };
  const again = made("button", { type: "button", textContent: "The guide’s numbers", onclick: guide });
  const [open, close] = ["own-open", "own-close"].map((name) => sign("", `own-parenthesis ${name}`));
  links.setAttribute("class", "own-strands");
  links.setAttribute("aria-hidden", "true");
  place.append(
    made("p", { textContent: "Type numbers into the formula: each change is followed by all four steps. Digits are rounded to four places." }),
    made(
      "div",
      { className: "own-formula" },
      sign("softmax", "own-softmax"),
      open,
      matrix("query"),
      made("div", { className: "own-power" }, matrix("key"), made("sup", { textContent: "⊤", ariaHidden: "true" })),
      roots[0],
      close,
      made("div", { className: "own-end" }, matrix("value"), sign("="), result("output")),
    ),
    made("div", { className: "own-steps" }, result("scores"), roots[1], result("scaled"), sign("softmax →"), result("weights"), links),
    say,
    made("div", { className: "own-sizes" }, ...choices, again),
  );
  guide();
};

if (typeof document !== "undefined") document.querySelectorAll(".own-numbers").forEach(attentionNumbers);
