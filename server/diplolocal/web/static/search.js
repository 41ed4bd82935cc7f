// The search with less ado: names are suggested while one writes, and what is found follows each choice. The page works without.
"use strict";
(() => {
  const form = document.querySelector(".searching");
  const field = form.querySelector("#text");
  const names = form.querySelector("#suggestions");
  const KEPT = "search-focus";
  let asked = null;

  field.addEventListener("input", async () => {
    asked?.abort();
    asked = new AbortController();
    if (field.value.trim().length < 2) return names.replaceChildren();
    const address = `${form.dataset.suggestions}&text=${encodeURIComponent(field.value)}`;
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      names.replaceChildren(...suggestions.map((name) => new Option("", name)));
    } catch (error) {
      if (error.name !== "AbortError") names.replaceChildren();
    }
  });

  // Said beforehand, so that nobody is surprised (WCAG 3.2.2); who chose with the keyboard goes on where they were.
  form.querySelector(".by-itself").hidden = false;
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox") return;
    sessionStorage.setItem(KEPT, `${target.name} ${target.value}`);
    form.requestSubmit();
  });
  const kept = sessionStorage.getItem(KEPT)?.split(" ");
  sessionStorage.removeItem(KEPT);
  if (kept) {
    const box = [...form.elements].find((each) => each.name === kept[0] && each.value === kept[1]);
    for (let at = box?.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    box?.focus();
  }

  // On a narrow screen what is found goes first; what may be chosen is one click away.
  if (matchMedia("(max-width: 56rem)").matches && !kept) form.querySelector(".narrowing").open = false;
})();
