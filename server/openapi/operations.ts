import { accessOperations } from "./access-operations.ts";
import { alertOperations } from "./alert-operations.ts";
import { alertmanagerOperations } from "./alertmanager-operations.ts";
import { exportOperations } from "./export-operations.ts";
import { intakeOperations } from "./intake-operations.ts";
import { itemOperations } from "./item-operations.ts";
import type { Operation } from "./operation.ts";
import { policyOperations } from "./policy-operations.ts";
import { queueOperations } from "./queue-operations.ts";
import { senderOperations } from "./sender-operations.ts";
import { serverOperations } from "./server-operations.ts";
import { silenceOperations } from "./silence-operations.ts";
import { standInOperations } from "./stand-in-operations.ts";

/** Every call that the server answers, but for the pages and the document itself. */
export const operations: readonly Operation[] = [
  ...alertOperations,
  ...senderOperations,
  ...alertmanagerOperations,
  ...standInOperations,
  ...queueOperations,
  ...itemOperations,
  ...silenceOperations,
  ...intakeOperations,
  ...exportOperations,
  ...policyOperations,
  ...accessOperations,
  ...serverOperations,
];
