// Problems: squiggles, marks in the gutter, what is told on hover, and the quick fix.

import { forEachDiagnostic, lintGutter, linter, setDiagnostics } from "@codemirror/lint";
import { StateEffect, StateField } from "@codemirror/state";
import { EditorView, showTooltip } from "@codemirror/view";
import { visible } from "./places.js";

// The transaction that shows them instead of those before.
export function setProblems(state, list, callbacks) {
  const diagnostics = list.map((problem) => ({
    ...visible(state.doc, problem),
    severity: problem.severity,
    message: problem.message,
    source: [problem.code, problem.rule].filter(Boolean).join(" "),
    renderMessage: () => message(problem),
    actions: actions(problem, callbacks),
    problem,
  }));
  return setDiagnostics(state, diagnostics);
}

function message({ message, help }) {
  const dom = document.createElement("div");
  dom.append(Object.assign(document.createElement("p"), { textContent: message }));
  if (help) dom.append(Object.assign(document.createElement("p"), { className: "cm-help", textContent: `help: ${help}` }));
  return dom;
}

function actions({ index, fix }, callbacks) {
  const action = (name, call) => ({ name, apply: () => callbacks[call]?.(index) });
  const fixes = fix ? [action(`Fix: ${fix}`, "fix")] : [];
  return [...fixes, action("Explain", "explain"), action("Ignore", "ignore")];
}

// A menu of fixes, where a line has several.
const setMenu = StateEffect.define();
const menu = StateField.define({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMenu)) return effect.value;
    }
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

// Offers the fixes of the line with the cursor: a single one at once.
export function quickFix(view, callbacks) {
  const { head } = view.state.selection.main;
  const line = view.state.doc.lineAt(head);
  const fixable = [];
  forEachDiagnostic(view.state, ({ problem }, from, to) => {
    if (problem.fix && from <= line.to && to >= line.from) fixable.push(problem);
  });
  if (fixable.length === 0) {
    view.dispatch({ effects: EditorView.announce.of("No fix for this line") });
  } else if (fixable.length === 1) {
    callbacks.fix?.(fixable[0].index);
  } else {
    view.dispatch({ effects: setMenu.of({ pos: head, above: false, create: () => list(view, fixable, callbacks) }) });
  }
  return true;
}

function list(view, fixable, callbacks) {
  const dom = document.createElement("div");
  dom.className = "cm-fixes";
  dom.role = "menu";
  dom.ariaLabel = "Fixes";
  const close = () => {
    view.dispatch({ effects: setMenu.of(null) });
    view.focus();
  };
  for (const { index, fix } of fixable) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: fix });
    button.role = "menuitem";
    button.addEventListener("click", () => {
      close();
      callbacks.fix?.(index);
    });
    dom.append(button);
  }
  dom.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const buttons = [...dom.children];
      const at = buttons.indexOf(document.activeElement);
      buttons.at((at + step + buttons.length) % buttons.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return { dom, mount: () => setTimeout(() => dom.firstChild.focus()) };
}

export const problems = [linter(null), lintGutter(), menu];
