"use strict";
// Sorts the table by a column, and shows the findings of one kind alone. Without this the page is complete.
const table = document.getElementById("findings");
const rows = table ? Array.from(table.tBodies[0].rows) : [];
const said = document.getElementById("said");

function sort(head, column) {
  const falls = head.getAttribute("aria-sort") === "ascending";
  const key = (row) => {
    const text = row.cells[column].dataset.key ?? row.cells[column].textContent.trim();
    return row.cells[column].dataset.key === undefined ? text.toLowerCase() : Number(text);
  };
  const order = (one, other) => {
    const [a, b] = [key(one), key(other)];
    return typeof a === "number" ? a - b : a.localeCompare(b);
  };
  const sorted = rows.slice().sort(order);
  if (falls) sorted.reverse();
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falls ? "descending" : "ascending");
  table.tBodies[0].append(...sorted);
}

if (table) {
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
  });
}

for (const link of document.querySelectorAll("a[data-kind]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const isAlone = link.getAttribute("aria-current") === "true";
    for (const other of document.querySelectorAll("a[data-kind]")) other.removeAttribute("aria-current");
    if (!isAlone) link.setAttribute("aria-current", "true");
    let shown = 0;
    for (const row of rows) {
      row.hidden = !isAlone && row.dataset.kind !== link.dataset.kind;
      if (!row.hidden) shown += 1;
    }
    said.textContent = isAlone ? "" : `${shown} of ${rows.length} findings are shown`;
  });
}
