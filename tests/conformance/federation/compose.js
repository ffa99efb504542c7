// Composes the subgraphs in the files given, each named as its file, and plans a query over them; prints errors, hints
// and what the plan fetches in order, as JSON.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { composeServices } from "@apollo/composition";
import { Supergraph, operationFromDocument } from "@apollo/federation-internals";
import { QueryPlanner } from "@apollo/query-planner";
import { parse } from "graphql";

const [query, ...paths] = process.argv.slice(2);
const subgraphs = paths.map((path) => ({
  name: basename(path, ".graphql"),
  typeDefs: parse(readFileSync(path, "utf8")),
}));

function fetched(node) {
  if (node.kind === "Fetch") return [{ subgraph: node.serviceName, operation: node.operation }];
  return (node.nodes ?? [node.node]).flatMap(fetched);
}

function planned(sdl) {
  const supergraph = Supergraph.build(sdl);
  const operation = operationFromDocument(supergraph.apiSchema(), parse(query));
  return fetched(new QueryPlanner(supergraph).buildQueryPlan(operation).node);
}

const { errors = [], hints = [], supergraphSdl } = composeServices(subgraphs);
const fetches = supergraphSdl ? planned(supergraphSdl) : [];
console.log(JSON.stringify({ errors: errors.map(String), hints: hints.map(String), fetches }));
