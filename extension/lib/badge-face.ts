import { bands, type Item } from "../../shared/group.ts";
import { needsPerson } from "./snapshot.ts";
import type { LinkState } from "./storage.ts";

export interface BadgeFace {
  text: string;
  colour: string;
  title: string;
}

const quiet = "#4b5563";
const colours: Readonly<Record<string, string>> = { P1: "#b91f27", P2: "#9a4708" };

function plural(count: number): string {
  return count === 1 ? "1 needs you" : `${count} need you`;
}

/** What the toolbar shows: the number that needs a person, or that the number cannot be known. */
export function badgeFace(link: LinkState, items: readonly Item[]): BadgeFace {
  const needing = items.filter(needsPerson);
  const warn = (title: string) => ({ text: "!", colour: quiet, title: `Quietwatch: ${title}` });
  if (link.state === "no-server") return { text: "", colour: quiet, title: "Quietwatch: not set up" };
  if (link.state === "signed-out") return warn("signed out");
  if (link.state === "no-permission") return warn("not allowed to reach the server");
  if (link.state === "offline") {
    const known = needing.length === 0 ? "" : `, ${plural(needing.length)} as last known`;
    return warn(`server not reachable${known}`);
  }
  if (needing.length === 0) return { text: "", colour: quiet, title: "Quietwatch: nothing needs you" };
  const worst = bands.find((band) => needing.some((item) => item.band === band)) ?? "P3";
  return {
    text: needing.length > 99 ? "99+" : String(needing.length),
    colour: colours[worst] ?? quiet,
    title: `Quietwatch: ${plural(needing.length)}, worst ${worst}`,
  };
}
