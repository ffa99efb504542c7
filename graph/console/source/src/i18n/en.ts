import names from "virtual:names/en";
import cadre from "./en/cadre.json";
import desk from "./en/desk.json";
import hall from "./en/hall.json";
import parts from "./en/parts.json";
import plans from "./en/plans.json";
import resident from "./en/resident.json";
import shell from "./en/shell.json";

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
