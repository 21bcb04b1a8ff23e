/** Characters that steer a terminal or change the order of what is read, line and paragraph ends included. */
const steering = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from an alert as a terminal may show it: `\u{1b}` for what would steer it. */
export function escapeControls(text: string): string {
  return text.replace(steering, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON on one line that means the same and steers no terminal. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(steering, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      const unit = character.charCodeAt(i);
      return `\\u${unit.toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}
