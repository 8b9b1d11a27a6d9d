// Python, beside the page: the page stays free while it computes, and can end it.
// Messages in: {number, task, ...}; out: {number, ...} in answer, and in between {loaded}, {step, of}, {printed}.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const beside = (name) => new URL(name + new URL(import.meta.url).search, import.meta.url).href;

// Everything is fetched through here, so that the page can show how much of it is there.
const plainFetch = self.fetch;
let loaded = 0;
self.fetch = async (...request) => {
  const response = await plainFetch(...request);
  if (!response.ok || !response.body) return response;
  const count = new TransformStream({
    transform(part, stream) {
      loaded += part.byteLength;
      postMessage({ loaded });
      stream.enqueue(part);
    },
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(count), { status, headers });
};

const report = (message) => postMessage(message.toJs({ dict_converter: Object.fromEntries }));

const start = async () => {
  const ours = ["attention.zip", "runner.py"].map((name) => fetch(beside(name)));
  const python = await loadPyodide({ indexURL: beside("pyodide/").split("?")[0], packages: ["numpy", "matplotlib"] });
  const [archive, runner] = await Promise.all(ours);
  const home = "/home/pyodide/";
  python.unpackArchive(await archive.arrayBuffer(), "zip", { extractDir: home });
  python.FS.writeFile(`${home}runner.py`, await runner.text());
  python.FS.chdir(`${home}chapters`);
  const module = python.runPython(`
    import os, sys, warnings
    sys.path.insert(0, "${home}")
    os.chdir("${home}chapters")
    import runner
    runner`);
  module.prepare(report);
  return module;
};

const runner = start();
runner.catch(() => {}); // who waits for it hears of it

const tasks = {
  ready: () => null,
  needs: (_, { sources, cell }, runner) => runner.needs(sources, cell),
  plan: (page, { sources, cell }) => page.plan(sources, cell),
  forget: (page) => page.forget(),
  run: (page, { source, cell }) => page.run(source, cell),
  frame: (page, { picture, state }) => page.frame(picture, state),
};

addEventListener("message", async ({ data }) => {
  try {
    const answer = tasks[data.task]((await runner).PAGE, data, await runner);
    postMessage({ number: data.number, answer: answer?.toJs?.({ dict_converter: Object.fromEntries }) ?? answer });
    answer?.destroy?.();
  } catch (error) {
    postMessage({ number: data.number, error: String(error?.message ?? error) });
  }
});
