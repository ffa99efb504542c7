import names from "virtual:names/zh";
import approvals from "./zh/approvals.json";
import auditor from "./zh/auditor.json";
import cadre from "./zh/cadre.json";
import department from "./zh/department.json";
import desk from "./zh/desk.json";
import duty from "./zh/duty.json";
import events from "./zh/events.json";
import hall from "./zh/hall.json";
import operator from "./zh/operator.json";
import parts from "./zh/parts.json";
import plans from "./zh/plans.json";
import registry from "./zh/registry.json";
import resident from "./zh/resident.json";
import shell from "./zh/shell.json";

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
