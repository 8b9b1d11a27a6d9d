// Read {script, pack} and write {path: content} as the script puts it into a file system, in hexadecimal.
import { readFileSync } from "node:fs";

const { script, pack } = JSON.parse(readFileSync(0, "utf8"));
const { unpack } = await import(script);
const files = {};
const folders = new Set(["/"]);
const FS = {
  mkdirTree: (path) => folders.add(path),
  writeFile: (path, bytes) => {
    if (!folders.has(path.slice(0, path.lastIndexOf("/")) || "/")) throw new Error(`no folder for ${path}`);
    files[path] = Buffer.from(bytes).toString("hex");
  },
};
unpack(FS, new Uint8Array(readFileSync(pack)));
console.log(JSON.stringify(files));
