// Read {code} and write {code}: the same script for browsers, without what is there for people alone.
import { readFileSync } from "node:fs";
import { transform } from "esbuild";

const { code } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await transform(code, { minify: true, target: "es2022" })));
