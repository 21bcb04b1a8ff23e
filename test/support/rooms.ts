/** What a room may import besides itself and `shared`; `type X` allows types of X only. */
const base = ["server/errors", "server/clock", "server/log", "server/observe"];
const contextual = [...base, "server/env", "server/parse", "server/context"];
const store = ["server/db", "server/live"];
const pure = ["server/adapters", "server/triage", "server/rules", "server/quality"];
const verbs = ["server/services", "server/intake", "server/auth"];
const served = [...contextual, ...store, ...verbs, "server/adapters"];
const wiring = [...served, ...pure, "server/compat", "server/routes", "server/jobs"];
const pages = ["extension/components", "extension/state", "extension/lib", "extension/messages", "shared/ui"];

export const rooms: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  "shared/ui": [],

  "server/errors": [],
  "server/clock": [],
  "server/log": [],
  "server/observe": [],
  "server/parse": ["server/errors"],
  "server/env": ["server/errors", "server/log"],
  "server/context": [...base, "type server/env", "type server/db", "type server/intake", "type server/live"],
  "server/adapters": ["server/errors"],
  "server/triage": ["server/errors"],
  "server/rules": ["server/errors"],
  "server/quality": ["server/errors"],
  // A column holds what triage remembers of a group.
  "server/db": ["server/errors", "type server/triage"],
  "server/live": [...base, "type server/context"],
  "server/intake": [...contextual, ...store, ...pure],
  "server/auth": [...contextual, ...store],
  "server/services": [...contextual, ...store, ...pure, "server/intake", "server/auth"],
  "server/jobs": [...contextual, ...store, ...pure, "server/services", "server/intake"],
  "server/compat": [
    ...contextual,
    "server/services",
    "server/intake",
    "server/auth",
    "server/adapters",
    "type server/live",
    "server/routes",
  ],
  // What calls take and answer, as it is described; the inputs and answers of services are part of it.
  "server/openapi": ["server/services"],
  "server/routes": [
    ...contextual,
    "server/services",
    "server/intake",
    "server/auth",
    "type server/live",
    "server/openapi",
  ],
  "server/app": [...served, "server/compat", "server/routes"],
  "server/greet": [...contextual, "server/services", "server/auth"],
  "server/control-socket": [...contextual, "server/services", "server/auth"],
  "server/start-server": [...wiring, "server/app", "server/greet", "server/control-socket"],
  "server/main": [...wiring, "server/start-server"],
  "server/demo": [...wiring, "server/start-server"],
  "server/cli": [...wiring, "server/control-socket", "type server/app"],

  "server/dashboard": [
    "server/dashboard/pages",
    "server/dashboard/components",
    "server/dashboard/state",
    "shared/ui",
  ],
  "server/dashboard/pages": ["server/dashboard/components", "server/dashboard/state", "shared/ui"],
  "server/dashboard/components": ["server/dashboard/state", "shared/ui"],
  "server/dashboard/state": ["shared/ui"],

  "extension/popup": pages,
  "extension/options": pages,
  "extension/background": ["extension/lib", "extension/messages"],
  "extension/components": pages.slice(1),
  "extension/state": ["extension/lib", "extension/messages", "shared/ui"],
  "extension/messages": ["extension/lib"],
  "extension/lib": ["shared/ui"],
};

/** Rooms that may use no other package than these; the others are held by the linter. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  shared: ["valibot"],
  "shared/ui": ["valibot", "preact", "preact/hooks", "@preact/signals"],
  "server/adapters": ["valibot", "node:crypto", "node:net", "node:zlib", "@jmespath-community/jmespath"],
  "server/triage": ["valibot", "node:crypto", "node:net", "ioc-extractor", "re2js"],
  "server/rules": ["valibot", "node:crypto", "node:net"],
  "server/quality": ["valibot", "node:crypto"],
};

/** The room of a file: the nearest folder, or for a file beside the rooms the file itself. */
export function roomOf(path: string): string {
  if (path.startsWith("shared/ui/")) return "shared/ui";
  if (path.startsWith("shared/")) return "shared";
  const dashboard = path.match(/^server\/dashboard(?:\/(?:pages|components|state)(?=\/))?/);
  if (dashboard !== null) return dashboard[0];
  return path.match(/^(?:server|extension)\/[^/.]+/)?.[0] ?? path;
}
