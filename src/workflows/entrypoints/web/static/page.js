// The one thing a page cannot do without a script: open the printer's window. Without scripts the button stays hidden.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
