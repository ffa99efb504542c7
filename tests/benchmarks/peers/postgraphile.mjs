// PostGraphile 5 over the same tables, on Node's own HTTP server.
import { createServer } from "node:http";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { postgraphile } from "postgraphile";
import { grafserv } from "postgraphile/grafserv/node";
import { addPgTableOrderBy, orderByAscDesc } from "postgraphile/utils";
import { TYPES } from "postgraphile/@dataplan/pg";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const { DATABASE_URL, PORT, CONNECTIONS } = process.env;

const bySessionTime = addPgTableOrderBy({ schemaName: "public", tableName: "session_topic" }, ({ sql }) =>
  orderByAscDesc("SCHEDULED_AT", (rows) => ({
    fragment: sql`(select session.scheduled_at from public.session where session.id = ${rows.alias}.session_id)`,
    codec: TYPES.timestamptz,
  })),
);

const leadFirst = addPgTableOrderBy({ schemaName: "public", tableName: "involvement" }, ({ sql }) =>
  orderByAscDesc("ROLE_RANK", (rows) => ({
    fragment: sql`array_position(array['LEAD', 'SUPPORT', 'INFORMED'], ${rows.alias}.role::text)`,
    codec: TYPES.int,
  })),
);

const preset = {
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  plugins: [bySessionTime, leadFirst],
  disablePlugins: ["PgIndexBehaviorsPlugin"], // filter and order by columns without an index of their own too
  pgServices: [
    makePgService({
      connectionString: DATABASE_URL,
      schemas: ["public", "peer"],
      poolConfig: { max: Number(CONNECTIONS), min: Number(CONNECTIONS) },
    }),
  ],
  grafserv: { port: Number(PORT), host: "127.0.0.1", graphqlPath: "/graphql", graphiql: false, watch: false },
  grafast: { explain: false },
};

const instance = postgraphile(preset).createServ(grafserv);
const server = createServer();
server.once("listening", () => server.on("error", () => {}));
await instance.addTo(server);
server.listen(Number(PORT), "127.0.0.1");
