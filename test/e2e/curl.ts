import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Posts an alert as the README shows it. */
export async function curlAlert(url: string, token: string, alert: object): Promise<void> {
  const { stdout } = await run("curl", [
    ...["-sS", "--fail-with-body", `${url}/api/v1/alerts`, "-H", `Authorization: Bearer ${token}`],
    ...["-H", "Content-Type: application/json", "-d", JSON.stringify(alert)],
  ]);
  if (JSON.parse(stdout).accepted !== 1) throw new Error(`not accepted: ${stdout}`);
}
