// Texts above lines, with a button where there is something to do.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";

// { list: [{ line, text, tone, action, index }], run(index) }
export const setLenses = StateEffect.define();

class Lens extends WidgetType {
  constructor(lens, run) {
    super();
    this.lens = lens;
    this.run = run;
  }

  eq(other) {
    const { text, tone, action, index } = this.lens;
    const old = other.lens;
    return text === old.text && tone === old.tone && action === old.action && index === old.index;
  }

  get estimatedHeight() {
    return 22;
  }

  toDOM() {
    const dom = document.createElement("div");
    dom.className = "cm-lens";
    dom.dataset.tone = this.lens.tone ?? "";
    dom.append(this.lens.text);
    if (this.lens.action) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.lens.action;
      button.addEventListener("click", () => this.run(this.lens.index));
      dom.append(" ", button);
    }
    return dom;
  }

  ignoreEvent() {
    return true;
  }
}

export const lenses = StateField.define({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setLenses)) return widgets(transaction.state.doc, effect.value);
    }
    return shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function widgets(doc, { list, run }) {
  const there = list.filter(({ line }) => line >= 1 && line <= doc.lines);
  return Decoration.set(there.map((lens, order) => {
    const widget = new Lens(lens, run);
    return Decoration.widget({ widget, block: true, side: order - there.length - 1 }).range(doc.line(lens.line).from);
  }), true);
}
