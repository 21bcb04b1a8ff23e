/** What a column of text does not hold is shown as such; a message may quote anything that was sent. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
