// Builds the explorer into ../static: names with a hash of the content, the page that loads them, the licences.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const STATIC = "../static";
const FOLDER = "graphql/explorer";

// GraphiQL's style sheet carries its web fonts inside, six times the rest of it; explorer.css names the system's.
const withoutFonts = {
  name: "without-fonts",
  setup({ onLoad }) {
    onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/@font-face\s*\{[^}]*\}/g, ""),
      loader: "css",
    }));
  },
};

rmSync(STATIC, { recursive: true, force: true });
mkdirSync(STATIC);
const { metafile } = await build({
  entryPoints: ["explorer.jsx", "icon.svg"],
  entryNames: "[name]-[hash]",
  outdir: STATIC,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: ["chrome109", "firefox115", "safari16.4"],
  jsx: "automatic",
  alias: { "react-style-singleton": "./no-styles.js" },
  loader: { ".graphql": "text", ".json": "text", ".svg": "copy" },
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  plugins: [withoutFonts],
  metafile: true,
});

const built = Object.keys(metafile.outputs).map((path) => basename(path));
const page = readFileSync("index.html", "utf8").replace(/\{(\w+)(\.\w+)\}/g, (_, name, suffix) => {
  const found = built.find((file) => file.startsWith(`${name}-`) && file.endsWith(suffix));
  return `${FOLDER}/${found}`;
});
writeFileSync(join(STATIC, "index.html"), page);
writeFileSync(join(STATIC, "LICENSES.txt"), licences(Object.keys(metafile.inputs)));

function licences(inputs) {
  const folders = inputs.map((path) => path.match(/^(?:.*node_modules\/)(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `License: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return `The explorer contains these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}
