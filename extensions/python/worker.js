// Python, beside the page: the page stays free while it computes, and can end it.
// Messages in: {number, task, ...}; out: {number, ...} in answer, and in between {loaded}, {step, of}, {printed}.
// PLACE, the folder of Pyodide, stands above: the build wrote it.
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

// What a reader types has no way to another host: by then all is here.
const NETWORK = ["fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "Worker", "importScripts"];
const closeNetwork = () => {
  for (let owner = self; owner; owner = Object.getPrototypeOf(owner)) NETWORK.forEach((name) => delete owner[name]);
};

const HOME = "/home/pyodide";
const start = async () => {
  const place = new URL(PLACE, import.meta.url).href;
  // All at once, before anything is needed.
  const packs = [`${place}python.pack`, beside("book.pack")].map(async (address) => {
    const { body } = await fetch(address);
    return new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  });
  const [{ loadPyodide }, { unpack }] = await Promise.all([import(`${place}pyodide.mjs`), import(beside("unpack.mjs"))]);
  const python = await loadPyodide({
    indexURL: place,
    env: { HOME, PYTHONDONTWRITEBYTECODE: "1" },
    fsInit: async (FS) => (await Promise.all(packs)).forEach((pack) => unpack(FS, pack)),
  });
  const module = python.runPython(`
    import os, sys
    sys.path.insert(0, "${HOME}")
    os.chdir("${HOME}/chapters")
    import runner
    runner`);
  module.prepare(report);
  closeNetwork();
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
