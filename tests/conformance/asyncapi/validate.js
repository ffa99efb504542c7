// Prints what Ajv in strict mode has against each schema of a folder, and against messages that are to be of one: those
// that stand on standard input, as [file name, message].
import { readFileSync, readdirSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [, , folder] = process.argv;
const ajv = new Ajv2020.default({ strict: true, allErrors: true });
addFormats.default(ajv);
const complaints = [];
const compiled = new Map();
for (const name of readdirSync(folder)) {
  try {
    compiled.set(name, ajv.compile(JSON.parse(readFileSync(`${folder}/${name}`))));
  } catch (error) {
    complaints.push(`${name}: ${error.message}`);
  }
}
for (const [name, message] of JSON.parse(readFileSync(0))) {
  const validate = compiled.get(name);
  if (validate && !validate(message)) complaints.push(`${name}: ${ajv.errorsText(validate.errors)}`);
}
process.stdout.write(JSON.stringify({ schemas: [...compiled.keys()], complaints }));
