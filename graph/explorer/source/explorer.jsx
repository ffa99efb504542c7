import { Button, useEditorContext } from "@graphiql/react";
import { createGraphiQLFetcher, StorageAPI } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import { EXAMPLES } from "./examples.js";
import { storage } from "./storage.js";
import "./explorer.css";

const endpoint = new URL(window.location.pathname, window.location.origin);
const socket = new URL(endpoint.pathname, window.location.origin.replace(/^http/, "ws"));
// What stands under Headers goes with every request, and into connection_init of a subscription's WebSocket.
const fetcher = createGraphiQLFetcher({
  url: endpoint.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

function Examples() {
  const { addTab, headerEditor, queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const open = ({ query, variables }) => {
    const headers = headerEditor?.getValue() ?? ""; // a token once given is kept
    flushSync(addTab);
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    headerEditor?.setValue(headers);
  };
  return (
    <section aria-label="Examples">
      <div className="examples-title">Examples</div>
      <ul className="examples">
        {EXAMPLES.map((example) => (
          <li key={example.title}>
            <Button type="button" onClick={() => open(example)}>
              {example.title}
              <small>{example.about}</small>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5">
      <path d="M3 5h13v9H8l-4 3.5V14H3z" strokeLinejoin="round" />
      <path d="M19.5 9H21v9h-1v3.5L16 18H9.5" strokeLinejoin="round" />
    </svg>
  );
}

const examples = { title: "Examples", content: Examples, icon: ExamplesIcon };

// At a first visit GraphiQL takes the first tab's query from defaultTabs, but its variables only from here.
const kept = new StorageAPI(storage);
if (!kept.get("tabState")) {
  kept.set("variables", EXAMPLES[0].variables);
}

createRoot(document.getElementById("explorer")).render(
  <GraphiQL
    fetcher={fetcher}
    defaultQuery=""
    defaultTabs={EXAMPLES}
    plugins={[examples]}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
    storage={storage}
  >
    <GraphiQL.Logo>商量 Shangliang</GraphiQL.Logo>
  </GraphiQL>,
);
