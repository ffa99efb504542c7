// Mercurius on Fastify: compiled queries (JIT), a loader for each relation, named prepared statements.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const { DATABASE_URL, PORT, CONNECTIONS } = process.env;

// Instants as ISO 8601 text straight from PostgreSQL's own, and counts as numbers.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.slice(0, 10)}T${text.slice(11)}:00`);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(CONNECTIONS),
  min: Number(CONNECTIONS),
  options: "-c timezone=UTC -c jit=off",
});

const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const schema = `
  scalar DateTime
  scalar DivisionCode
  enum Direction { ASC DESC }
  enum TopicStatus { PROPOSED LISTED SCHEDULED DELIBERATED IMPLEMENTING RESOLVED WITHDRAWN }
  input TopicKey { number: String! }
  input TopicFilter { within: DivisionCode!, status: [TopicStatus!] }
  input TopicOrder { proposedAt: Direction! }
  type Query {
    division(code: DivisionCode!): Division
    topic(by: TopicKey!): Topic
    topics(filter: TopicFilter!, orderBy: [TopicOrder!], first: Int!): TopicConnection!
  }
  type Mutation {
    raiseMatter(input: RaiseMatterInput!): RaiseMatterPayload!
    proposeTopic(input: ProposeTopicInput!): TopicPayload!
    listTopic(input: ListTopicInput!): TopicPayload!
    scheduleSession(input: ScheduleSessionInput!): SessionPayload!
    recordSession(input: RecordSessionInput!): SessionPayload!
    resolveTopic(input: ResolveTopicInput!): TopicPayload!
  }
  input RaiseMatterInput {
    platform: ID!, title: String!, description: String!, category: String!, nature: String, terms: String!
  }
  input ProposeTopicInput {
    platform: ID!, title: String!, summary: String, kind: String!, category: String!, terms: String!
  }
  input ListTopicInput { topic: ID! }
  input ScheduleSessionInput {
    platform: ID!, topics: [ID!]!, scheduledAt: DateTime!, venue: String!, idempotencyKey: String!
  }
  input RecordSessionInput {
    session: ID!, heldAt: DateTime!, minutes: String, attendances: [AttendanceInput!]!, idempotencyKey: String!
  }
  input AttendanceInput { role: String!, name: String, department: String }
  input ResolveTopicInput { topic: ID!, summary: String!, evidence: [EvidenceInput!]!, idempotencyKey: String! }
  input EvidenceInput { url: String!, sha256: String, note: String }
  type Written { id: ID!, status: String! }
  type Refusal { code: String!, message: String! }
  type RaiseMatterPayload { matter: Written, errors: [Refusal!]! }
  type TopicPayload { topic: Written, errors: [Refusal!]! }
  type SessionPayload { session: Written, errors: [Refusal!]! }
  type Division {
    name: String!
    level: String!
    parent: Division
    children: [Division!]!
    platforms(first: Int!): PlatformConnection!
    statistics: Statistics!
  }
  type Platform { code: String!, name: String!, tier: String!, division: Division!, topics(first: Int!): TopicConnection! }
  type PlatformConnection { nodes: [Platform!]! }
  type Topic {
    id: ID!
    number: String!
    title: String!
    summary: String
    kind: String!
    category: String!
    status: TopicStatus!
    proposedAt: DateTime!
    platform: Platform!
    sessions(first: Int!): SessionConnection!
    involvements: [Involvement!]!
  }
  type TopicConnection { nodes: [Topic!]! }
  type Session { status: String!, scheduledAt: DateTime!, venue: String! }
  type SessionConnection { nodes: [Session!]! }
  type Involvement { role: String!, department: Department! }
  type Department { code: String!, name: String! }
  type Statistics {
    platforms: PlatformCounts!
    topics: TopicCounts!
    sessionsHeld: Int!
    attendances: Int!
    outcomes: Int!
  }
  type PlatformCounts { total: Int! }
  type TopicCounts { total: Int!, key: Int!, micro: Int! }
`;

const DIVISION = "number, upper, name, level, parent_number";
const TOPIC = "id, number, title, summary, kind, category, status, proposed_at, platform_id";
const DIGITS = 12;

/** A list of objects is JSON to the database; pg takes any list for an array. */
const parameter = (value) => (Array.isArray(value) && typeof value[0] === "object" ? JSON.stringify(value) : value);

/** A verb: one call of the function in the database that does it, see writes.sql. */
function verb(gives, name, ...columns) {
  const text = `select id, status from peer.${name}(${columns.map((_, index) => `$${index + 1}`).join(", ")})`;
  return async (_, { input }) => {
    const values = columns.map((column) => parameter(input[column]));
    return { [gives]: (await rows(name, text, values))[0], errors: [] };
  };
}

const resolvers = {
  Mutation: {
    raiseMatter: verb("matter", "raise_matter", "platform", "title", "description", "category", "nature", "terms"),
    proposeTopic: verb("topic", "propose_topic", "platform", "title", "summary", "kind", "category", "terms"),
    listTopic: verb("topic", "list_topic", "topic"),
    scheduleSession: verb(
      "session", "schedule_session", "platform", "topics", "scheduledAt", "venue", "idempotencyKey",
    ),
    recordSession: verb("session", "record_session", "session", "heldAt", "minutes", "attendances", "idempotencyKey"),
    resolveTopic: verb("topic", "resolve_topic", "topic", "summary", "evidence", "idempotencyKey"),
  },
  Query: {
    division: async (_, { code }) =>
      (await rows("division", `select ${DIVISION} from division where code = $1`, [code]))[0] ?? null,
    topic: async (_, { by }) =>
      (await rows("topic", `select ${TOPIC} from topic where number = $1 and listed_at is not null`, [by.number]))[0] ??
      null,
    topics: async (_, { filter, orderBy, first }) => {
      const lower = Number(filter.within.padEnd(DIGITS, "0"));
      const upper = lower + 10 ** (DIGITS - filter.within.length);
      const direction = orderBy?.[0].proposedAt === "DESC" ? "desc" : "asc";
      const text = `select ${TOPIC} from topic
        where division_number >= $1 and division_number < $2 and listed_at is not null
          and ($3::text[] is null or status = any($3))
        order by proposed_at ${direction}, id ${direction} limit $4`;
      return { nodes: await rows(`topics-${direction}`, text, [lower, upper, filter.status ?? null, first]) };
    },
  },
  Topic: { id: (topic) => `topic_${topic.id}`, proposedAt: (topic) => topic.proposed_at },
  Session: { scheduledAt: (session) => session.scheduled_at },
};

/** One row for each key. */
async function ones(name, text, keys) {
  const found = new Map((await rows(name, text, [[...new Set(keys)]])).map((row) => [row.key, row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** The list of each key, in the order that the statement gives. */
async function lists(name, text, keys, ...values) {
  const found = new Map(keys.map((key) => [key, []]));
  for (const row of await rows(name, text, [[...found.keys()], ...values])) found.get(row.key).push(row);
  return keys.map((key) => found.get(key));
}

/** A page for each parent, of the size that all queries of one field ask for. */
async function pages(name, text, queries, key) {
  const found = await lists(name, text, queries.map(({ obj }) => obj[key]), queries[0].params.first);
  return found.map((nodes) => ({ nodes }));
}

const divisions = (queries, key) =>
  ones(
    "division-by-number",
    `select number as key, ${DIVISION} from division where number = any($1::bigint[])`,
    queries.map(({ obj }) => obj[key]),
  );

const loader = (load) => ({ loader: load, opts: { cache: false } });

const loaders = {
  Division: {
    parent: loader((queries) => divisions(queries, "parent_number")),
    children: loader((queries) =>
      lists(
        "children",
        `select parent_number as key, ${DIVISION} from division where parent_number = any($1::bigint[]) order by number`,
        queries.map(({ obj }) => obj.number),
      ),
    ),
    platforms: loader((queries) =>
      pages(
        "platforms",
        `select parent.key, page.* from unnest($1::bigint[]) as parent(key) cross join lateral (
           select id, code, name, tier, division_number from platform where division_number = parent.key
           order by code limit $2) as page`,
        queries,
        "number",
      ),
    ),
    statistics: loader(statistics),
  },
  Platform: {
    division: loader((queries) => divisions(queries, "division_number")),
    topics: loader((queries) =>
      pages(
        "topics-of-platform",
        `select parent.key, page.* from unnest($1::uuid[]) as parent(key) cross join lateral (
           select ${TOPIC} from topic where platform_id = parent.key and listed_at is not null
           order by number limit $2) as page`,
        queries,
        "id",
      ),
    ),
  },
  Topic: {
    platform: loader((queries) =>
      ones(
        "platform-by-id",
        "select id as key, id, code, name, tier, division_number from platform where id = any($1::uuid[])",
        queries.map(({ obj }) => obj.platform_id),
      ),
    ),
    sessions: loader((queries) =>
      pages(
        "sessions-of-topic",
        `select parent.key, page.* from unnest($1::uuid[]) as parent(key) cross join lateral (
           select session.status, session.scheduled_at, session.venue
           from session_topic join session on session.id = session_topic.session_id
           where session_topic.topic_id = parent.key order by session.scheduled_at, session.id limit $2) as page`,
        queries,
        "id",
      ),
    ),
    involvements: loader((queries) =>
      lists(
        "involvements",
        `select topic_id as key, role, department_id from involvement
         where topic_id = any($1::uuid[]) and until is null
         order by array_position(array['LEAD', 'SUPPORT', 'INFORMED'], role::text), since, id`,
        queries.map(({ obj }) => obj.id),
      ),
    ),
  },
  Involvement: {
    department: loader((queries) =>
      ones(
        "department-by-id",
        "select id as key, code, name from department where id = any($1::uuid[])",
        queries.map(({ obj }) => obj.department_id),
      ),
    ),
  },
};

/** Counts for each division: one statement for each table, at the same time. */
async function statistics(queries) {
  const values = [queries.map(({ obj }) => obj.number), queries.map(({ obj }) => obj.upper)];
  const counts = (table, columns, where) =>
    rows(
      `counts-${table}`,
      `select ${columns} from unnest($1::bigint[], $2::bigint[]) with ordinality as place(number, upper, position)
       left join ${table} as counted
         on counted.division_number >= place.number and counted.division_number < place.upper ${where}
       group by place.position order by place.position`,
      values,
    );
  const [platforms, topics, sessions, outcomes] = await Promise.all([
    counts("platform", "count(counted.id) as total", ""),
    counts(
      "topic",
      `count(counted.id) as total, count(*) filter (where counted.kind = 'KEY') as key,
       count(*) filter (where counted.kind = 'MICRO') as micro`,
      "and counted.listed_at is not null",
    ),
    counts(
      "session",
      "count(counted.id) as held, coalesce(sum(counted.headcount), 0)::int as attendances",
      "and counted.status = 'HELD'",
    ),
    counts("outcome", "count(counted.id) as total", ""),
  ]);
  return queries.map((_, index) => ({
    platforms: platforms[index],
    topics: topics[index],
    sessionsHeld: sessions[index].held,
    attendances: sessions[index].attendances,
    outcomes: outcomes[index].total,
  }));
}

const app = Fastify({ logger: false });
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.listen({ port: Number(PORT), host: "127.0.0.1" });
