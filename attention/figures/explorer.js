// Move one figure. frame(state) returns the sentence and the SVG of a state, or a promise of them; a
// state holds the index of each control's value. longest is the longest sentence of frames that are
// ready: without it frames are asked for as they are needed.
const attentionExplorer = (figure, frame, longest) => {
  const say = (sentence) => {
    const plain = sentence.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt()};`);
    const index = /(?<![A-Za-z0-9_])([A-Za-z])_([A-Za-z0-9]+)/g;
    caption.innerHTML = plain.replace(index, "<i>$1</i><sub>$2</sub>");
  };
  const panels = figure.querySelector(".attention-panels");
  const caption = figure.querySelector("figcaption");
  const form = figure.querySelector("form");
  const controls = [...form.querySelectorAll("input[type=range], fieldset")];
  const stops = ({ max, elements }) => (elements ? elements.length : Number(max) + 1);
  const state = () => controls.map((c) => Number(c.value ?? c.querySelector(":checked").value));
  const picture = document.createElement("div");
  // In a shadow root the picture takes the page's colours, and its ids meet no others.
  const root = picture.attachShadow({ mode: "open" });
  root.innerHTML = "<style>[data-pick] { cursor: pointer }</style><div></div>";
  const drawing = root.lastChild;
  drawing.style.cssText = panels.style.cssText;
  picture.className = panels.className; // a page gives it the room of the images

  // A picture is parsed once.
  const parsed = new Map();
  const parse = async (wanted) => {
    const [sentence, svg] = await frame(wanted);
    const box = document.createElement("div");
    box.innerHTML = svg;
    return [sentence, [...box.children]];
  };
  const drawn = (wanted) => {
    const key = String(wanted);
    if (!parsed.has(key)) parsed.set(key, parse(wanted));
    parsed.get(key).catch(() => parsed.delete(key));
    return parsed.get(key);
  };
  // Those one step away are parsed while there is nothing else to do.
  const later = window.requestIdleCallback ?? ((task) => setTimeout(task, 100));
  const prepare = (from) =>
    controls.forEach((control, i) => {
      for (const to of [from[i] - 1, from[i] + 1]) {
        if (to < 0 || to >= stops(control)) continue;
        later(() => drawn(from.map((index, j) => (j === i ? to : index))));
      }
    });

  const show = async () => {
    const wanted = state();
    controls.forEach((input, i) => {
      if (!input.dataset.values) return;
      const text = JSON.parse(input.dataset.values)[wanted[i]];
      input.setAttribute("aria-valuetext", text);
      input.previousElementSibling.textContent = text;
    });
    const [sentence, nodes] = await drawn(wanted).catch((error) => [String(error), []]);
    if (String(state()) !== String(wanted)) return; // moved on meanwhile
    drawing.replaceChildren(...nodes);
    picture.setAttribute("aria-label", sentence);
    say(sentence);
    if (longest) prepare(wanted);
  };

  // The page below does not jump: there is room for the longest sentence.
  let width;
  const room = new ResizeObserver(() => {
    if (width === caption.clientWidth) return;
    width = caption.clientWidth;
    const sentence = caption.innerHTML;
    caption.style.minHeight = "";
    say(longest);
    caption.style.minHeight = `${caption.offsetHeight}px`;
    caption.innerHTML = sentence;
  });
  if (longest) room.observe(caption);

  // Play goes from step to step, and begins anew at the end. Who wants no motion gets one step.
  for (const button of figure.querySelectorAll(".attention-play")) {
    const slider = button.previousElementSibling.querySelector("input");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let playing;
    const stop = () => {
      playing = clearInterval(playing);
      button.textContent = still ? "Next" : "Play";
      caption.setAttribute("aria-live", "polite");
    };
    const step = () => {
      slider.value = slider.value === slider.max ? 0 : Number(slider.value) + 1;
      show();
      if (slider.value === slider.max) stop();
    };
    button.addEventListener("click", () => {
      if (playing || still) return playing ? stop() : step();
      playing = setInterval(() => (button.isConnected ? step() : stop()), 900);
      button.textContent = "Pause";
      caption.setAttribute("aria-live", "off"); // nobody could listen as fast
      step();
    });
    slider.addEventListener("input", stop);
    stop();
  }

  // What stands for a choice in the picture makes it: data-pick="word-3".
  picture.addEventListener("click", (event) => {
    const { pick } = event.composedPath().find(({ dataset }) => dataset?.pick)?.dataset ?? {};
    const choice = pick && form.querySelectorAll(`[name="${pick.split("-")[0]}"]`)[pick.split("-")[1]];
    if (!choice) return;
    choice.checked = true;
    show();
  });

  picture.setAttribute("role", "img");
  caption.setAttribute("aria-live", "polite");
  panels.replaceWith(picture);
  figure.querySelector(".attention-still")?.remove();
  form.style.display = "";
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
};

// Frames that were drawn before: each is the start with some lines replaced. counts are those of the
// controls' values, the last control moving fastest.
const attentionFrames = (figure, counts, lines, frames) => {
  const source = ({ src }) => decodeURIComponent(src.slice(src.indexOf(",") + 1));
  const start = [...figure.querySelectorAll("img")].map(source).join("\n").split("\n");
  return (state) => {
    const number = state.reduce((sum, index, i) => sum * counts[i] + index, 0);
    const [sentence, ...edits] = frames[number];
    const svg = [];
    let from = 0;
    for (const [first, last, ...added] of edits) {
      svg.push(...start.slice(from, first), ...added.map((line) => lines[line]));
      from = last;
    }
    return [sentence, svg.concat(start.slice(from)).join("\n")];
  };
};
