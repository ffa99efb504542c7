// urql with its normalized cache, told which types have no id: all without a field of that name.
import { readFileSync } from "node:fs";
import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { buildSchema, isObjectType } from "graphql";
import { AGAIN, THEN_AND_NOW, endpoint, tell, variables } from "./asked.mjs";

const types = Object.values(buildSchema(readFileSync(process.argv[4], "utf8")).getTypeMap());
const embedded = types.filter((type) => isObjectType(type) && !("id" in type.getFields()));
const keys = Object.fromEntries(embedded.map((type) => [type.name, () => null]));
const client = new Client({ url: endpoint, preferGetMethod: false, exchanges: [cacheExchange({ keys }), fetchExchange] });

async function ask(query, given, requestPolicy) {
  const { data, error } = await client.query(query, given, { requestPolicy }).toPromise();
  if (error) throw error;
  return data;
}
const held = () => ask(THEN_AND_NOW, variables, "cache-only");

const came = await ask(THEN_AND_NOW, variables, "network-only");
const before = await held();
const again = await ask(AGAIN, { id: came.topicThen.id }, "network-only");
tell(came, before, again, await held());
