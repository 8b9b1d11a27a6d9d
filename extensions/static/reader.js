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
const BETWEEN = 28; // pixels between two lines of a sentence

const drawReading = (figure) => {
  const sentence = figure.querySelector(".sentence");
  const caption = figure.querySelector("figcaption");
  const arcs = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const fields = figure.querySelector("fieldset");
  let from, words, reading;
  let places = []; // what each word stands in: a button, or the place of its list of words
  let form; // of the sentence: where it has lists

  // [[word, the list that it is chosen from, if any], ...]
  const chosen = () => {
    const parts = figure.dataset.sentence.split("|").map((part) =>
      part.trim().split(" ").flatMap((token) => {
        if (!token.startsWith("{")) return [[token]];
        const field = figure.querySelector(`[name$=${token.slice(1, -1)}]:is(select, :checked)`);
        return field ? [[field.value, field.localName === "select" && field]] : [];
      }),
    );
    const turned = fields.querySelector("[name$=turned]:checked");
    const [fact, reason = [], time = []] = parts;
    return (turned ? [reason, fact, time] : [fact, reason, time]).flat();
  };

  // Where a word begins and ends, from the sentence's corner, before anything is drawn.
  const measured = () => {
    const { left, top } = sentence.getBoundingClientRect();
    return places.map((place) => {
      const box = place.getBoundingClientRect();
      return { x: box.left + box.width / 2 - left, top: box.top - top, bottom: box.bottom - top };
    });
  };
  const arc = (a, b, room) => {
    if (Math.abs(a.top - b.top) < 2) {
      const y = a.top;
      const rise = y - Math.min(room, 24 + Math.abs(b.x - a.x) * 0.5);
      return `M${a.x} ${y}C${a.x} ${rise} ${b.x} ${rise} ${b.x} ${y}`;
    }
    // Between two lines: from the upper edge of the lower word to the lower edge of the upper one.
    const [low, high] = a.top > b.top ? [a, b] : [b, a];
    const middle = (low.top + high.bottom) / 2;
    const bend = Math.max(14, (low.top - high.bottom) / 2);
    const ends = [low.x, low.top, low.x, middle - bend / 3, high.x, middle + bend / 3, high.x, high.bottom];
    return `M${ends.slice(0, 2)}C${ends.slice(2)}`;
  };
  const draw = () => {
    const weights = reading.maps.at(-1)[from];
    const boxes = measured();
    const above = parseFloat(getComputedStyle(sentence).paddingTop);
    [...arcs.children].forEach((path, word) => {
      const shown = weights[word] >= SHOWN && word !== from;
      const room = boxes[word].top < above + 2 ? above : BETWEEN;
      path.setAttribute("d", arc(boxes[from], boxes[word], 1.25 * room));
      path.toggleAttribute("data-shown", shown);
      // From one state to the next it swells or fades, as the style sheet says.
      path.style.strokeWidth = shown ? `calc(1px + ${weights[word].toFixed(3)} * var(--widest))` : 0;
      path.style.opacity = shown ? 0.35 + 0.6 * weights[word] : 0;
    });
  };

  const show = () => {
    const weights = reading.maps.at(-1)[from];
    const best = weights.indexOf(Math.max(...weights));
    places.forEach((place, index) => {
      if (place.localName === "button") place.setAttribute("aria-pressed", index === from);
      place.classList.toggle("asks", index === from);
      place.style.setProperty("--weight", weights[index].toFixed(3));
      place.lastElementChild.textContent = weights[index] < SHOWN ? "" : weights[index].toFixed(2);
    });
    const word = (index) => `<b>${words[index]}</b>`;
    const says = words[from] === "it" ? `, and the model writes “${reading.written[from]}” in its place` : "";
    caption.innerHTML = `“${words[from]}” gives ${word(best)} ${weights[best].toFixed(2)} of its attention${says}.`;
    draw();
  };

  const placeOf = (list, index) => {
    const place = document.createElement(list ? "span" : "button");
    if (!list) place.type = "button";
    place.append(list || "", document.createElement("small"));
    // A list is there to be opened: who goes to it by a key does not ask for its row.
    for (const event of list ? ["pointerenter"] : ["click", "pointerenter", "focus"]) {
      place.addEventListener(event, () => {
        if (from === index) return;
        from = index;
        show();
      });
    }
    return place;
  };

  const read = () => {
    const parts = chosen();
    words = parts.map(([word]) => word);
    reading = readWords(READER, words);
    from = words.indexOf("it");
    const now = parts.map(([, list]) => (list ? list.name : "")).join();
    if (now !== form) {
      form = now;
      const { activeElement } = document;
      places = parts.map(([, list], index) => placeOf(list, index));
      arcs.replaceChildren(...words.map(() => document.createElementNS(arcs.namespaceURI, "path")));
      sentence.replaceChildren(...places, arcs);
      if (sentence.contains(activeElement)) activeElement.focus();
    }
    parts.forEach(([word, list], index) => {
      if (!list) places[index].firstChild.data = word;
    });
    show();
  };

  fields.hidden = false;
  figure.addEventListener("change", read);
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
