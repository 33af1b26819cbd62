// The editor of the playground: a face of CodeMirror 6 that knows what the page needs and nothing else. All offsets are
// UTF-16 code units, as in JavaScript. `cargo xtask editor` makes ../editor.bundle.js of it.

import { history } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search } from "@codemirror/search";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { keys } from "./keys.js";
import { language } from "./languages.js";
import { lenses, setLenses } from "./lenses.js";
import { marks, setMarks } from "./marks.js";
import { problems, setProblems } from "./problems.js";
import { colours, look } from "./theme.js";

// A change that the page made itself, and so need not be told.
const ours = Annotation.define();

export class Editor {
  #view;
  #callbacks;
  // The documents that are not shown, by path: their text, undo history, selection and place.
  #kept = new Map();
  #path = null;
  #name = new Compartment();

  // callbacks: { changed(text), cursor(pos), fix(index), explain(index), ignore(index), run(index of a lens) }
  constructor(parent, callbacks) {
    this.#callbacks = callbacks;
    this.#view = new EditorView({ parent, state: this.#state("", "text", "") });
    this.#view.dom.append(hint());
  }

  // Shows another document. Where it was shown before, it is as it was left; another text is put in as one edit.
  show(path, text, name) {
    if (path !== this.#path) {
      this.#keep();
      const kept = this.#kept.get(path);
      this.#path = path;
      this.#view.setState(kept?.state ?? this.#state(text, name, path));
      // What was known of it is out of date until the page says it anew.
      this.setProblems([]);
      this.setMarks([]);
      this.setLenses([]);
      if (kept) this.#view.dispatch({ effects: kept.scroll });
    }
    this.setText(text);
  }

  // Another text for the document that is shown. Only the part that differs is replaced, so that cursor and marks stay.
  setText(text) {
    const old = this.#view.state.doc.toString();
    if (text === old) return;
    const most = Math.min(old.length, text.length);
    let start = 0;
    while (start < most && old[start] === text[start]) start++;
    let end = 0;
    while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    this.#view.dispatch({
      changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) },
      annotations: ours.of(true),
      userEvent: "input.page",
    });
  }

  // [{ index, from, to, severity: "error" | "warning" | "info", message, code, rule, help, fix: title or null }]
  setProblems(list) {
    this.#view.dispatch(setProblems(this.#view.state, list, this.#callbacks));
  }

  // Further places of a problem: [{ from, to, message }]
  setMarks(list) {
    this.#view.dispatch({ effects: setMarks.of(list) });
  }

  // Texts above lines: [{ line, text, tone, action: title or null, index }]. Lines begin with 1.
  setLenses(list) {
    this.#view.dispatch({ effects: setLenses.of({ list, run: (index) => this.#callbacks.run?.(index) }) });
  }

  // Selects a place and scrolls to it.
  reveal(from, to) {
    const length = this.#view.state.doc.length;
    const anchor = Math.min(from, length);
    const head = Math.min(to, length);
    this.#view.dispatch({
      selection: { anchor, head },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
  }

  focus() {
    this.#view.focus();
  }

  // Forgets a document that is gone.
  forget(path) {
    this.#kept.delete(path);
    if (path === this.#path) this.#path = null;
  }

  destroy() {
    this.#view.destroy();
    this.#kept.clear();
  }

  #keep() {
    if (this.#path === null) return;
    this.#kept.set(this.#path, { state: this.#view.state, scroll: this.#view.scrollSnapshot() });
  }

  #state(doc, name, path) {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(), problems, marks, lenses, history(), drawSelection(), highlightSpecialChars(),
        EditorState.allowMultipleSelections.of(true), indentOnInput(), bracketMatching(), highlightActiveLine(),
        highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }),
        indentUnit.of("    "), keymap.of(keys(this.#callbacks)), language(name),
        syntaxHighlighting(colours), look,
        this.#name.of(EditorView.contentAttributes.of({
          "aria-label": path ? `Text of ${path}` : "Text",
          "aria-description": "Escape, then Tab leaves the editor",
        })),
        EditorView.updateListener.of((update) => this.#tell(update)),
      ],
    });
  }

  #tell(update) {
    if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(ours))) {
      this.#callbacks.changed?.(update.state.doc.toString());
    }
    if (update.selectionSet) this.#callbacks.cursor?.(update.state.selection.main.head);
  }
}

// Seen while the editor has the focus. Screen readers have it from the description.
function hint() {
  const hint = document.createElement("div");
  hint.className = "cm-leave-hint";
  hint.ariaHidden = "true";
  hint.textContent = "Esc, then Tab leaves the editor";
  return hint;
}
