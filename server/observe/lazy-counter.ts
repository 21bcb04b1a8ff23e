import { Counter, type Registry } from "prom-client";

type Labels = Readonly<Record<string, string>>;

/** A counter whose numbers are kept elsewhere as plain ones and read when somebody asks. Equal labels are added up. */
export function lazyCounter(
  registry: Registry,
  { name, help, labelNames = [] }: { name: string; help: string; labelNames?: readonly string[] },
  read: () => Iterable<readonly [Labels, number]>,
): void {
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.inc(labels, value);
    },
  });
}

/** The same for a counter without labels. */
export function lazyTotal(registry: Registry, name: string, help: string, read: () => number): void {
  lazyCounter(registry, { name, help }, () => [[{}, read()]]);
}
