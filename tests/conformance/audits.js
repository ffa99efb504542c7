// Runs every audit of GraphQL over HTTP against the server at the address given; prints what each found, as JSON.
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2] });
const results = audits.map(async ({ id, name, fn }) => {
  const { status, reason, response } = await fn();
  return { id, name, status, reason, answered: response?.status };
});
console.log(JSON.stringify(await Promise.all(results)));
