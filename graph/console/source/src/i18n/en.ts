import names from "virtual:names/en";
import hall from "./en/hall.json";
import shell from "./en/shell.json";

export default { names, hall, shell };
