import names from "virtual:names/zh";
import approvals from "./zh/approvals.json";
import cadre from "./zh/cadre.json";
import desk from "./zh/desk.json";
import duty from "./zh/duty.json";
import hall from "./zh/hall.json";
import parts from "./zh/parts.json";
import plans from "./zh/plans.json";
import registry from "./zh/registry.json";
import resident from "./zh/resident.json";
import shell from "./zh/shell.json";

export default {
  names,
  approvals,
  cadre,
  desk,
  duty,
  hall,
  parts,
  plans,
  registry,
  resident,
  shell,
};
