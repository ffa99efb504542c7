import type { DeskArea } from "./area";
import * as approvals from "./approvals/routes";
import * as auditor from "./auditor/routes";
import * as cadre from "./cadre/routes";
import * as department from "./department/routes";
import * as duty from "./duty/routes";
import * as operator from "./operator/routes";
import * as plans from "./plans/routes";
import * as registry from "./registry/routes";
import * as resident from "./resident/routes";

/** The areas of the desk, in the order of its navigation. */
export const areas: readonly DeskArea[] = [
  resident,
  cadre,
  department,
  plans,
  approvals,
  registry,
  duty,
  operator,
  auditor,
];
