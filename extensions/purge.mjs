// Read {css, content} and write the css without the rules that fit no content. Icons have rules of their own.
import { readFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";

const { css, content } = JSON.parse(readFileSync(0, "utf8"));
const [purged] = await new PurgeCSS().purge({
  css: [{ raw: css }],
  content,
  blocklist: [/^fa-/, /^fa[srb]?$/],
  keyframes: true,
  variables: true,
});
console.log(JSON.stringify(purged.css));
