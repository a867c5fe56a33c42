"use strict";
// The page is complete without this: it only narrows the list of files and opens the source a link leads to.
(function () {
  const form = document.getElementById("filter");
  const said = document.getElementById("shown");
  const files = Array.from(document.querySelectorAll("#files-table tbody tr"), (row) => ({
    row,
    path: row.querySelector("code").textContent.toLowerCase(),
    source: document.getElementById(row.querySelector("a")?.getAttribute("href").slice(1) ?? ""),
  }));
  function apply() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const changed = form.elements.changed?.checked === true;
    let shown = 0;
    for (const { row, path, source } of files) {
      const fits = [
        !changed || "changed" in row.dataset,
        words.every((word) => path.includes(word)),
      ].every(Boolean);
      row.hidden = !fits;
      if (source !== null) source.hidden = !fits;
      if (fits) shown += 1;
    }
    said.textContent = shown === files.length
      ? "All " + files.length + " listed files"
      : shown + " of " + files.length + " listed files";
  }
  function open() {
    const source = document.getElementById(location.hash.slice(1));
    if (source?.tagName !== "DETAILS") return;
    source.open = true;
    source.scrollIntoView();
  }
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", open);
  form.hidden = false;
  apply();
  open();
})();
