// How the editor looks. All colours are custom properties of the page, so that its themes are those of the editor; what
// the page does not define has a value here, which follows `color-scheme`.

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colour = (name, light, dark) => `var(--${name}, light-dark(${light}, ${dark}))`;

const ERROR = colour("error", "#b3261e", "#ff8a80");
const WARNING = colour("warning", "#8a5a00", "#ffc266");
const INFO = colour("info", "#1f4e9c", "#8ab4ff");
const TEXT = colour("editor-text", "#1b1f24", "#e4e7eb");
const FAINT = colour("editor-faint", "#59616b", "#a0a8b3");
const SURFACE = colour("editor-surface", "#ffffff", "#1d2127");
const BORDER = colour("editor-border", "#c9ced6", "#424a55");
const BUTTON = {
  font: "inherit", color: colour("link", "#1f4e9c", "#8ab4ff"), background: "none", border: `1px solid ${BORDER}`,
  borderRadius: "4px", padding: "2px 8px", minHeight: "24px", cursor: "pointer", marginInlineStart: "0",
};
const FOCUS = { outline: `2px solid ${colour("focus", "#1f4e9c", "#8ab4ff")}`, outlineOffset: "1px" };

export const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: colour("syntax-comment", "#59616b", "#a0a8b3"), fontStyle: "italic" },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: colour("syntax-keyword", "#8a1c7c", "#e79bdc") },
  { tag: [tags.string, tags.special(tags.string)], color: colour("syntax-string", "#1a6334", "#8fd6a3") },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: colour("syntax-number", "#9a3b00", "#ffb380") },
  { tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.heading],
    color: colour("syntax-definition", "#1f4e9c", "#8ab4ff"), fontWeight: "600" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className, tags.typeName],
    color: colour("syntax-call", "#1f4e9c", "#8ab4ff") },
  { tag: [tags.propertyName, tags.attributeName], color: colour("syntax-property", "#24527a", "#9ecbff") },
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
  "&": { color: TEXT, backgroundColor: colour("editor-background", "#ffffff", "#15181d"), height: "100%" },
  "&.cm-focused": { outline: `2px solid ${colour("focus", "#1f4e9c", "#8ab4ff")}`, outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace)", lineHeight: "1.55" },
  ".cm-content": { fontSize: "var(--editor-font-size, 14px)", caretColor: TEXT },
  // Smaller text makes touch browsers zoom in on focus.
  "@media (pointer: coarse)": { ".cm-content": { fontSize: "16px" } },
  ".cm-gutters": {
    color: FAINT, backgroundColor: colour("editor-background", "#ffffff", "#15181d"), border: "none",
    fontSize: "var(--editor-font-size, 14px)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: colour("editor-line", "#1f4e9c0d", "#8ab4ff12") },
  ".cm-activeLineGutter": { color: TEXT },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: TEXT, borderLeftWidth: "2px" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: colour("editor-selection", "#b8d0f5", "#2f4a75"),
  },
  ".cm-selectionMatch": { backgroundColor: colour("editor-match", "#1f4e9c22", "#8ab4ff33") },
  ".cm-matchingBracket": { backgroundColor: "transparent", outline: `1px solid ${BORDER}` },
  ".cm-tooltip": {
    color: TEXT, backgroundColor: SURFACE, border: `1px solid ${BORDER}`, borderRadius: "6px",
    boxShadow: "0 4px 16px #0003", maxWidth: "min(36rem, 90vw)",
  },
  ".cm-tooltip p": { margin: "0 0 4px" },
  ".cm-diagnostic": { padding: "8px 10px", marginLeft: "0", fontFamily: "var(--font-sans, system-ui, sans-serif)" },
  ".cm-diagnostic-error": { borderLeft: `4px solid ${ERROR}` },
  ".cm-diagnostic-warning": { borderLeft: `4px solid ${WARNING}` },
  ".cm-diagnostic-info": { borderLeft: `4px solid ${INFO}` },
  ".cm-diagnosticText": { display: "block", whiteSpace: "normal" },
  ".cm-diagnosticSource": { fontSize: "0.85em", opacity: "1", color: FAINT, marginTop: "4px" },
  ".cm-help": { color: FAINT },
  ".cm-diagnosticAction": { ...BUTTON, marginRight: "6px" },
  ".cm-diagnosticAction:focus-visible, .cm-lens button:focus-visible, .cm-fixes button:focus-visible": FOCUS,
  ".cm-lintRange-error": squiggle(ERROR),
  ".cm-lintRange-warning": squiggle(WARNING),
  ".cm-lintRange-info": squiggle(INFO),
  ".cm-lintRange-active": { backgroundColor: colour("editor-match", "#1f4e9c22", "#8ab4ff33") },
  ".cm-lint-marker-error": marker(ERROR, CROSS),
  ".cm-lint-marker-warning": marker(WARNING, TRIANGLE),
  ".cm-lint-marker-info": marker(INFO, DOT),
  ".cm-secondary": { borderBottom: `2px dotted ${INFO}` },
  ".cm-secondary-message": { padding: "8px 10px", fontFamily: "var(--font-sans, system-ui, sans-serif)" },
  ".cm-lens": {
    fontFamily: "var(--font-sans, system-ui, sans-serif)", fontSize: "12px", lineHeight: "22px", minHeight: "22px",
    color: FAINT, padding: "0 6px", userSelect: "none",
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
    color: FAINT, backgroundColor: SURFACE, borderRadius: "4px", pointerEvents: "none",
  },
  "&.cm-focused .cm-leave-hint": { display: "block" },
  "@media (forced-colors: active)": {
    ".cm-lint-marker": { forcedColorAdjust: "none" },
    ".cm-selectionBackground": { backgroundColor: "Highlight" },
  },
});
