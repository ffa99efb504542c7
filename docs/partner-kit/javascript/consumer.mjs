// A department's consumer: prints each event once, in order, and answers it.
//
//   node consumer.mjs amqps://<code>:<password>@<host>/<vhost> [handled.jsonl]

import { existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { connect } from "amqplib";

const [url, path = "handled.jsonl"] = process.argv.slice(2);
const code = decodeURIComponent(new URL(url).username);
const CONTENT_TYPE = "application/cloudevents+json";
const LONGEST_WAIT_MS = 30_000;

const seen = new Set();
const lanes = new Map();
if (existsSync(path)) readFileSync(path, "utf8").split("\n").filter(Boolean).map(JSON.parse).forEach(remember);
const file = openSync(path, "a");

// Your own work goes here. When it throws, the event comes again after a while, before all others.
async function handle(event, answer) {
  console.log(JSON.stringify(event));
  if (event.type === "cn.shangliang.topic.scheduled.v1") await answer("accepted", { note: "将派员参加。" });
}

// What repeats an event has its id and its replay.
function key({ id, replay = 0 }) {
  return `${id} ${replay}`;
}

function remember(event) {
  seen.add(key(event));
  lanes.set(event.partitionkey, Math.max(lanes.get(event.partitionkey) ?? 0, Number(event.sequence)));
}

function note({ id, replay, partitionkey, sequence }) {
  writeSync(file, `${JSON.stringify({ id, replay, partitionkey, sequence })}\n`);
  fsyncSync(file);
  remember({ id, replay, partitionkey, sequence });
}

function parse(content) {
  try {
    const event = JSON.parse(content.toString());
    return event.specversion === "1.0" && event.id && event.type && event.data ? event : null;
  } catch {
    return null;
  }
}

// Resolves once the broker has the reply. Its id is made of the event's, so one that is sent again counts once.
function reply(channel, event, verb, data = {}) {
  const type = `cn.shangliang.reply.${verb}.v1`;
  const id = `${event.id}.${verb}`;
  const body = { specversion: "1.0", id, source: `/${code}`, type, causationid: event.id, data };
  const messageId = randomUUID();
  const options = {
    contentType: CONTENT_TYPE, type, messageId, correlationId: event.id, userId: code, persistent: true, mandatory: true,
  };
  return new Promise((resolve, reject) => {
    const returned = (message) => message.properties.messageId === messageId && reject(new Error("nobody takes replies"));
    channel.on("return", returned);
    channel.publish("shangliang.replies", `${code}.reply.${verb}`, Buffer.from(JSON.stringify(body)), options, (error) => {
      channel.off("return", returned);
      if (error) reject(error);
      else resolve();
    });
  });
}

async function take(channel, message) {
  const event = parse(message.content);
  if (event === null) {
    console.error("set aside: not an event");
    return channel.reject(message, false);
  }
  if (!seen.has(key(event))) {
    if (Number(event.sequence) <= (lanes.get(event.partitionkey) ?? 0)) console.error(`${event.id} tells the past`);
    try {
      await reply(channel, event, "received");
      await handle(event, (verb, data) => reply(channel, event, verb, data));
    } catch (error) {
      console.error(`could not handle ${event.id}:`, error.message);
      const before = message.properties.headers["x-delivery-count"] ?? 0;
      await sleep(Math.min(1000 * 2 ** before, LONGEST_WAIT_MS));
      return channel.reject(message, true);
    }
    note(event);
  }
  channel.ack(message);
}

// Runs after each connect. Whatever ends the channel ends the connection, and with it begins a new one.
async function setup(connection) {
  const channel = await connection.createConfirmChannel();
  const restart = (why) => {
    console.error(`starting again: ${why}`);
    connection.close().catch(() => {});
  };
  channel.on("error", (error) => restart(error.message));
  await channel.prefetch(1); // the next event comes when this one is acknowledged: that keeps the order
  await channel.consume(`agency.${code}.inbox`, (message) => {
    if (message === null) restart("the broker ended the consumer");
    else take(channel, message).catch((error) => restart(error.message));
  });
  console.error(`listening to the inbox of ${code}`);
}

const recovery = { initialDelay: 1000, maxDelay: LONGEST_WAIT_MS, waitForConnect: false, setup };
const connection = await connect(url, { recovery });
connection.on("error", (error) => console.error(`the connection failed: ${error.message}`));
connection.on("connect-failed", (error) => console.error(`the inbox is out of reach: ${error.message}`));
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await connection.close();
    process.exit(0);
  });
}
