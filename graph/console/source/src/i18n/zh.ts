import names from "virtual:names/zh";
import desk from "./zh/desk.json";
import hall from "./zh/hall.json";
import parts from "./zh/parts.json";
import resident from "./zh/resident.json";
import shell from "./zh/shell.json";

export default {
  names,
  desk,
  hall,
  parts,
  resident,
  shell,
};
