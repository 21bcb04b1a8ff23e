const errorResponse = "E".charCodeAt(0);

/**
 * What the database said in the answer when it gave up: PostgreSQL ends its process upon such an error, because its
 * memory may not be as its files are, while PGlite only reports it. Null for any other answer.
 */
export function fatalMessage(answer: Uint8Array): string | null {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  // Each message is a letter and a length that counts itself.
  for (let at = 0; at + 5 <= answer.length; at += 1 + view.getUint32(at + 1)) {
    if (answer[at] !== errorResponse) continue;
    const fields = fieldsOf(answer.subarray(at + 5, at + 1 + view.getUint32(at + 1)));
    if (fields.V === "PANIC" || fields.V === "FATAL") return fields.M ?? "it gave up";
  }
  return null;
}

/** Fields of an error: a letter and a text that ends with a zero; V is the severity, M the message. */
function fieldsOf(body: Uint8Array): { V?: string; M?: string } {
  const texts = Buffer.from(body).toString("utf8").split("\0");
  const find = (name: string) => texts.find((text) => text.startsWith(name))?.slice(1);
  const [severity, message] = [find("V"), find("M")];
  return { ...(severity !== undefined && { V: severity }), ...(message !== undefined && { M: message }) };
}
