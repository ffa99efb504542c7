// What the built files of pages say of where they come from: the digest of their sources, the licences of packages.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

// The SHA-256 of the sources' names and contents; a test compares it, so that none changes without being built.
// `beside` are files elsewhere of which something is built in too, by names of their own.
export function digest(folder, beside = {}) {
  const hash = createHash("sha256");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const sources = names.filter((name) => !/^(node_modules|generated)\b/.test(name)).map((name) => [name, join(folder, name)]);
  for (const [name, path] of [...sources, ...Object.entries(beside)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

// The texts of the licences of the packages that modules with these paths belong to.
export function licences(header, page, modules, more = []) {
  const folders = modules.map((path) => path.match(/^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `License: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `${header}\n\n${page} contains these packages.\n\n${[...texts, ...more].join(`\n${"-".repeat(80)}\n\n`)}`;
}
