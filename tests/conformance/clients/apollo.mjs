// Apollo Client with its normalized cache as it comes.
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { AGAIN, THEN_AND_NOW, endpoint, tell, variables } from "./asked.mjs";

const query = gql(THEN_AND_NOW);
const client = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: endpoint }) });
const held = () => client.readQuery({ query, variables });

const { data } = await client.query({ query, variables });
const before = held();
const again = await client.query({
  query: gql(AGAIN),
  variables: { id: data.topicThen.id },
  fetchPolicy: "network-only",
});
tell(data, before, again.data, held());
client.stop();
