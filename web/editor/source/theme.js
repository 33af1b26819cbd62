// How the editor looks. All colours are custom properties of the page (web/style.css), so that its themes are those of
// the editor.

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const ERROR = "var(--bad)";
const WARNING = "var(--warn)";
const INFO = "var(--accent)";
const TEXT = "var(--text)";
const SOFT = "var(--text-soft)";
const SURFACE = "var(--bg-soft)";
const BORDER = "var(--line)";
const BUTTON = {
  font: "inherit", color: "var(--accent)", background: "none", border: `1px solid ${BORDER}`, borderRadius: "4px",
  padding: "2px 8px", minHeight: "24px", cursor: "pointer", marginInlineStart: "0",
};
const FOCUS = { outline: "2px solid var(--focus)", outlineOffset: "1px" };

export const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.heading],
    color: "var(--code-definition)", fontWeight: "600" },
  { tag: [tags.className, tags.typeName], color: "var(--code-type)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.propertyName, tags.attributeName],
    color: "var(--code-name)" },
  { tag: [tags.operator, tags.punctuation], color: "var(--code-operator)" },
  { tag: tags.invalid, color: "var(--code-invalid)" },
]);

const squiggle = (tint) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${tint}`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
});

const marker = (tint, path) => ({
  content: "\"\"",
  backgroundColor: tint,
  maskImage: `url('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="${path}"/></svg>')`,
  maskSize: "contain",
  maskRepeat: "no-repeat",
});

const CROSS = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1M5.2 4.2 8 7l2.8-2.8 1 1L9 8l2.8 2.8-1 1L8 9l-2.8 2.8-1-1L7 8 4.2 5.2z";
const TRIANGLE = "M8 1 16 15H0zM7.2 6v5h1.6V6zM7.2 12v1.6h1.6V12z";
const DOT = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1M7.2 4v1.8h1.6V4zM7.2 7v5h1.6V7z";

export const look = EditorView.theme({
  "&": { color: "var(--code-foreground)", backgroundColor: "var(--code-background)", height: "100%" },
  // An outline would lie behind the gutter.
  "&.cm-focused": { outline: "none" },
  "&.cm-focused::after": {
    content: "\"\"", position: "absolute", inset: "0", border: "2px solid var(--focus)", pointerEvents: "none", zIndex: "300",
  },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { fontSize: "var(--size)", caretColor: "var(--code-cursor)" },
  // Smaller text makes touch browsers zoom in on focus.
  "@media (pointer: coarse)": { ".cm-content": { fontSize: "16px" } },
  ".cm-gutters": {
    color: "var(--code-gutter)", backgroundColor: "var(--code-background)", border: "none",
    fontSize: "var(--size)",
  },
  // The selection lies below the lines, so that of the cursor must be seen through.
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-activeLineGutter": { color: TEXT },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--code-cursor)", borderLeftWidth: "2px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--code-match)" },
  ".cm-matchingBracket": { backgroundColor: "transparent", outline: `1px solid ${BORDER}` },
  ".cm-tooltip": {
    color: TEXT, backgroundColor: SURFACE, border: `1px solid ${BORDER}`, borderRadius: "6px",
    boxShadow: "0 4px 16px #0003", maxWidth: "min(36rem, 90vw)",
  },
  ".cm-tooltip p": { margin: "0 0 4px" },
  ".cm-diagnostic": { padding: "8px 10px", marginLeft: "0", fontFamily: "var(--font)" },
  ".cm-diagnostic-error": { borderLeft: `4px solid ${ERROR}` },
  ".cm-diagnostic-warning": { borderLeft: `4px solid ${WARNING}` },
  ".cm-diagnostic-info": { borderLeft: `4px solid ${INFO}` },
  ".cm-diagnosticText": { display: "block", whiteSpace: "normal" },
  ".cm-diagnosticSource": { fontSize: "0.85em", opacity: "1", color: SOFT, marginTop: "4px" },
  ".cm-help": { color: SOFT },
  ".cm-diagnosticAction": { ...BUTTON, marginRight: "6px" },
  ".cm-diagnosticAction:focus-visible, .cm-lens button:focus-visible, .cm-fixes button:focus-visible": FOCUS,
  ".cm-lintRange-error": squiggle(ERROR),
  ".cm-lintRange-warning": squiggle(WARNING),
  ".cm-lintRange-info": squiggle(INFO),
  ".cm-lintRange-active": { backgroundColor: "var(--code-match)" },
  ".cm-lint-marker-error": marker(ERROR, CROSS),
  ".cm-lint-marker-warning": marker(WARNING, TRIANGLE),
  ".cm-lint-marker-info": marker(INFO, DOT),
  ".cm-secondary": { borderBottom: `2px dotted ${INFO}` },
  ".cm-secondary-message": { padding: "8px 10px", fontFamily: "var(--font)" },
  ".cm-lens": {
    fontFamily: "var(--font)", fontSize: "12px", lineHeight: "22px", minHeight: "22px",
    color: SOFT, padding: "0 6px", userSelect: "none",
  },
  ".cm-lens[data-tone=error]": { color: ERROR },
  ".cm-lens[data-tone=warning]": { color: WARNING },
  ".cm-lens button": { ...BUTTON, minHeight: "20px", padding: "0 6px" },
  ".cm-fixes": { display: "flex", flexDirection: "column", padding: "4px", gap: "2px" },
  ".cm-fixes button": { ...BUTTON, border: "none", textAlign: "start" },
  ".cm-panels": { color: TEXT, backgroundColor: SURFACE, borderColor: BORDER },
  ".cm-textfield, .cm-button": { ...BUTTON, backgroundImage: "none", color: TEXT },
  ".cm-leave-hint": {
    display: "none", position: "absolute", right: "8px", bottom: "4px", padding: "0 6px", fontSize: "12px",
    color: SOFT, backgroundColor: SURFACE, borderRadius: "4px", pointerEvents: "none",
  },
  "&.cm-focused .cm-leave-hint": { display: "block" },
  "@media (forced-colors: active)": {
    ".cm-lint-marker": { forcedColorAdjust: "none" },
    ".cm-selectionBackground": { backgroundColor: "Highlight" },
  },
});
