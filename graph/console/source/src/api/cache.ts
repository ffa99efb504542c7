import { cacheExchange, type Cache, type UpdatesConfig } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import cached from "virtual:schema";

/**
 * One normalised cache: a thing is kept once, by its id. Ids beneath an instant name it, so then and now stay apart.
 * After an act everything that is on the page is asked for again: which lists it belongs to now is the server's to say.
 */
export function keptByIds() {
  const query = cached.schema.__schema.types.find((type) => type.name === "Query");
  const mutation = cached.schema.__schema.types.find((type) => type.name === "Mutation");
  const fields = (type: typeof query) => (type && "fields" in type ? type.fields : []);
  const lists = fields(query).filter((field) => field.args.some((argument) => argument.name === "after"));
  const updates: UpdatesConfig = {
    Mutation: Object.fromEntries(fields(mutation).map((field) => [field.name, (_r: unknown, _a: unknown, cache: Cache) => askAgain(cache)])),
  };
  return cacheExchange({
    schema: cached.schema,
    keys: Object.fromEntries(cached.withoutIds.map((name) => [name, () => null])),
    resolvers: { Query: Object.fromEntries(lists.map((field) => [field.name, relayPagination()])) },
    updates,
  });
}

function askAgain(cache: Cache): void {
  for (const field of cache.inspectFields("Query")) {
    cache.invalidate("Query", field.fieldName, field.arguments);
  }
}
