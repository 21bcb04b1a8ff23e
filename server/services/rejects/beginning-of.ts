import { constants, gunzipSync } from "node:zlib";

const mostBytes = 1_024;

/** The beginning of a body that could not be unpacked as a whole: unpacked as far as a little of it goes. */
export function beginningOf(request: { body: Buffer; contentEncoding: string | null }): Buffer {
  const head = Buffer.from(request.body.subarray(0, mostBytes));
  if (!/gzip/i.test(request.contentEncoding ?? "")) return head;
  try {
    // A kilobyte of gzip unpacks to a megabyte at the most.
    return Buffer.from(
      gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 * 1024 * 1024 }).subarray(
        0,
        mostBytes,
      ),
    );
  } catch {
    return head;
  }
}
