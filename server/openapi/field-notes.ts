/** What a name alone does not say, by component and field. */
export const fieldNotes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AlertInput: {
    source: "The tool that reports.",
    rule: "What it saw, as the tool itself names it; with the source it makes the detector.",
    environment: "Found by the policy when left out.",
    service: "Found by the policy when left out.",
    occurredAt: "The time of receipt when left out; more than five minutes ahead is taken as now.",
    status: "Firing when left out.",
    dedupKey: "Identity chosen by the sender; computed when left out.",
    entities: "More are found in the text fields.",
    techniques: "ATT&CK ids such as T1110.003.",
    links: "Only http and https are shown.",
    raw: "Any JSON; kept as it is.",
  },
  IntakeAnswer: {
    rejected: "Alerts that were not taken; the others of the request were.",
    receipt: "Place of the first alert in the log.",
    groups: "Only with the header Prefer: wait; what was not triaged in time is missing.",
  },
  Item: {
    version: "Moves with what people see and decide, not with every alert.",
    band: "P1 interrupts now, P2 is badged, P3 waits, P4 goes to the digest, P5 is only recorded.",
    score: "0 to 100; the sum of the factors.",
    cleared: "The sender says that it is over.",
    hidden: "What hides it and why; null when it is shown.",
    count: "Alerts taken in.",
    occurrences: "Alerts without the repeats that a format defines as heartbeats.",
    entities: "At most eight, targets first.",
    drill: "Part of a rehearsed attack.",
  },
  ItemDetail: {
    allEntities: "At most 64; entityCount says how many there were.",
    environmentBecause: "How the environment was found.",
  },
  QueueAnswer: {
    next: "The cursor of the next page; null on the last one.",
    version: "Moves whenever anything in the scope of the caller changed.",
  },
  StoredAlert: { original: "The text as it was received." },
  TimelineEntry: {
    actor: "A person's name, or quietwatch.",
    actionId: "Set while the caller can still take it back.",
  },
  FunnelReport: {
    received: "Alerts accepted.",
    groups: "Groups that got at least one alert.",
    shown: "Times a group came before a person.",
    acted: "Groups a person did something with.",
    real: "Groups resolved as a true positive.",
    hidden: "Groups hidden now.",
  },
  CreateTokenInput: {
    environments: "What it reaches; null is all of them.",
    services: "What it reaches; null is all of them.",
    severityCeiling: "Alerts it sends count as no worse than this.",
    expiresIn: "A duration such as 30d; from 1m to 365d.",
  },
  TokenCreated: { token: "The secret. It is shown in this answer and never again." },
  CreateSilenceInput: {
    matchers:
      "All have to hold. The names source, rule, environment, service, severity and title are fields, every other is a label; what is not there is empty text. A regular expression is RE2's and has to match the whole value.",
    startsAt: "Now when left out.",
    endsAt: "At most 90 days after the start.",
  },
  Silence: {
    createdBy: "Whom a client of the Alertmanager stand-in named.",
    environments: "What it may hide: what its author reached; null is everything.",
    overCritical: "It may hide what is production critical, because an administrator made it.",
    hides: "Groups in the scope of the caller that it hides now.",
  },
  AssignInput: { to: "Null takes the owner away." },
  BulkInput: { input: "What the single action takes." },
};
