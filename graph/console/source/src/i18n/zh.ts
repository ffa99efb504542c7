import names from "virtual:names/zh";
import cadre from "./zh/cadre.json";
import desk from "./zh/desk.json";
import hall from "./zh/hall.json";
import parts from "./zh/parts.json";
import plans from "./zh/plans.json";
import resident from "./zh/resident.json";
import shell from "./zh/shell.json";

export default {
  names,
  cadre,
  desk,
  hall,
  parts,
  plans,
  resident,
  shell,
};
