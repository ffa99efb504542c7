import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import cached from "virtual:schema";

/** One normalised cache: a thing is kept once, by its id. Ids beneath an instant name it, so then and now stay apart. */
export function keptByIds() {
  const query = cached.schema.__schema.types.find((type) => type.name === "Query");
  const fields = query && "fields" in query ? query.fields : [];
  const lists = fields.filter((field) => field.args.some((argument) => argument.name === "after"));
  return cacheExchange({
    schema: cached.schema,
    keys: Object.fromEntries(cached.withoutIds.map((name) => [name, () => null])),
    resolvers: { Query: Object.fromEntries(lists.map((field) => [field.name, relayPagination()])) },
  });
}
