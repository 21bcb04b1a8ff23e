import type { Counts } from "../../shared/queue.ts";
import type { LinkState } from "./storage.ts";

export interface Headline {
  text: string;
  /** What stands beside it, quieter; empty when there is nothing to add. */
  aside: string;
  tone: "live" | "waiting" | "failing";
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const plain = new Intl.NumberFormat("en");

function needSentence(needing: number, isMore: boolean): string {
  if (isMore) return `More than ${needing} need you`;
  if (needing === 0) return "Nothing needs you.";
  return needing === 1 ? "1 needs you" : `${needing} need you`;
}

/** The first words of the popup; null counts mean that nothing is known yet. */
export function headline(link: LinkState, needing: number, counts: Counts | null, isMore = false): Headline {
  if (link.state === "no-server") return { text: "Not set up yet", aside: "", tone: "waiting" };
  if (link.state === "signed-out") return { text: "Signed out", aside: "", tone: "failing" };
  if (link.state === "no-permission") return { text: "Not allowed", aside: "", tone: "failing" };
  if (link.state === "offline") {
    return { text: "Server not reachable", aside: `since ${clock.format(link.since)}`, tone: "failing" };
  }
  if (counts === null) return { text: "Reading the queue", aside: "", tone: "waiting" };
  return {
    text: needSentence(needing, isMore),
    aside: "",
    tone: link.state === "starting" ? "waiting" : "live",
  };
}

/** What was kept away from the reader, as a sentence. */
export function keptAway(counts: Counts): string {
  const parts = [`${plain.format(counts.hidden)} hidden`, `${plain.format(counts.P4)} in the digest`];
  if (counts.P5 > 0) parts.push(`${plain.format(counts.P5)} only recorded`);
  return `Kept away from you: ${parts.join(", ")}.`;
}
