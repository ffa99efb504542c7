// Prints what the official parser finds in an AsyncAPI document: its version, channels, messages and complaints.
import { Parser, fromFile } from "@asyncapi/parser";

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const found = {
  version: document?.version(),
  channels: document?.channels().all().map((channel) => channel.id()),
  messages: document?.components().messages().all().map((message) => message.id()),
  complaints: diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join(".") })),
};
process.stdout.write(JSON.stringify(found));
