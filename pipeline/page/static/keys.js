// Keys for the queue. All of it works without: each key presses a button or follows a link.
"use strict";
(() => {
  const rows = () => Array.from(document.querySelectorAll("tr[data-open]"));
  const at = () => rows().findIndex((row) => row.classList.contains("here"));
  const go = (place) => {
    const all = rows();
    if (!all.length) return;
    const to = Math.max(0, Math.min(all.length - 1, place));
    all.forEach((row, number) => row.classList.toggle("here", number === to));
    all[to].querySelector("a").focus();
    all[to].scrollIntoView({ block: "nearest" });
  };
  const press = (key) => {
    const found = document.querySelector(`[data-key="${key}"]`);
    if (found) found.click();
    return Boolean(found);
  };
  const focus = (selector) => {
    const found = document.querySelector(selector);
    if (found) { found.focus(); found.select?.(); }
    return Boolean(found);
  };
  const does = {
    j: () => go(at() + 1),
    k: () => go(at() < 0 ? 0 : at() - 1),
    x: () => { const here = rows()[at()]; here?.querySelector("input[type=checkbox]")?.click(); },
    "/": () => focus("#search") || focus("[type=search]"),
    s: () => focus('[data-focus="s"]'),
    c: () => focus('[data-focus="c"]'),
    "?": () => document.getElementById("keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") { document.activeElement.blur(); return; }
    if (event.key === "Enter" && event.target.matches("[name=find]")) {  // of the buttons, this one
      document.getElementById("find").click();
      event.preventDefault();
      return;
    }
    if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    if (does[event.key]) { does[event.key](); event.preventDefault(); return; }
    if (/^[a-z]$/.test(event.key) && press(event.key)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {  // a second click finds nothing to press
    if (!event.target.matches(".once")) return;
    setTimeout(() => event.target.querySelectorAll("button").forEach((one) => { one.disabled = true; }));
  });
  document.getElementById("problem")?.focus();
  const reach = () => document.querySelectorAll("main table").forEach((one) => {  // what scrolls, keys reach
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0; else one.removeAttribute("tabindex");
  });
  window.addEventListener("resize", reach);
  reach();

  // What is not explained yet of the line, in whole minor units; the server counts it again.
  const form = document.querySelector("form.apply");
  if (!form) return;
  const places = Number(form.dataset.places), line = BigInt(form.dataset.amount);
  const minor = (text) => {
    const found = /^\s*([+-]?)(\d+)(?:[.,](\d*))?\s*$/.exec(text);
    if (!found || (found[3] || "").length > places) return null;
    const value = BigInt(found[2] + (found[3] || "").padEnd(places, "0"));
    return found[1] === "-" ? -value : value;
  };
  const like = (text, sign) => {
    const value = minor(text);
    return value === null ? null : /^\s*[+-]/.test(text) || sign > 0n ? value : -value;
  };
  const count = () => {
    let left = line, whole = true;
    const take = (value) => { if (value === null) whole = false; else left -= value; };
    form.querySelectorAll("[name=to]:checked").forEach((box) => {
      const open = BigInt(box.dataset.openAmount), typed = form.elements[`amount:${box.value}`].value;
      take(typed.trim() ? like(typed, open) : open);
    });
    const pairs = (name) => {
      const words = form.querySelectorAll(`[name=${name}]`), sums = form.querySelectorAll(`[name=${name}_amount]`);
      words.forEach((word, number) => { if (word.value.trim()) take(sums[number].value.trim() ? like(sums[number].value, line) : null); });
    };
    pairs("document"); pairs("account");
    const text = left < 0n ? (-left).toString() : left.toString();
    const padded = text.padStart(places + 1, "0");
    const shown = places ? `${padded.slice(0, -places)}${form.dataset.point}${padded.slice(-places)}` : padded;
    form.querySelector("[data-left]").textContent = whole ? `Δ ${left < 0n ? "−" : ""}${shown}` : "Δ …";
  };
  form.addEventListener("input", count);
  count();
})();
