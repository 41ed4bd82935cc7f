// The query page: YASQE takes the place of the form's field, answers come without leaving the page,
// and the address is always that of the question. What an answer looks like is the server's affair:
// the page that it would give is fetched, and its answer put here. Without this file the form works
// as it is.
"use strict";
(() => {
  if (typeof Yasqe === "undefined") return;

  const LONGEST_ADDRESS = 8000;
  const form = document.getElementById("ask");
  const field = form.elements.query;
  const button = form.querySelector("button");
  const hint = document.getElementById("hint");
  const answer = document.getElementById("answer");
  const said = { ...form.dataset, ask: button.textContent };
  let asking = null;
  let here = location.pathname + location.search;
  // The page that answers, in the languages of this one.
  const place = new URL(form.action).pathname;

  // -- Completion: the prefixes of the house, its classes and properties, with what they are called.

  const known = fetch(said.completions)
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .catch(() => ({ prefixes: {}, classes: [], properties: [] }));

  /** A text as people search for it: without accents, in lower case. */
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /** An IRI as this query shortens it, or else as the house does; the PREFIX follows by itself. */
  function shortened(iri, prefixes) {
    for (const [prefix, namespace] of Object.entries(prefixes)) {
      const name = iri.slice(namespace.length);
      if (iri.startsWith(namespace) && /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name)) return `${prefix}:${name}`;
    }
    return `<${iri}>`;
  }

  /** What is written at the cursor: an IRI that has begun, or a word. */
  function beginning(editor, token) {
    if (token.string.startsWith("<")) return { ...token, from: { ch: token.start }, to: { ch: token.end } };
    const { line, ch } = editor.getCursor();
    const text = editor.getLine(line);
    const [before] = /[\p{L}\p{N}_:-]*$/u.exec(text.slice(0, ch));
    const [after] = /^[\p{L}\p{N}_:-]*/u.exec(text.slice(ch));
    return { ...token, string: before, from: { ch: ch - before.length }, to: { ch: ch + after.length } };
  }

  /** The terms that fit what is typed: those whose name begins so, whose label does, or has it. */
  function fitting(terms, typed, prefixes) {
    if (typed.startsWith("<")) return terms.map((term) => ({ ...term, name: `<${term.iri}>` })).filter((term) => term.name.startsWith(typed));
    const [prefix, part] = typed.includes(":") ? typed.split(":") : [null, typed];
    const rank = ({ name, label }) =>
      [
        folded(name.slice(name.indexOf(":") + 1)).startsWith(folded(part)),
        folded(name).startsWith(folded(part)) && prefix === null,
        folded(label).startsWith(folded(part)),
        folded(label).includes(folded(part)),
      ].indexOf(true);
    return terms
      .map((term) => ({ ...term, name: shortened(term.iri, prefixes) }))
      .map((term) => ({ ...term, rank: rank(term) }))
      .filter(({ name, rank }) => rank >= 0 && (prefix === null || name.startsWith(`${prefix}:`)))
      .sort((one, other) => one.rank - other.rank || one.name.localeCompare(other.name));
  }

  /** Whether a name can begin at the cursor: after a space, and for a class after what says "is a". */
  function due(editor, kind) {
    const { line, ch } = editor.getCursor();
    const before = editor.getLine(line).slice(0, ch);
    if (!/\s$/.test(before)) return /[\p{L}\p{N}_:>-]$/u.test(before);
    return kind === "classes" && /(?:^|\s)(?:a|rdf:type|rdfs:domain|rdfs:range)\s+$/.test(before);
  }

  function completer(model, kind) {
    const { isValidCompletionPosition } = Yasqe.Autocompleters[model];
    let shown = new Map();
    Yasqe.forkAutocompleter(
      model,
      {
        name: kind,
        autoShow: true,
        isValidCompletionPosition: (editor) => due(editor, kind) && isValidCompletionPosition(editor),
        preProcessToken: beginning,
        postProcessSuggestion: (editor, token, name) => name,
        get: async (editor, token) => {
          const { prefixes, [kind]: terms } = await known;
          const found = fitting(terms, token.string, { ...editor.getPrefixesFromQuery(), ...prefixes });
          shown = new Map(found.map((term) => [term.name, term]));
          return [...shown.keys()];
        },
        postprocessHints: (editor, hints) =>
          hints.map((hint) => ({ ...hint, render: (element) => rendered(element, shown.get(hint.text)) })),
      },
      false,
    );
  }

  function rendered(element, { name, label, definition }) {
    const small = document.createElement("small");
    small.textContent = label;
    element.title = definition;
    element.append(name, small);
  }

  completer("class", "classes");
  completer("property", "properties");
  Yasqe.forkAutocompleter(
    "prefixes",
    {
      name: "house",
      persistenceId: undefined,
      get: async () => Object.entries((await known).prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`),
    },
    false,
  );

  // -- The editor in the place of the field. It asks nobody but this server and stores nothing.

  const holder = document.createElement("div");
  field.before(holder);
  const editor = new Yasqe(holder, {
    value: field.value,
    autocompleters: ["house", "classes", "properties", "variables"],
    consumeShareLink: null,
    createShareableLink: null,
    persistenceId: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    screenReaderLabel: form.querySelector("label").textContent,
    extraKeys: {
      // Tab goes on to the next field, as everywhere: nobody is caught here (WCAG 2.1.2).
      Tab: false,
      "Shift-Tab": false,
      "Ctrl-S": false,
      "Ctrl-Enter": () => ask(),
      "Cmd-Enter": () => ask(),
    },
  });
  field.hidden = true;
  field.required = false; // a field that is not shown cannot be pointed at
  form.querySelector("label").addEventListener("click", () => editor.focus());
  document.getElementById("keys").hidden = false;
  editor.on("change", () => {
    field.value = editor.getValue();
    showMisread(null);
  });

  // -- What the editor's own grammar cannot read, in the language of the page.

  let waiting = 0;
  editor.on("change", () => {
    clearTimeout(waiting);
    tell("");
    waiting = setTimeout(() => tell(misread()), 700);
  });

  function misread() {
    if (editor.queryValid) return "";
    for (let line = 0; line < editor.lineCount(); line++) {
      const { state } = editor.getTokenAt({ line, ch: editor.getLine(line).length }, true);
      if (state.OK === false) {
        const expected = (state.possibleCurrent || []).slice(0, 12).join("  ");
        return said.misread.replace("{line}", line + 1).replace("{expected}", () => expected || "…");
      }
    }
    return "";
  }

  let marked = null;
  function showMisread(place) {
    if (marked) editor.removeLineClass(marked, "background", "misread");
    marked = place && editor.addLineClass(place.line, "background", "misread");
    if (place) editor.setCursor(place);
  }

  // -- Asking.

  form.addEventListener("submit", (event) => {
    if (form.elements.format.value !== "html") return; // another format is a file: the form's affair
    event.preventDefault();
    if (asking) asking.abort();
    else ask();
  });

  async function ask() {
    if (!editor.getValue().trim()) return editor.focus();
    if (asking) asking.abort();
    clearTimeout(waiting); // from here on the answer is spoken of, and not the query
    const mine = (asking = new AbortController());
    const question = new URLSearchParams(new FormData(form));
    question.delete("format");
    const address = `${place}?${question}`;
    const fits = address.length <= LONGEST_ADDRESS;
    if (fits && address !== here) history.pushState(null, "", address);
    if (fits) here = address;
    const stop = busy();
    try {
      const asked = fits ? fetch(address, request(mine)) : fetch(place, request(mine, question));
      const page = new DOMParser().parseFromString(await (await asked).text(), "text/html");
      show(page);
      if (!fits) tell(said.long);
    } catch (error) {
      if (asking !== mine) return; // another question was asked meanwhile
      answer.replaceChildren();
      tell(error.name === "AbortError" ? said.stopped : said.unreachable);
    } finally {
      if (asking === mine) asking = null;
      stop(!asking);
    }
  }

  const request = (controller, body) => ({
    headers: { Accept: "text/html" },
    signal: controller.signal,
    ...(body ? { method: "POST", body } : {}),
  });

  /** The page says that it waits, and for how long; what is returned ends that. */
  function busy() {
    const began = Date.now();
    const count = () => (button.textContent = `${said.stop} (${Math.round((Date.now() - began) / 1000)} s)`);
    count();
    tell(said.asking);
    answer.setAttribute("aria-busy", "true");
    const ticking = setInterval(count, 1000);
    return (last) => {
      clearInterval(ticking);
      if (!last) return;
      button.textContent = said.ask;
      answer.removeAttribute("aria-busy");
    };
  }

  /** The answer of a page that was fetched, here; of a page without one, what it says instead. */
  function show(page) {
    const found = page.getElementById("answer");
    if (found) answer.replaceChildren(...[...found.childNodes].map((node) => document.importNode(node, true)));
    else answer.replaceChildren(trouble(page));
    const language = page.querySelector("a.language");
    if (language) document.querySelector("a.language").href = language.getAttribute("href");
    const { line, column } = answer.firstElementChild.dataset;
    showMisread(line ? { line: line - 1, ch: column - 1 } : null);
    tell(answer.querySelector("h2").textContent, { seen: false }); // who looks at the page sees it
    if (answer.getBoundingClientRect().top > innerHeight - 160) answer.scrollIntoView();
  }

  /** A page of the site that says what is wrong. Any other is somebody else's, between us. */
  function trouble(page) {
    const section = document.createElement("section");
    section.className = "trouble";
    for (const [name, selector] of [["h2", "main h1"], ["p", "main .lead"]]) {
      const said = document.createElement(name);
      said.textContent = page.querySelector(selector).textContent;
      section.append(said);
    }
    return section;
  }

  /** Said below the editor, and by screen readers. */
  function tell(sentence, { seen = true } = {}) {
    hint.classList.toggle("unseen", !seen);
    hint.textContent = sentence;
  }

  // Back and forward: the server knows what each address shows.
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== here) location.reload();
  });
})();
