import type { ChildProcess } from "node:child_process";
import { appendFile, copyFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { StoredAlert } from "../../shared/group.ts";
import { allGroups, originalsOf } from "../e2e/stored-state.ts";
import { gather, startCli } from "./run-cli.ts";

/** A file shipper as a process of its own. */
export interface Shipper {
  stdout(): string;
  stderr(): string;
  /** Its exit code, null after SIGKILL. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
  ended: Promise<number | null>;
}

const living = new Set<ChildProcess>();
afterEach(() => {
  for (const child of living) child.kill("SIGKILL");
});

export function startShipper(args: string[], env: Record<string, string>): Shipper {
  const child = startCli(["ship", ...args], { env });
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  living.add(child);
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (code) => {
      living.delete(child);
      resolve(code);
    });
  });
  return {
    stdout,
    stderr,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** A log of numbered alerts of one source, one line each. */
export function createLog(folder: string, source: string, name = `${source}.json`) {
  const path = join(folder, name);
  let written = 0;
  const line = () => {
    written += 1;
    return alertLine(source, written);
  };
  return {
    path,
    get written() {
      return written;
    },
    /** Appends lines; the last one without its end where `isCut`. Gives the rest of that. */
    add: async (count: number, isCut = false): Promise<string> => {
      const lines = Array.from({ length: count }, line);
      const text = `${lines.join("\n")}\n`;
      const cut = isCut ? text.length - 40 : text.length;
      await appendFile(path, text.slice(0, cut));
      return text.slice(cut);
    },
    append: (text: string) => appendFile(path, text),
    rotate: async (to: string) => {
      await rename(path, join(folder, to));
      await writeFile(path, "");
    },
    copyAndTruncate: async (to: string) => {
      await copyFile(path, join(folder, to));
      await truncate(path, 0);
    },
  };
}

export function alertLine(source: string, n: number): string {
  return JSON.stringify({
    source,
    rule: `rule-${n % 3}`,
    title: `Line ${n}`,
    severity: "low",
    labels: { n: String(n) },
  });
}

/** The numbers of the stored alerts of a source in order, such as `1-5 7 7`: six is lost, seven doubled. */
export async function storedNumbers(url: string, source: string): Promise<string> {
  const groups = (await allGroups(url)).filter((group) => group.source === source);
  const stored: StoredAlert[] = [...(await originalsOf(url, groups)).values()].flat();
  return spans(stored.map(({ original }) => Number(JSON.parse(original).labels.n)));
}

function spans(numbers: number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers.sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === n - 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(" ");
}
