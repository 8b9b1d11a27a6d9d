// Slides where there is room for them: a phone shows the same as a page that scrolls.
const root = document.documentElement;
if (innerWidth >= 600) {
  root.classList.add("slides-shown");
  document.querySelector("#layout").media = "all";
  const WIDTH = 1024;
  const HEIGHT = 576;
  const reveal = (window.deck = new Reveal(document.querySelector(".reveal"), {
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    center: false,
    hash: true,
    transition: "none",
    slideNumber: "c/t",
    controlsLayout: "edges",
    scrollActivationWidth: 0,
    pdfMaxPagesPerSlide: 1,
    plugins: [RevealNotes],
  }));
  // What is too wide or too high gives way: code, then pictures, then all of the sheet.
  const fit = (section) => {
    const sheet = section?.querySelector(".sheet");
    if (!sheet) return;
    const panels = sheet.querySelector(".attention-panels");
    sheet.style.cssText = "height:auto";
    for (const code of sheet.querySelectorAll("pre")) {
      code.style.fontSize = "";
      const share = code.clientWidth / code.scrollWidth;
      if (share < 1) code.style.fontSize = `${0.98 * share * parseFloat(getComputedStyle(code).fontSize)}px`;
    }
    const isHigh = () => sheet.getBoundingClientRect().height / reveal.getScale() > HEIGHT;
    if (panels) {
      panels.style.zoom = 1;
      panels.style.width = "100%";
      panels.style.width = `${panels.clientWidth}px`; // of which a smaller zoom takes less
      for (let zoom = 1; zoom > 0.4 && isHigh(); zoom -= 0.04) panels.style.zoom = zoom;
    }
    for (let zoom = 1; zoom > 0.5 && isHigh(); zoom -= 0.04) sheet.style.zoom = zoom;
    sheet.style.height = "";
  };
  reveal.addKeyBinding({ keyCode: 84, key: "T", description: "Dark or light" }, () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  });
  for (const event of ["ready", "slidechanged", "resize"]) {
    reveal.on(event, () => fit(reveal.getCurrentSlide()));
  }
  document.addEventListener("toggle", () => fit(reveal.getCurrentSlide()), true);
  reveal.on("pdf-ready", () => reveal.getSlides().forEach(fit));
  document.fonts.ready.then(() => reveal.initialize());
}
