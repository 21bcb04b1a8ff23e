import { readText } from "../support/source-files.ts";

/** A code block of a page of the documents. */
export interface Snippet {
  language: string;
  text: string;
}

const page = "docs/sending-alerts.md";

export function snippetsOfPage(): Snippet[] {
  const blocks = readText(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language = "", text = ""]) => ({ language, text }));
}

/**
 * The one code block of the page that holds `mark`, with what a test has in other places put into it; each of
 * those has to stand in the block.
 */
export function snippet(mark: string, replacements: Readonly<Record<string, string>>): string {
  const found = snippetsOfPage().filter(({ text }) => text.includes(mark));
  const [only] = found;
  if (found.length !== 1 || only === undefined)
    throw new Error(`${found.length} blocks of ${page} hold ${mark}`);
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the block with ${mark} does not hold ${from}`);
    return text.replaceAll(from, to);
  }, only.text);
}
