// The gallery of errors: choose what you see, or type a word, and what does not fit is put away.
{
  const index = document.querySelector(".attention-index");
  const list = () => document.querySelector(".attention-mistakes");
  const items = () => [...document.querySelectorAll("[data-signs]")];
  const signs = ({ dataset }) => dataset.signs.split(";");

  const form = document.createElement("form");
  form.className = "gallery-filter";
  form.innerHTML = `<fieldset class="attention-choice"><legend>What do you see?</legend></fieldset>
<label>A word of it <input type="search" autocomplete="off"></label>
<p role="status"></p>`;
  const [buttons, { lastElementChild: word }, status] = form.children;
  for (const sign of ["anything", ...index.dataset.order.split(";")]) {
    const label = document.createElement("label");
    const button = Object.assign(document.createElement("input"), { type: "radio", name: "sign", value: sign });
    button.checked = sign === "anything";
    label.append(button, Object.assign(document.createElement("span"), { textContent: sign }));
    buttons.append(label);
  }

  const filter = () => {
    const sign = buttons.querySelector(":checked").value;
    const wanted = word.value.trim().toLowerCase();
    const fits = (item) =>
      (sign === "anything" || signs(item).includes(sign)) && item.textContent.toLowerCase().includes(wanted);
    for (const item of items()) item.hidden = !fits(item);
    const shown = (root) => root.querySelectorAll("[data-signs]:not([hidden])").length;
    for (const group of list().querySelectorAll("div")) group.hidden = !shown(group);
    list().open = sign !== "anything" || wanted !== "";
    const pictures = shown(document.querySelector(".attention-index"));
    status.textContent = `${pictures} with a picture, and ${shown(list())} more in the list.`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  index.closest(".cell").before(form); // outside of the cell, whose output a reader may make anew
  filter();
}
