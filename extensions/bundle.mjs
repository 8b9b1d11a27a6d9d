// Read {entry} and write {code, packages}: one module with all that it imports, for browsers, and whose that is.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const { entry } = JSON.parse(readFileSync(0, "utf8"));
const { outputFiles, metafile } = await build({
  entryPoints: [entry],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
  metafile: true,
});
const names = Object.keys(metafile.inputs).map((path) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
console.log(JSON.stringify({ code: outputFiles[0].text, packages: [...new Set(names.filter(Boolean))].sort() }));
