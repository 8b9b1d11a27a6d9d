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
  const STEPS = { scores: "1 scores", scaled: "2 scaled scores", weights: "3 weights", output: "4 output" };
  const made = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const shown = (x) => String(Number(x.toPrecision(4)));
  const sizes = {};
  const grids = {};
  const say = made("p");
  say.setAttribute("role", "status");
  const results = made("div", { className: "own-steps" });

  const table = (name, rows, head) => {
    const most = Math.max(...rows.flat().map(Math.abs), name === "weights" ? 1 : 0) || 1;
    const colour = { weights: "var(--weights)", output: "var(--output, var(--value))" }[name] ?? "var(--ink)";
    const cell = (x) => {
      const td = made("td", { textContent: shown(x) });
      td.style.background = `linear-gradient(to right, color-mix(in srgb, ${colour} 30%, transparent) ${(100 * Math.abs(x)) / most}%, transparent 0)`;
      return td;
    };
    const top = made("tr", {}, made("td"), ...rows[0].map((_, j) => made("th", { scope: "col", textContent: `${head} ${j}` })));
    const body = rows.map((row, i) => made("tr", {}, made("th", { scope: "row", textContent: `query ${i}` }), ...row.map(cell)));
    return made("table", {}, made("caption", { textContent: STEPS[name] }), made("thead", {}, top), made("tbody", {}, ...body));
  };

  const follow = () => {
    const numbers = {};
    for (const [name, rows] of Object.entries(grids)) {
      numbers[name] = [];
      for (const [i, row] of rows.entries()) {
        numbers[name].push([]);
        for (const [j, input] of row.entries()) {
          const { number, why } = readNumber(input.value);
          input.setAttribute("aria-invalid", Boolean(why));
          if (why) {
            const got = input.value.trim() ? `: “${input.value.trim().slice(0, 20)}”` : "";
            say.textContent = `Row ${i}, column ${j} of ${name} ${why}${got}. Write one from −1000000 to 1000000, such as 0.5.`;
            results.classList.add("own-old");
            return;
          }
          numbers[name][i].push(number);
        }
      }
    }
    const steps = attentionSteps(numbers.query, numbers.key, numbers.value);
    results.classList.remove("own-old");
    results.replaceChildren(...Object.keys(STEPS).map((name) => table(name, steps[name], name === "output" ? "column" : "key")));
    const most = steps.weights.map((row) => row.indexOf(Math.max(...row)));
    say.textContent = most
      .map((key, i) => `Query ${i} gives key ${key} the most weight, ${shown(steps.weights[i][key])}; its output is ${steps.output[i].map(shown).join(", ")}.`)
      .join(" ");
  };

  const lay = (start = {}) => {
    for (const [name, [rows, columns]] of Object.entries(SHAPES)) {
      const old = (grids[name] ?? []).map((row) => row.map((input) => input.value));
      const box = boxes[name];
      grids[name] = Array.from({ length: +sizes[rows].value }, (_, i) =>
        Array.from({ length: +sizes[columns].value }, (_, j) => {
          const value = start[name]?.[i]?.[j] ?? old[i]?.[j] ?? 0;
          const input = made("input", { type: "text", inputMode: "text", autocomplete: "off", size: 5, value, oninput: follow });
          input.setAttribute("aria-label", `${name}, row ${i}, column ${j}`);
          return input;
        }),
      );
      box.replaceChildren(box.firstChild, ...grids[name].map((row) => made("div", {}, ...row)));
    }
    follow();
  };

  const boxes = {};
  for (const [name, [rows, columns]] of Object.entries(SHAPES)) {
    boxes[name] = made("fieldset", { className: "own-grid" }, made("legend", { className: name, textContent: `${name} (${rows}, ${columns})` }));
    boxes[name].firstChild.style.color = `var(--${name})`;
  }
  const choices = Object.entries(SIZES).map(([name, label]) => {
    sizes[name] = made("select", { autocomplete: "off", onchange: () => lay() });
    for (let size = 1; size <= MOST; size++) sizes[name].append(made("option", { textContent: size }));
    return made("label", {}, `${label} `, sizes[name]);
  });
  const guide = () => {
    Object.assign(sizes.L, { value: 1 });
    for (const name of ["S", "d_k", "d_v"]) sizes[name].value = 2;
    lay(GUIDE);
  };
  const again = made("button", { type: "button", textContent: "The guide’s numbers", onclick: guide });
  place.append(
    made("p", { textContent: "Each change is followed by all four steps. Digits are rounded to four places; colour shows size." }),
    made("div", { className: "own-sizes" }, ...choices, again),
    made("div", { className: "own-grids" }, ...Object.values(boxes)),
    say,
    results,
  );
  guide();
};

if (typeof document !== "undefined") document.querySelectorAll(".own-numbers").forEach(attentionNumbers);
