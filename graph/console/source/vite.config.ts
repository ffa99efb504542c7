import { fileURLToPath } from "node:url";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { documents } from "./build/documents.js";
import { baseOfDev, HEADER, page } from "./build/page.js";
import { schemaModules } from "./build/schema.js";
import { SHAPES } from "./build/shapes.js";

const SCHEMA = fileURLToPath(new URL("../../schema.graphql", import.meta.url));
const API = process.env.SHANGLIANG_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  resolve: {
    alias: {
      "~generated": fileURLToPath(new URL("generated", import.meta.url)),
      "~": fileURLToPath(new URL("src", import.meta.url)),
    },
  },
  plugins: [
    react(),
    { ...optimizeLocales.vite({ locales: ["zh-CN", "en-US"] }), enforce: "pre" },
    schemaModules(SCHEMA),
    documents(),
    baseOfDev(),
    page({ documents: "./generated/graphql.ts", schema: SCHEMA, more: [SHAPES] }),
  ],
  build: {
    outDir: "../static",
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: ["chrome109", "firefox115", "safari16.4"],
    rolldownOptions: {
      output: {
        hashCharacters: "hex",
        entryFileNames: "[name]-[hash:8].js",
        chunkFileNames: "[name]-[hash:8].js",
        assetFileNames: "[name]-[hash:8][extname]",
        postBanner: (chunk) => (chunk.fileName.endsWith(".js") ? `// ${HEADER}` : ""),
      },
    },
  },
  server: {
    proxy: {
      "^/(graphql|schema.graphql|console/|calendar/.+[.]ics|feed/)": { target: API, ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx", "build/**/*.test.js"], environment: "node" },
});
