// The keys of the editor. Those that the page wants for itself are not bound: Alt+Up and Alt+Down step the database.

import { defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import { searchKeymap } from "@codemirror/search";
import { quickFix } from "./problems.js";

const PAGE = new Set(["Alt-ArrowUp", "Alt-ArrowDown"]);
// Browsers have these for themselves: bookmark, and the like.
const BROWSER = new Set(["Mod-d", "Mod-Alt-g"]);

// Tab indents, so there must be a way out by keyboard: Escape gives the next Tab back to the browser.
const leave = {
  key: "Escape",
  run(view) {
    setTimeout(() => view.setTabFocusMode(3_600_000));
    return false;
  },
};

export function keys(callbacks) {
  const fix = { key: "Mod-.", run: (view) => quickFix(view, callbacks), preventDefault: true };
  const common = [...searchKeymap, ...defaultKeymap, ...historyKeymap];
  return [fix, leave, ...common.filter(({ key }) => !PAGE.has(key) && !BROWSER.has(key)), indentWithTab];
}
