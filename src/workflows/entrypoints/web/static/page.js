// What a page can do only with a script: open the printer's window, count ticks as they are made.
// Without scripts the buttons stay hidden and the server counts at the check.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const tally of document.querySelectorAll(".tally")) {
  const field = tally.closest("fieldset"), told = tally.querySelector("[data-ticked]"), light = tally.querySelector("[data-enough]");
  const count = () => {
    const ticked = field.querySelectorAll("input[data-counts]:checked").length;
    told.textContent = ticked;
    if (!light) return;
    const enough = ticked >= Number(tally.dataset.least);
    light.textContent = enough ? light.dataset.enough : light.dataset.short;
    light.className = enough ? "st ok" : "st over";
  };
  field.addEventListener("change", count);
  tally.querySelector("[value=all]").addEventListener("click", event => {
    event.preventDefault();
    for (const box of field.querySelectorAll(".roll li")) {
      const absent = box.querySelector("select");
      if (!absent || !absent.value) box.querySelector("input[type=checkbox]").checked = true;
    }
    count();
  });
}
