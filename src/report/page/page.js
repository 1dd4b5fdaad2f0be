"use strict";
const box = document.getElementById("find");
const found = document.getElementById("found");
const parts = [...document.querySelectorAll("[data-find]")].map((part) => [part, part.textContent.toLowerCase()]);
const holders = [...document.querySelectorAll("[data-holds]")];
box.addEventListener("input", () => {
  const words = box.value.trim().toLowerCase().split(/\s+/).filter((word) => word);
  let count = 0;
  for (const [part, text] of parts) {
    const is_hit = words.every((word) => text.includes(word));
    part.hidden = !is_hit;
    if (is_hit) count += 1;
  }
  for (const holder of holders) {
    holder.hidden = !holder.querySelector("[data-find]:not([hidden])");
  }
  found.textContent = words.length ? `${count} / ${parts.length}` : "";
});
// What is folded is printed too.
const folded = [...document.querySelectorAll("details:not([open])")];
addEventListener("beforeprint", () => folded.forEach((part) => { part.dataset.was = part.open ? "open" : ""; part.open = true; }));
addEventListener("afterprint", () => folded.forEach((part) => { part.open = part.dataset.was === "open"; }));
