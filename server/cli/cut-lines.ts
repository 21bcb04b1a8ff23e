import { createPieceCollector, type Piece } from "./piece-collector.ts";

/** Lines without their ends, numbered from 0, blank ones too. */
export async function* cutLines(input: AsyncIterable<Buffer>, most: number): AsyncGenerator<Piece> {
  const collector = createPieceCollector(most);
  let line = 0;
  for await (const bytes of input) {
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, from)) {
      collector.add(bytes.subarray(from, end));
      from = end + 1;
      yield collector.take(line++);
    }
    collector.add(bytes.subarray(from));
  }
  if (!collector.isEmpty) yield collector.take(line);
}
