import names from "virtual:names/zh";
import hall from "./zh/hall.json";
import shell from "./zh/shell.json";

export default { names, hall, shell };
