/** One verb of the command line. */
export interface Verb {
  /** The one line of help, without the program's name: `ack ID… [--note TEXT]`. */
  usage: string;
  /** What `--help` says below it. */
  help: string;
  /** @returns the exit code: 0, or 1 when some of it was refused and said so */
  run(args: string[]): Promise<number>;
}

/** The command cannot be understood; ends with 2 and the line of help. */
export class UsageError extends Error {}

/** It cannot be done; ends with 1 and its sentence. */
export class CliError extends Error {}
