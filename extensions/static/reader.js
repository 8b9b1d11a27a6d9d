// The small reader of attention/learning/reader.py, run in the page: the same numbers as in Python.
// The build writes its weights in front, as READER. Matrices are lists of rows.
const product = (x, W) =>
  x.map((row) => W[0].map((_, j) => row.reduce((sum, number, i) => sum + number * W[i][j], 0)));
const plus = (x, y) => x.map((row, i) => row.map((number, j) => number + y[i][j]));
const plusRow = (x, row) => x.map((each) => each.map((number, j) => number + row[j]));
const transposed = (x) => x[0].map((_, j) => x.map((row) => row[j]));

const normed = (x, gain, bias, eps) =>
  x.map((row) => {
    const mean = row.reduce((a, b) => a + b) / row.length;
    const variance = row.reduce((sum, number) => sum + (number - mean) ** 2, 0) / row.length;
    return row.map((number, j) => ((number - mean) / Math.sqrt(variance + eps)) * gain[j] + bias[j]);
  });

const softmax = (scores) => {
  const largest = Math.max(...scores);
  const chances = scores.map((score) => Math.exp(score - largest));
  const sum = chances.reduce((a, b) => a + b);
  return chances.map((chance) => chance / sum);
};

// Words that the model knows -> { maps: one a block, rows are queries; written: what it writes }.
const readWords = (reader, words) => {
  const { vocabulary, d_model, num_heads, eps, parameters: of } = reader;
  if (num_heads !== 1) throw new Error(`one head was expected, got ${num_heads}`);
  const normFor = (x, name) => normed(x, of[`${name}.gain`], of[`${name}.bias`], eps);
  const angle = (pos, i) => pos / 10000 ** ((i - (i % 2)) / d_model);
  const maps = [];
  let x = words.map((word, pos) =>
    of.embedding[vocabulary.indexOf(word)].map(
      (number, i) => number * Math.sqrt(d_model) + (i % 2 ? Math.cos : Math.sin)(angle(pos, i)),
    ),
  );
  for (let block = 0; `blocks.${block}.attention.W_q` in of; block++) {
    const name = (part) => `blocks.${block}.${part}`;
    const seen = normFor(x, name("attention_norm"));
    const [query, key, value] = ["q", "k", "v"].map((role) => product(seen, of[name(`attention.W_${role}`)]));
    const scores = product(query, transposed(key));
    const weights = scores.map((row) => softmax(row.map((score) => score / Math.sqrt(d_model))));
    maps.push(weights);
    x = plus(x, product(product(weights, value), of[name("attention.W_o")]));
    const [W_1, b_1, W_2, b_2] = ["W_1", "b_1", "W_2", "b_2"].map((part) => of[name(`feed_forward.${part}`)]);
    const hidden = plusRow(product(normFor(x, name("feed_forward_norm")), W_1), b_1);
    const active = hidden.map((row) => row.map((number) => Math.max(0, number)));
    x = plus(x, plusRow(product(active, W_2), b_2));
  }
  const logits = product(normFor(x, "final_norm"), transposed(of.embedding));
  const written = logits.map((row) => vocabulary[row.indexOf(Math.max(...row))]);
  return { maps, written };
};

// A figure of a sentence: arcs go from one word, first "it", to those that it attends to.
const SHOWN = 0.05; // weights below are not drawn

const drawReading = (figure) => {
  const sentence = figure.querySelector(".sentence");
  const caption = figure.querySelector("figcaption");
  const arcs = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const fields = figure.querySelector("fieldset");
  let from, words, reading;

  const chosen = () => {
    const text = figure.dataset.sentence.replace(/\{(\w+)\}/g, (_, name) => {
      const field = fields.querySelector(`[name$="${name}"]:is(select, :checked)`);
      return field?.value ?? "";
    });
    const [fact, reason, time] = text.split("|");
    const parts = fields.querySelector("[name$=turned]:checked") ? [reason, fact, time] : [fact, reason, time];
    return parts.join(" ").trim().split(/\s+/);
  };

  const arc = (row, word) => {
    const box = sentence.getBoundingClientRect();
    const [a, b] = [from, word].map((index) => row[index].getBoundingClientRect());
    const [x1, x2] = [a, b].map(({ left, width }) => left + width / 2 - box.left);
    const y1 = a.top - box.top + 2;
    if (Math.abs(a.top - b.top) < 1) {
      const height = Math.min(78, 26 + Math.abs(x2 - x1) * 0.22);
      return `M${x1} ${y1}C${x1} ${y1 - height} ${x2} ${y1 - height} ${x2} ${y1}`;
    }
    // On another line: above it the arc ends below the word, below it above.
    const [y2, way] = b.top < a.top ? [b.bottom - box.top - 2, 26] : [b.top - box.top + 2, -26];
    return `M${x1} ${y1}C${x1} ${y1 - 26} ${x2} ${y2 + way} ${x2} ${y2}`;
  };

  const draw = () => {
    const weights = reading.maps.at(-1)[from];
    const row = [...sentence.querySelectorAll("button")];
    arcs.replaceChildren(
      ...weights.flatMap((weight, word) => {
        if (weight < SHOWN || word === from) return [];
        const path = document.createElementNS(arcs.namespaceURI, "path");
        path.setAttribute("d", arc(row, word));
        path.style.strokeWidth = `${1 + 9 * weight}px`;
        path.style.opacity = 0.3 + 0.6 * weight;
        return path;
      }),
    );
  };

  const show = () => {
    const weights = reading.maps.at(-1)[from];
    const best = weights.indexOf(Math.max(...weights));
    sentence.querySelectorAll("button").forEach((button, index) => {
      button.setAttribute("aria-pressed", index === from);
      button.style.setProperty("--weight", weights[index].toFixed(3));
      button.lastElementChild.textContent = weights[index] < SHOWN ? "" : weights[index].toFixed(2);
    });
    const word = (index) => `<b>${words[index]}</b>`;
    const says = words[from] === "it" ? `, and the model writes “${reading.written[from]}” in its place` : "";
    caption.innerHTML = `“${words[from]}” gives ${word(best)} ${weights[best].toFixed(2)} of its attention${says}.`;
    draw();
  };

  const read = () => {
    words = chosen();
    reading = readWords(READER, words);
    from = words.indexOf("it");
    sentence.replaceChildren(
      ...words.map((word, index) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(word, document.createElement("small"));
        for (const event of ["click", "pointerenter", "focus"]) {
          button.addEventListener(event, () => {
            if (from === index) return;
            from = index;
            show();
          });
        }
        return button;
      }),
      arcs,
    );
    show();
  };

  fields.hidden = false;
  fields.addEventListener("change", read);
  sentence.addEventListener("pointerleave", () => {
    if (sentence.contains(document.activeElement)) return;
    from = words.indexOf("it");
    show();
  });
  arcs.setAttribute("aria-hidden", "true");
  read();
  new ResizeObserver(draw).observe(sentence);
};

if (globalThis.document) document.querySelectorAll("figure.reading").forEach(drawReading);
