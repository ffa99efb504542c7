// Runs one operation through the npm client graphql-ws and prints each result as a line of JSON.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, query, variables, token] = process.argv.slice(2);
const client = createClient({
  url,
  webSocketImpl: WebSocket,
  retryAttempts: 0,
  connectionParams: token ? { Authorization: `Bearer ${token}` } : undefined,
});
for await (const result of client.iterate({ query, variables: JSON.parse(variables) })) {
  console.log(JSON.stringify(result));
}
await client.dispose();
