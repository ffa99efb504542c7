// Relay's store, with requests that Relay's compiler made of the same documents.
import relay from "relay-runtime";
import { endpoint, tell, variables } from "./asked.mjs";

const { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery } = relay;
const request = async (path) => (await import(path)).default;
const [thenAndNow, againRequest] = [await request(process.argv[4]), await request(process.argv[5])];

async function send({ text: query }, given) {
  const body = JSON.stringify({ query, variables: given });
  const headers = { "content-type": "application/json" };
  const answer = await (await fetch(endpoint, { method: "POST", headers, body })).json();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer;
}
const environment = new Environment({ network: Network.create(send), store: new Store(new RecordSource()) });
const operation = createOperationDescriptor(thenAndNow, variables);
environment.retain(operation);
const held = () => environment.lookup(operation.fragment).data;

const came = await fetchQuery(environment, thenAndNow, variables).toPromise();
const before = held();
const again = await fetchQuery(environment, againRequest, { id: came.topicThen.id }).toPromise();
tell(came, before, again, held());
