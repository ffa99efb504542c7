import names from "virtual:names/en";
import approvals from "./en/approvals.json";
import auditor from "./en/auditor.json";
import cadre from "./en/cadre.json";
import department from "./en/department.json";
import desk from "./en/desk.json";
import duty from "./en/duty.json";
import events from "./en/events.json";
import hall from "./en/hall.json";
import operator from "./en/operator.json";
import parts from "./en/parts.json";
import plans from "./en/plans.json";
import registry from "./en/registry.json";
import resident from "./en/resident.json";
import shell from "./en/shell.json";

export default {
  names,
  approvals,
  auditor,
  cadre,
  department,
  desk,
  duty,
  events,
  hall,
  operator,
  parts,
  plans,
  registry,
  resident,
  shell,
};
