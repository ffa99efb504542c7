// What the pages take from the API's schema, as modules: names of enum values in both languages, and what the
// client's cache knows of types.
import { readFileSync } from "node:fs";
import { minifyIntrospectionQuery } from "@urql/introspection";
import { buildSchema, introspectionFromSchema, isEnumType, isObjectType } from "graphql";

// A value's description begins with its names: "已列入 (Listed). It stands in …".
const NAMES = /^(.+?) \((.+?)\)(?:\.|$)/;

export function names(schema) {
  const found = { zh: {}, en: {} };
  for (const type of Object.values(schema.getTypeMap()).filter((each) => isEnumType(each) && !each.name.startsWith("__"))) {
    found.zh[type.name] = {};
    found.en[type.name] = {};
    for (const { name, description } of type.getValues()) {
      const [, zh = name, en = name] = NAMES.exec(description ?? "") ?? [];
      found.zh[type.name][name] = zh;
      found.en[type.name][name] = en;
    }
  }
  return found;
}

// Types without an id belong to what they stand in.
export function withoutIds(schema) {
  const types = Object.values(schema.getTypeMap()).filter((each) => isObjectType(each) && !each.name.startsWith("__"));
  const roots = new Set(["Query", "Mutation", "Subscription"]);
  return types.filter((type) => !roots.has(type.name) && !type.getFields().id).map((type) => type.name);
}

export function schemaModules(file) {
  const schema = buildSchema(readFileSync(file, "utf8"));
  const { zh, en } = names(schema);
  const cached = {
    schema: minifyIntrospectionQuery(introspectionFromSchema(schema)),
    withoutIds: withoutIds(schema),
  };
  const modules = { "virtual:names/zh": zh, "virtual:names/en": en, "virtual:schema": cached };
  return {
    name: "schema-modules",
    resolveId: (id) => (id in modules ? `\0${id}` : undefined),
    load(id) {
      const content = modules[id.slice(1)];
      return id.startsWith("\0virtual:") && content ? `export default ${JSON.stringify(content)}` : undefined;
    },
  };
}
