// Code generation writes the documents of all pages into one file. The bundle has each as a module of its own, so that it
// lies in the chunk of the page that asks it, once, and in the first view only where that asks it.
import { readFileSync } from "node:fs";
import { stripIgnoredCharacters } from "graphql";

const GENERATED = /\/generated\/graphql\.ts$/;
const OPERATION = /^export const (\w+Document) = new TypedDocumentString\(`([^`]*)`/gm;
const MODULE = "virtual:document/";

/** The text of each operation, by the name of its export. */
export function documentsIn(code) {
  return new Map([...code.matchAll(OPERATION)].map(([, name, text]) => [name, text]));
}

export function documents() {
  let texts = new Map();
  return {
    name: "documents",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(MODULE) ? `\0${id}` : undefined),
    load(id) {
      if (GENERATED.test(id)) {
        texts = documentsIn(readFileSync(id, "utf8"));
        const code = [...texts.keys()].map((name) => `export { ${name} } from "${MODULE}${name}";`).join("\n");
        return { code, moduleSideEffects: false };
      }
      if (id.startsWith(`\0${MODULE}`)) {
        const name = id.slice(MODULE.length + 1);
        const text = stripIgnoredCharacters(texts.get(name));
        return { code: `export const ${name} = new String(${JSON.stringify(text)});`, moduleSideEffects: false };
      }
      return undefined;
    },
  };
}
