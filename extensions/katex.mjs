// Read [[LaTeX, is it a block], ...] and write [{html, pieces, widest} or {error}, ...].
// A block that is too long for its column breaks: between its pieces, which \qquad separates, else
// after a relation or an operator, where KaTeX begins a new base. "pieces" is the width of the
// longest piece and "widest" that of the longest base, both in em: the style sheet shrinks a
// formula by what is still missing. So formulas are whole on phones and paper, without a script.
import { readFileSync } from "node:fs";
import katex from "katex";

const SIZES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];
const LENGTHS = ["width", "minWidth", "marginLeft", "marginRight", "paddingLeft"];
const MARGIN = 1.03; // for what the sum below leaves out, such as slanted letters

const isA = (node, name) => node.classes?.some((x) => x === name || x === `katex-${name}`);
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

// KaTeX joins letters to words and keeps the width of the first.
const widths = new Map();
const letter = (character) => {
  if (!widths.has(character)) {
    const tree = katex.__renderToHTMLTree(`\\mathrm{\\text{${character}}}`, { strict: "ignore" });
    widths.set(character, sum(symbols(tree).map((node) => node.width)));
  }
  return widths.get(character);
};
const symbols = (node) => ("text" in node ? [node] : (node.children ?? []).flatMap(symbols));

const width = (node) => {
  if ("text" in node) {
    const letters = [...node.text];
    return letters.length > 1 ? sum(letters.map(letter)) : node.width + (node.italic ?? 0);
  }
  const style = node.style ?? {};
  const room = sum(LENGTHS.map((name) => (/em$/.test(style[name] ?? "") ? parseFloat(style[name]) : 0)));
  const stacked = ["vlist", "vlist-t"].some((name) => isA(node, name));
  const inside = (node.children ?? []).map(width);
  const number = (prefix) => Number(node.classes?.find((x) => RegExp(`^${prefix}\\d+$`).test(x))?.slice(prefix.length));
  const scale = isA(node, "sizing") ? SIZES[number("size") - 1] / SIZES[number("reset-size") - 1] : 1;
  return room + scale * (stacked ? Math.max(0, ...inside) : sum(inside));
};

const find = (node, name) =>
  isA(node, name) ? node : (node.children ?? []).map((child) => find(child, name)).find(Boolean);

const set = ([latex, displayMode]) => {
  try {
    const breakable = displayMode ? latex.replaceAll("\\qquad", "\\allowbreak\\qquad ") : latex;
    const tree = katex.__renderToDomTree(breakable, { displayMode, strict: "error" });
    if (!displayMode) return { html: tree.toMarkup() };
    const visible = find(tree, "html");
    const pieces = [[]];
    for (const base of visible.children) {
      pieces.at(-1).push(base);
      const end = base.children.findIndex((child) => isA(child, "allowbreak"));
      if (end < 0) continue;
      base.children.length = end; // the style sheet gives the space
      pieces.push([]);
    }
    visible.children = pieces
      .filter((bases) => bases.length)
      .map((bases) => new visible.constructor(["piece"], bases));
    const longest = (nodes) => Math.ceil(MARGIN * 100 * Math.max(...nodes.map(width))) / 100;
    return {
      html: tree.toMarkup(),
      pieces: longest(visible.children),
      widest: longest(visible.children.flatMap((piece) => piece.children)),
    };
  } catch (error) {
    return { error: error.message };
  }
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(set)));
