// Move one figure. frame(state) returns the sentence and the SVG of a state, or a promise of them; a
// state holds the index of each control's value. longest is the longest sentence of frames that are
// ready: without it frames are asked for as they are needed.
const attentionExplorer = (figure, frame, longest) => {
  const say = (sentence) => {
    const plain = sentence.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt()};`);
    const index = /(?<![A-Za-z0-9_])([A-Za-z])_([A-Za-z0-9]+)/g;
    const said = document.createElement("p");
    said.innerHTML = plain.replace(index, "<i>$1</i><sub>$2</sub>");
    // Where only words differ they are exchanged: to put elements into a page is dear.
    const [old, wanted] = [caption, said].map(({ childNodes }) => [...childNodes]);
    if (old.map(({ nodeName }) => nodeName).join() === wanted.map(({ nodeName }) => nodeName).join()) {
      old.forEach((node, i) => ((node.firstChild ?? node).data = wanted[i].textContent));
    } else caption.replaceChildren(...wanted);
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
  root.innerHTML = `<style>
[data-pick] { cursor: pointer }
[data-drag] { cursor: grab }
.focus path { stroke: currentColor !important; stroke-width: 1.5px !important }
</style><div></div>`;
  const drawing = root.lastChild;
  drawing.style.cssText = panels.style.cssText;
  picture.className = panels.className; // a page gives it the room of the images
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // A picture is parsed once. Of each part of its panels stands ready how it is written.
  const parsed = new Map();
  const partsOf = (svg) =>
    [svg, ...svg.querySelectorAll(":not(tspan)")].map((node) => {
      const kind = node.nodeName === "text" ? "text" : `${node.nodeName} ${node.childElementCount}`;
      const said = new Map([...node.attributes].map(({ name, value }) => [name, value]));
      if (kind === "text") said.set("", node.innerHTML);
      return { node, kind, said, written: [...said].join() };
    });
  const parse = async (wanted) => {
    const [sentence, svg] = await frame(wanted);
    const box = document.createElement("div");
    box.innerHTML = svg;
    return [sentence, [...box.children].map(partsOf)];
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

  // A panel that is built like the one before it takes on what differs, so that little of the page
  // is drawn anew; any other is replaced. What is to glide moves there from where it was.
  let old = []; // the parts of each panel as they were parsed
  let live = []; // and their nodes in the page
  const paint = (panels, glides) => {
    panels.forEach((parts, number) => {
      const before = old[number];
      if (before?.length === parts.length && parts.every(({ kind }, i) => kind === before[i].kind)) {
        parts.forEach((part, i) => {
          if (part.written === before[i].written) return;
          takeOn(live[number][i], before[i].said, part.said);
          if (glides) glide(live[number][i], before[i].node, part.node);
        });
        return;
      }
      const svg = parts[0].node.cloneNode(true);
      if (before) live[number][0].replaceWith(svg);
      else drawing.append(svg);
      if (before && glides) svg.animate({ opacity: [0, 1] }, GLIDE / 2);
      live[number] = partsOf(svg).map(({ node }) => node);
    });
    live.splice(panels.length).forEach(([svg]) => svg.remove());
    old = panels;
  };
  const takeOn = (node, before, wanted) => {
    for (const name of before.keys()) if (!wanted.has(name)) node.removeAttribute(name);
    for (const [name, value] of wanted) {
      if (before.get(name) === value) continue;
      if (name) node.setAttribute(name, value);
      else if (/[<&]/.test(value) || node.childElementCount || !node.firstChild) node.innerHTML = value;
      else node.firstChild.data = value; // without an element to make it is quicker
    }
  };
  const GLIDE = 450; // milliseconds
  const looks = ({ style: { fill, fillOpacity, stroke, strokeOpacity, strokeWidth, opacity } }) => ({
    fill: fill === "none" ? "" : fill,
    fillOpacity: fill === "none" ? "0" : fillOpacity || "1",
    stroke: stroke === "none" ? "" : stroke,
    strokeOpacity: stroke === "none" ? "0" : strokeOpacity || "1",
    strokeWidth: strokeWidth || "1",
    opacity: opacity || "1",
  });
  const glide = (node, before, wanted) => {
    const from = {};
    const outline = (part) => `path("${part.getAttribute("d").replace(/\s+/g, " ")}")`;
    if (before.hasAttribute("d") && wanted.hasAttribute("d")) from.d = [outline(before), outline(wanted)];
    const [a, b] = [before, wanted].map(looks);
    for (const name in a) if (a[name] !== b[name]) from[name] = [a[name] || b[name], b[name] || a[name]];
    const place = (part, axis) => part.getAttribute(axis) ?? 0;
    const [dx, dy] = ["x", "y"].map((axis) => place(before, axis) - place(wanted, axis));
    if ((dx || dy) && !wanted.hasAttribute("transform")) {
      from.transform = [`translate(${dx}px, ${dy}px)`, "none"];
    }
    node.animate(from, { duration: GLIDE, easing: "ease-in-out" });
  };

  const show = async (glides) => {
    const wanted = state();
    controls.forEach((input, i) => {
      if (!input.dataset.values) return;
      const text = JSON.parse(input.dataset.values)[wanted[i]];
      input.setAttribute("aria-valuetext", text);
      input.previousElementSibling.firstChild.data = text;
    });
    const [sentence, panels] = await drawn(wanted).catch((error) => [String(error), []]);
    if (String(state()) !== String(wanted)) return; // moved on meanwhile
    paint(panels, glides && !still);
    mark();
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
    say(`${longest} and`); // another as long in letters may be wider
    caption.style.minHeight = `${caption.offsetHeight}px`;
    caption.innerHTML = sentence;
  });
  if (longest) room.observe(caption);

  // Play goes from step to step, and begins anew at the end. Who wants no motion gets one step.
  for (const button of figure.querySelectorAll(".attention-play")) {
    const slider = button.previousElementSibling.querySelector("input");
    let playing;
    const stop = () => {
      playing = clearInterval(playing);
      const name = still ? "Next" : "Play";
      if (button.textContent !== name) button.textContent = name;
      caption.setAttribute("aria-live", "polite");
    };
    const step = () => {
      slider.value = slider.value === slider.max ? 0 : Number(slider.value) + 1;
      show(true);
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

  // What stands for values in the picture chooses them, data-pick="layer-3 head-2", at a click; what
  // can be dragged also under a pointer that is held down.
  const pick = (target) => {
    for (const name of target?.dataset.pick?.split(" ") ?? []) {
      const [, control, index] = /(.*)-(\d+)/.exec(name);
      const named = [...form.elements].filter((input) => input.name === control);
      const input = named[index] ?? named[0];
      if (!input || (input.type === "radio" ? input.checked : input.value === index)) continue;
      if (input.type === "radio") input.checked = true;
      else input.value = index;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const draggable = (target) => target?.closest?.("[data-drag]");
  picture.addEventListener("click", (event) => pick(event.composedPath()[0].closest?.("[data-pick]")));
  picture.addEventListener("pointerdown", (event) => {
    if (!draggable(event.composedPath()[0])) return;
    picture.setPointerCapture(event.pointerId);
    pick(draggable(event.composedPath()[0]));
  });
  // A finger that drags does not scroll the page.
  const hold = (event) => draggable(event.composedPath()[0]) && event.preventDefault();
  picture.addEventListener("touchstart", hold, { passive: false });
  picture.addEventListener("pointermove", ({ pointerId, clientX, clientY }) => {
    if (picture.hasPointerCapture(pointerId)) pick(draggable(root.elementFromPoint(clientX, clientY)));
  });

  // Buttons whose every choice can be picked in the picture step back behind it; there the focus shows.
  const mark = () => {
    const focused = form.querySelector(".attention-picked :focus-visible");
    const name = focused && `${focused.name}-${focused.value}`;
    for (const part of root.querySelectorAll("[data-pick]")) {
      part.classList.toggle("focus", part.dataset.pick.split(" ").includes(name));
    }
  };
  const stepBack = () => {
    const names = [...root.querySelectorAll("[data-pick]")].flatMap(({ dataset }) => dataset.pick.split(" "));
    for (const buttons of form.querySelectorAll("fieldset")) {
      const choices = [...buttons.querySelectorAll("input")].map(({ name, value }) => `${name}-${value}`);
      if (!choices.every((choice) => names.includes(choice))) continue;
      buttons.classList.add("attention-picked");
      buttons.style.cssText += "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
    }
  };
  for (const event of ["focusin", "focusout"]) form.addEventListener(event, mark);

  picture.setAttribute("role", "img");
  caption.setAttribute("aria-live", "polite");
  // The images stay behind the shadow: in a page that a reader saves they are what is left of it.
  (panels.closest("[role=img]") ?? panels).replaceWith(picture);
  picture.append(panels);
  figure.querySelector(".attention-still")?.remove();
  form.style.display = "";
  form.addEventListener("input", ({ target }) => show(target.type === "radio"));
  form.addEventListener("submit", (event) => event.preventDefault());
  show().then(stepBack);
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
