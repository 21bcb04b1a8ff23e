import { endpointOf } from "./ip-address.ts";
import type { SuricataAlert } from "./suricata-alert.ts";

const signature =
  /\[(\d{1,10}):(\d{1,10}):\d{1,10}\] ([^[]*(?:\[(?!\*\*\]|Classification: |Priority: )[^[]*)*)/;
const category = /\[Classification: ([^\]]+)\]/;
const priority = /\[Priority: (\d{1,3})\]/;
const traffic = /\{([\w-]{1,24})\} (\S{2,80}) -> (\S{2,80})/;

/**
 * A line of Suricata's fast.log or of Snort's: `[**] [1:2016184:5] ET … [**] [Classification: …] [Priority: 1]
 * {TCP} 192.0.2.7:4711 -> 198.51.100.2:80`. Its time has no zone and is left out. Looks at 8 KiB at most.
 */
export function parseFastLog(line: string): SuricataAlert | undefined {
  const looked = line.slice(0, 8_192);
  const [, gid, signatureId, text] = signature.exec(looked) ?? [];
  const [, protocol, from = "", to = ""] = traffic.exec(looked) ?? [];
  if (!gid || !signatureId || !text?.trim() || !protocol) return undefined;
  const number = priority.exec(looked)?.[1];
  return {
    gid,
    signatureId,
    signature: text.trim(),
    category: category.exec(looked)?.[1],
    priority: number === undefined ? undefined : Number(number),
    protocol,
    source: endpointOf(from),
    destination: endpointOf(to),
  };
}
