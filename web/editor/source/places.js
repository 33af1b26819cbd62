// Where things are in a document.

// A place within the document that can be seen: one character at least, where its line has any.
export function visible(doc, { from, to }) {
  const start = Math.max(0, Math.min(from, doc.length));
  const end = Math.max(start, Math.min(to, doc.length));
  if (start < end) return { from: start, to: end };
  const line = doc.lineAt(start);
  if (start < line.to) return { from: start, to: start + 1 };
  return { from: Math.max(line.from, start - 1), to: start };
}
