// Read [[LaTeX, is it a block], ...] and write [{html} or {error}, ...].
import { readFileSync } from "node:fs";
import katex from "katex";

const set = ([latex, displayMode]) => {
  try {
    return { html: katex.renderToString(latex, { displayMode, strict: "error" }) };
  } catch (error) {
    return { error: error.message };
  }
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(set)));
