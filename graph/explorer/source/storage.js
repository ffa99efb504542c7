import { StorageAPI } from "@graphiql/toolkit";

const browser = new StorageAPI().storage;
const withHeaders = new Set(["queries", "favorites", "tabState"].map((name) => `graphiql:${name}`));

// GraphiQL's history keeps headers whatever shouldPersistHeaders says; a token is not to outlive the page.
const withoutHeaders = (text) => JSON.stringify(JSON.parse(text, (name, value) => (name === "headers" ? null : value)));

export const storage = Object.create(browser, {
  setItem: {
    value: (key, text) => browser.setItem(key, withHeaders.has(key) ? withoutHeaders(text) : text),
  },
});
