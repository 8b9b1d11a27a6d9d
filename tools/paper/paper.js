// Make of the pages of the site what stands on paper, or in an e-book. Called in an empty page with
// the pages in the order of the contents: [{name, title, number, part, html}]. Runs no script of
// theirs.

function paper({ pages, cover, folio }) {
  const names = new Set(pages.map((page) => page.name));
  document.body.append(...front(pages, cover, folio));
  for (const page of pages) {
    const article = chapter(page, names, (page, id) => `#${place(page, id)}`);
    article.style.page = page.key;
    article.querySelectorAll(".katex-mathml").forEach((part) => part.remove());
    document.body.append(article);
  }
}

// Each page as a document of its own, with formulas in MathML: [[name, text], ...].
function files({ pages, style }) {
  const names = new Set(pages.map((page) => page.name));
  return pages.map((page) => {
    const article = chapter(page, names, (other, id) => `${place(other)}.xhtml#${place(other, id)}`);
    article.querySelectorAll(".katex").forEach((formula) => {
      formula.replaceWith(formula.querySelector("math"));
    });
    return [place(page.name), xhtml(page.title, article, style)];
  });
}

function xhtml(title, body, style) {
  const made = document.implementation.createHTMLDocument(title);
  made.documentElement.lang = "en";
  made.documentElement.setAttribute("xml:lang", "en");
  const link = made.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: style, type: "text/css" });
  made.head.append(link);
  made.body.append(body);
  // E-book readers know no variables: what a drawing falls back to is its colour.
  return new XMLSerializer()
    .serializeToString(made)
    .replace(/var\(--[\w-]+, ?(#[0-9a-f]+)\)/g, "$1");
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function front(pages, cover, folio) {
  const first = element("section", "cover");
  first.innerHTML = cover;
  const contents = element("section", "contents", element("p", "contents-title", "Contents"));
  let part = "";
  for (const page of pages) {
    if (page.part !== part) contents.append(element("p", "part", (part = page.part)));
    const line = element("a", "line");
    line.href = `#${place(page.name)}`;
    line.append(
      element("span", "number", page.number),
      element("span", "title", page.title),
      element("span", "folio", String(folio[page.name] ?? "")),
    );
    contents.append(line);
  }
  contents.append(
    element(
      "p",
      "note",
      "Sliders are drawn as they stand at first. Answers and solutions are at the end of each " +
        "chapter. Code that the page folds, such as that of figures, is in the notebooks.",
    ),
  );
  return [first, contents];
}

const place = (name, id) => [name.replaceAll("/", "-"), id].filter(Boolean).join("--");

function chapter({ name, number, part, html }, names, address) {
  const found = new DOMParser().parseFromString(html, "text/html");
  const article = element("article", "bd-article chapter");
  article.id = place(name);
  article.append(...found.querySelector("article").childNodes);
  const gone = "script, .headerlink, .folded, .attention-still, .attention-values, .copy, .eyebrow, " +
    ".attention-verdict[data-kind=unanswered], #questions > p, .own-numbers form, " +
    ".reading fieldset";
  const answers = element("section", "answers", element("h2", "", "Answers and solutions"));
  predictions(article, answers);
  solutions(article, answers);
  questions(article, answers);
  article.querySelectorAll("form.attention-controls").forEach(state);
  article.querySelectorAll(gone).forEach((part) => part.remove());
  article.querySelectorAll("details").forEach((details) => {
    const heading = element("p", "label", ...(details.querySelector("summary")?.childNodes ?? []));
    details.querySelector("summary")?.remove();
    details.replaceWith(element("div", "unfolded", heading, ...details.childNodes));
  });
  article.querySelectorAll(".cell").forEach((cell) => cell.textContent.trim() || cell.remove());
  article.querySelectorAll("img").forEach(drawing);
  article.querySelectorAll("svg").forEach(rename);
  article.querySelectorAll(".attention-panels").forEach(panels);
  article.querySelectorAll("p").forEach((paragraph) => {
    // What announces a table or a figure stands on the same page.
    if (paragraph.textContent.trim().endsWith(":")) paragraph.classList.add("announces");
  });
  article.querySelectorAll("section").forEach((section) => {
    if (section.childElementCount === 1) section.remove(); // what it held needs a script
  });
  if (answers.childElementCount > 1) article.append(answers);
  if (number) article.prepend(element("p", "eyebrow", `Chapter ${number}`));
  else article.prepend(element("p", "eyebrow", part));
  links(article, name, names, address);
  return article;
}

// What is drawn at the state in which a slider starts.
function state(form) {
  const said = [...form.querySelectorAll("fieldset")].map((choice) => {
    const chosen = choice.querySelector(".attention-start span");
    return `${choice.querySelector("legend").textContent}: ${chosen?.textContent ?? ""}`;
  });
  form.querySelectorAll("input[type=range]").forEach((slider) => {
    const values = JSON.parse(slider.dataset.values);
    const label = slider.labels[0]?.querySelector("span")?.textContent ?? slider.name;
    said.push(`${label}: ${values[slider.getAttribute("value") ?? 0]}`);
  });
  const line = element("p", "state", `Drawn at ${said.join(", ")}`);
  form.replaceWith(line);
}

function predictions(article, answers) {
  let number = 0;
  for (const details of [...article.querySelectorAll("details.sd-dropdown")]) {
    const [summary, ...content] = details.children;
    const said = summary.querySelector(".sd-summary-text") ?? summary;
    const label = `Answer ${++number}`;
    const chosen = /^(answer|predict)/i.test(said.textContent) ? "" : ` · ${said.textContent}`;
    const answer = element("div", "answer", element("p", "label", label + chosen));
    answer.id = `answer-${number}`;
    answer.append(...content);
    answers.append(answer);
    const link = element("a", "", label);
    link.href = `#answer-${number}`;
    const text = said.textContent.trim();
    const asks = /^predict/i.test(text);
    const before = text === "Answer" ? "" : asks ? `${text} ` : `${text}: `;
    details.replaceWith(element("p", asks ? "predict" : "to-answer", before, link));
  }
}

function solutions(article, answers) {
  for (const cell of [...article.querySelectorAll(".cell.tag_hide-cell")]) {
    const code = cell.querySelector(".cell_input");
    if (!code) continue;
    const name = code.textContent.match(/def (\w+?)_solution\(/)?.[1] ?? "exercise";
    const answer = element("div", "answer", element("p", "label", `Solution of ${name}`), code);
    answer.id = `solution-${name}`;
    answers.append(answer);
    const link = element("a", "", "Solution");
    link.href = `#solution-${name}`;
    cell.replaceWith(element("p", "to-answer", link));
  }
}

function questions(article, answers) {
  let number = 0;
  for (const question of article.querySelectorAll("fieldset.question")) {
    number += 1;
    const right = question.querySelector("details li[data-right]");
    const asked = element("div", "question", element("p", "legend", `${number}. `));
    asked.firstChild.append(...question.querySelector("legend").childNodes);
    const choices = [...question.querySelectorAll("label")].filter((x) => x.querySelector("span"));
    const options = choices.map((choice) => element("li", "", ...choice.querySelector("span").childNodes));
    if (options.length) asked.append(element("ul", "options", ...options));
    const answer = element("div", "answer", element("p", "label", `Question ${number}`));
    const line = element("p", "", ...right.childNodes);
    answer.append(line);
    answers.append(answer);
    question.replaceWith(asked);
  }
}

// As many panels stand beside each other as where there is room on the page.
function panels(holder) {
  const share = Number(holder.style.gridTemplateColumns.match(/([\d.]+)%\)\)/)?.[1] ?? 98);
  const columns = Math.min(Math.floor(100 / share), holder.children.length);
  holder.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  holder.parentElement.style.maxWidth = columns > 1 ? "none" : "";
  holder.parentElement.classList.toggle("single", columns === 1);
}

// A picture becomes part of the page: its text is text, in the page's colours.
function drawing(image) {
  const source = image.getAttribute("src");
  if (!source.startsWith("data:image/svg+xml,")) return;
  const holder = document.createElement("div");
  holder.innerHTML = decodeURIComponent(source.slice("data:image/svg+xml,".length));
  const svg = holder.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", image.alt);
  svg.style.cssText = image.style.cssText;
  image.replaceWith(svg);
}

let drawn = 0;

// Two drawings may define the same mark by the same name, a document may not.
function rename(svg) {
  const own = `x${(drawn += 1)}-`;
  svg.innerHTML = svg.innerHTML.replace(/(\bid="|url\((?:&quot;)?#|href="#)/g, `$1${own}`);
}

function links(article, name, names, address) {
  article.querySelectorAll("[id]").forEach((part) => {
    if (!part.closest("svg") && part !== article) part.id = place(name, part.id);
  });
  for (const link of article.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href");
    if (/^[a-z]+:/.test(href)) continue;
    const [path, id] = href.split("#");
    const folder = name.includes("/") ? name.replace(/[^/]*$/, "") : "";
    const target = path ? new URL(path, `x://x/${folder}`).pathname.slice(1) : `${name}.html`;
    const page = target.replace(/\.html$/, "");
    if (names.has(page)) link.href = address(page, id);
    else link.replaceWith(...link.childNodes);
  }
}
