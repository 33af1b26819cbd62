// Further places of a problem, each with its own message.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip } from "@codemirror/view";
import { visible } from "./places.js";

// [{ from, to, message }]
export const setMarks = StateEffect.define();

const field = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) return decorations(transaction.state.doc, effect.value);
    }
    return shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorations(doc, list) {
  const places = list.map((mark) => ({ ...visible(doc, mark), message: mark.message }));
  return Decoration.set(places.filter(({ from, to }) => from < to).map(({ from, to, message }) => (
    Decoration.mark({ class: "cm-secondary", message }).range(from, to)
  )), true);
}

const hover = hoverTooltip((view, pos) => {
  const messages = [];
  let [start, end] = [pos, pos];
  view.state.field(field).between(pos, pos, (from, to, { spec }) => {
    messages.push(spec.message);
    [start, end] = [Math.min(start, from), Math.max(end, to)];
  });
  if (!messages.length) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "cm-secondary-message";
    dom.append(...messages.map((message) => Object.assign(document.createElement("p"), { textContent: message })));
    return { dom };
  };
  return { pos: start, end, above: true, create };
});

export const marks = [field, hover];
