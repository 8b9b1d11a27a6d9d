// Read {pack, imports, beside, to}: compile Python files of a pack by the Python that pages run, and write a pack of the byte code.
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";
import { unpack } from "./python/unpack.mjs";

const { pack, imports, beside, to } = JSON.parse(readFileSync(0, "utf8"));
const files = new Uint8Array(readFileSync(pack));
const index = new TextDecoder().decode(files.subarray(0, files.indexOf(10)));
const compile = `
import importlib, json, os, sys
from importlib.util import cache_from_source
from py_compile import PycInvalidationMode, compile

imports, beside, index = json.loads(request)
names = [f"/{path}" for path, _ in index if path.endswith(".py")]
if imports is not None:
    for name in imports:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # a browser lacks it
    loaded = {getattr(module, "__file__", None) or "" for module in [*sys.modules.values()]}
    loaded = {name.replace("/python314.zip/", "/python3.14/") for name in loaded}
    names = [name for name in names if name in loaded]
made = {name: cache_from_source(name) if beside else f"{name}c" for name in names}
for name, code in made.items():
    # Nothing changes in a page: no start need compare the source.
    compile(name, code, doraise=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
with open("/made", "wb") as out:
    sizes = [[code[1:], os.path.getsize(code)] for code in made.values()]
    out.write(json.dumps(sizes).encode() + b"\\n")
    for code in made.values():
        with open(code, "rb") as file:
            out.write(file.read())
`;
try {
  const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" } });
  unpack(python.FS, files);
  python.globals.set("request", `[${JSON.stringify(imports)}, ${beside}, ${index}]`);
  python.runPython(compile);
  writeFileSync(to, python.FS.readFile("/made"));
  console.log("{}");
} catch (error) {
  // Node would show a line of the program, of a million characters.
  console.error(error.message);
  process.exitCode = 1;
}
