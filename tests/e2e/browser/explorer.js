// Opens the explorer in a browser, runs its first example and asks with a token; prints what was seen, as JSON.
import { chromium } from "playwright-core";

const [executablePath, address, token, picture] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
page.setDefaultTimeout(20_000);
const complaints = [];
const requests = [];
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(error.message));
page.on("request", (request) => requests.push(new URL(request.url())));

const editor = (place) => page.locator(`${place} .CodeMirror`);
const text = (place) => editor(place).evaluate((element) => element.CodeMirror.getValue());
const write = (place, value) => editor(place).evaluate((element, given) => element.CodeMirror.setValue(given), value);
const run = async (operation, awaited) => {
  // GraphiQL reads a changed document a moment later; its tab then has the operation's name.
  await page.locator(".graphiql-tab-active", { hasText: operation }).waitFor();
  await page.click(".graphiql-execute-button");
  const arrived = (word) => document.querySelector(".result-window .CodeMirror").CodeMirror.getValue().includes(word);
  await page.waitForFunction(arrived, awaited);
  return JSON.parse(await text(".result-window"));
};

await page.goto(`${address}/graphql`);
await page.locator(".graphiql-query-editor .CodeMirror-code", { hasText: "query Hierarchy" }).waitFor();
const tabs = await page.locator(".graphiql-tab-button").allInnerTexts();
const hierarchy = await run("Hierarchy", "sessionsHeld");
if (picture) {
  await page.screenshot({ path: picture });
}

await page.click("[aria-label='Show Documentation Explorer']");
await page.locator(".graphiql-doc-explorer", { hasText: "Root Types" }).waitFor();
await page.click("[aria-label='Show Examples']");
await page.getByRole("button", { name: "The province, city by city" }).click();
const cities = await run("Cities", "medianDaysToResolve");

await page.click("[aria-label='New tab']");
await page.click("[data-name='headers']");
await write("[aria-label='Headers'] .graphiql-editor:not(.hidden)", JSON.stringify({ Authorization: `Bearer ${token}` }));
await write(".graphiql-query-editor", "query Viewer { viewer { subject } }");
const viewer = await run("Viewer", "subject");

await page.reload();
await page.locator(".graphiql-query-editor .CodeMirror-code", { hasText: "viewer" }).waitFor();
const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
await browser.close();
const hosts = [...new Set(requests.map((url) => url.host))];
console.log(JSON.stringify({ tabs, hierarchy, cities, viewer, kept, hosts, complaints }));
