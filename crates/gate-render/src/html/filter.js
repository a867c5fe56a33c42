"use strict";
// The page is complete without this: it only narrows the table of findings.
(function () {
  const form = document.getElementById("filter");
  const said = document.getElementById("shown");
  if (form === null) return;
  const rows = Array.from(document.querySelectorAll("#findings-table tbody tr"));
  const texts = rows.map((row) => row.textContent.toLowerCase());
  function apply() {
    const gate = form.elements.gate.value;
    const level = form.elements.level.value;
    const fresh = form.elements.fresh?.checked === true;
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = [
        gate === "" || row.dataset.gate === gate,
        level === "" || row.dataset.level === level,
        !fresh || "new" in row.dataset,
        words.every((word) => texts[at].includes(word)),
      ].every(Boolean);
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    said.textContent = shown === rows.length
      ? "All " + rows.length + " listed findings"
      : shown + " of " + rows.length + " listed findings";
  }
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();
})();
