import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runStep } from "./run-step.mjs";

/** What the tests use besides Node, by Debian's package and what shows that it is there. */
const packages = {
  chromium: () => isCommand("chromium"),
  "chromium-sandbox": () => existsSync("/usr/lib/chromium/chrome-sandbox"),
  curl: () => isCommand("curl"),
  fail2ban: () => isCommand("fail2ban-server"),
  "firefox-esr": () => isCommand("firefox-esr"),
  "fonts-dejavu-core": () => existsSync("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
  postgresql: hasPostgres,
  prometheus: () => isCommand("prometheus"),
  "prometheus-alertmanager": () => isCommand("prometheus-alertmanager") && isCommand("amtool"),
  rsyslog: () => existsSync("/usr/sbin/rsyslogd"),
};

/** Keeps Debian from starting the services of what it installs; a policy that is there stays. */
const script = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "$@"
`;

/** @returns {Promise<string[]>} what is still missing after trying to install it */
export async function installDebianPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return [];
  const shell = ["sh", "-c", script, "sh", ...missing];
  if (isCommand("apt-get") && process.getuid?.() === 0) await runStep(shell[0], shell.slice(1));
  else if (isCommand("apt-get") && (await hasSudo())) await runStep("sudo", ["-n", ...shell]);
  return missingPackages();
}

function missingPackages() {
  return Object.keys(packages).filter((name) => !packages[name]());
}

function isCommand(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasPostgres() {
  const folder = "/usr/lib/postgresql";
  return (
    existsSync(folder) &&
    readdirSync(folder).some((version) => existsSync(join(folder, version, "bin/initdb")))
  );
}

async function hasSudo() {
  return isCommand("sudo") && (await runStep("sudo", ["-n", "true"])) === 0;
}
