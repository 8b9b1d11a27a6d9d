// Move the sliders of one figure: every frame is the start frame with some lines replaced.
const attentionExplorer = (figure, values, lines, frames) => {
  const panels = figure.querySelector(".attention-panels");
  const source = ({ src }) => decodeURIComponent(src.slice(src.indexOf(",") + 1));
  const start = [...panels.querySelectorAll("img")].map(source).join("\n").split("\n");
  const caption = figure.querySelector("figcaption");
  const inputs = [...figure.querySelectorAll("input")];
  const picture = document.createElement("div");
  // In a shadow root the picture takes the page's colours, and its ids meet no others.
  const shadow = picture.attachShadow({ mode: "open" });
  const drawing = document.createElement("div");
  drawing.style.cssText = panels.style.cssText;
  shadow.append(drawing);
  const show = () => {
    let index = 0;
    inputs.forEach((input, i) => {
      const value = values[i][input.value];
      index = index * values[i].length + Number(input.value);
      input.setAttribute("aria-valuetext", value);
      input.previousElementSibling.textContent = value;
    });
    const [sentence, ...edits] = frames[index];
    const drawn = [];
    let from = 0;
    for (const [first, last, ...added] of edits) {
      drawn.push(...start.slice(from, first), ...added.map((line) => lines[line]));
      from = last;
    }
    drawing.innerHTML = drawn.concat(start.slice(from)).join("\n");
    picture.setAttribute("aria-label", sentence);
    caption.textContent = sentence;
  };
  show();
  picture.setAttribute("role", "img");
  caption.setAttribute("aria-live", "polite");
  panels.replaceWith(picture);
  figure.querySelector("fieldset").style.display = "";
  inputs.forEach((input) => input.addEventListener("input", show));
};
