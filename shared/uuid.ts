const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function format(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < 16; i += 1) {
    text += hex[bytes[i] ?? 0];
    if (i === 3 || i === 5 || i === 7 || i === 9) text += "-";
  }
  return text;
}

function fresh(now: number): Uint8Array<ArrayBuffer> {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now >>> 0);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return bytes;
}

/** A UUIDv7 (RFC 9562) of the given epoch milliseconds. */
export function uuidv7(now: number): string {
  return format(fresh(now));
}

/** The smallest UUIDv7 of a millisecond; a bound for ranges by time. */
export function firstUuidOf(now: number): string {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now >>> 0);
  return format(bytes);
}

/** Epoch milliseconds in a UUIDv7. */
export function timeOfUuid(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Alerts a chunk of the log can number. */
export const chunkCapacity = 2 ** 20;

/** An id for a chunk of the log: a UUIDv7 whose low 20 bits are zero. */
export function chunkUuid(now: number): string {
  return `${uuidv7(now).slice(0, 31)}00000`;
}

/** The id of an alert: its chunk's id with its place in the chunk in the low 20 bits. */
export function alertUuid(chunk: string, place: number): string {
  return chunk.slice(0, 31) + place.toString(16).padStart(5, "0");
}

export function chunkOfAlert(alert: string): { chunk: string; place: number } {
  return { chunk: `${alert.slice(0, 31)}00000`, place: Number.parseInt(alert.slice(31), 16) };
}
