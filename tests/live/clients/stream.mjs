// Runs one operation through the npm client graphql-sse and prints each result as a line of JSON.
import { createClient } from "graphql-sse";

const [url, query, variables, token] = process.argv.slice(2);
const client = createClient({
  url,
  retryAttempts: 0,
  headers: token ? { Authorization: `Bearer ${token}` } : {},
});
for await (const result of client.iterate({ query, variables: JSON.parse(variables) })) {
  console.log(JSON.stringify(result));
}
client.dispose();
