// Publishes replies by amqplib and takes what comes of them. Reads and prints JSON; see `test_clients.py`.
import { readFileSync } from "node:fs";
import { connect } from "amqplib";

const asked = JSON.parse(readFileSync(0, "utf8"));
const connection = await connect(asked.url);
const channel = await connection.createConfirmChannel();
for (const one of asked.publish) {
  const options = { userId: one.user_id, contentType: one.content_type, headers: one.headers, mandatory: true };
  channel.publish("shangliang.replies", one.key, Buffer.from(one.body, "base64"), options);
  await channel.waitForConfirms();
}
const taken = [];
await channel.prefetch(1);
await new Promise((resolve) => {
  channel.consume(asked.queue, (message) => {
    const { correlationId } = message.properties;
    taken.push({ correlation_id: correlationId ?? null, body: message.content.toString("base64") });
    channel.ack(message);
    if (taken.length === asked.count) resolve();
  });
});
await channel.close();
await connection.close();
process.stdout.write(JSON.stringify(taken));
