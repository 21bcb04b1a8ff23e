/** Control, zero-width and direction characters that make a text read as another one. */
const deceptive = /(?![\n\t\u200d])[\p{Cc}\p{Cf}]/gu;

/** Names what cannot be seen, as in `⟨202E⟩`, so that an alert cannot disguise a host or a file name. */
export function showControls(text: string): string {
  return text.replace(deceptive, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨${code}⟩`;
  });
}

/** A title as it is shown; one of blanks only would leave nothing to press. */
export function titleText(title: string): string {
  return title.trim() === "" ? "(no title)" : showControls(title);
}
