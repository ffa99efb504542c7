import names from "virtual:names/en";
import desk from "./en/desk.json";
import hall from "./en/hall.json";
import parts from "./en/parts.json";
import resident from "./en/resident.json";
import shell from "./en/shell.json";

export default {
  names,
  desk,
  hall,
  parts,
  resident,
  shell,
};
