// Writes the Java classes that Modelina makes of an AsyncAPI document into a folder; prints what they are called, and which
// of them are enumerations.
import { JavaFileGenerator } from "@asyncapi/modelina";
import { Parser, fromFile } from "@asyncapi/parser";

const [, , path, folder] = process.argv;
const { document } = await fromFile(new Parser(), path).parse();
const models = await new JavaFileGenerator().generateToFiles(document, folder, { packageName: "shangliang" });
const found = {
  names: models.map(({ modelName }) => modelName),
  enumerations: models.filter(({ result }) => /\benum\b/.test(result)).map(({ modelName }) => modelName),
};
process.stdout.write(JSON.stringify(found));
