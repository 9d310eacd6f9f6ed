// The published command line: one bundle per entry in dist/cli, complete without node_modules.
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { withoutBuiltinImports } from "./bundle-builtins.ts";

const { values } = parseArgs({ options: { out: { type: "string", default: "dist/cli" } } });
const root = join(import.meta.dirname, "..");
const out = resolve(root, values.out);
/** what all code together may weigh, gzipped: an install over a phone takes seconds */
const budgetBytes = 1_200_000;

/** zod re-exports the error texts of fifty languages as one object; claudemesh words its errors itself. */
const withoutLocales: Plugin = {
  name: "without zod's locales",
  setup(builder) {
    builder.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/** Every verb has loaded these when it loads what runs it: told so, the bundler keeps them in a few chunks in place of one for each set of verbs that share something. */
const withCore: Plugin = {
  name: "what every verb loads in one chunk",
  setup(builder) {
    const core = join(root, "apps/cli/src/main.ts");
    builder.onLoad({ filter: /\/apps\/cli\/src\/local\/.+\/?[^/]+\.ts$/ }, ({ path }) => {
      const code = readFileSync(path, "utf8");
      if (!/^export const run\b/m.test(code)) return undefined;
      return { contents: `import ${JSON.stringify(core)};\n${code}`, loader: "ts" };
    });
  },
};

rmSync(out, { recursive: true, force: true });
const { outputFiles } = await build({
  write: false,
  absWorkingDir: root,
  entryPoints: {
    claudemesh: "apps/cli/bin/claudemesh.js",
    "daemon-process": "apps/cli/bin/daemon-process.js",
    writer: "apps/broker/src/store/sqlite/writer.ts",
    "sealing-thread": "packages/device/src/backup/sealing-thread.ts",
    checkpointer: "apps/broker/src/store/sqlite/checkpointer.js",
  },
  outdir: out,
  bundle: true,
  // What a verb does not need stays in a chunk of its own, which it does not load.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  // A library's own modules: the bundler does not see through the wrapper of its other form.
  mainFields: ["module", "main"],
  minify: true,
  keepNames: true,
  legalComments: "linked",
  logLevel: "warning",
  plugins: [withCore, withoutLocales],
});
mkdirSync(out, { recursive: true });
for (const { path, text } of outputFiles) {
  const name = basename(path);
  // Old versions of Node read these two, to be told that they are too old.
  const isForOld = name === "claudemesh.js" || name.startsWith("newer-node-");
  const code = isForOld || !name.endsWith(".js") ? text : withoutBuiltinImports(text);
  writeFileSync(path, code, { mode: name === "claudemesh.js" ? 0o755 : 0o644 });
}
cpSync(join(root, "apps/broker/src/store/migrations"), join(out, "migrations"), {
  recursive: true,
});
const { version, license } = JSON.parse(
  readFileSync(join(root, "apps/cli/package.json"), "utf8"),
) as { version: string; license: string };
const published = {
  name: "claudemesh-cli",
  version,
  license,
  type: "module",
  bin: { claudemesh: "claudemesh.js" },
  engines: { node: ">=24" },
};
writeFileSync(join(out, "package.json"), `${JSON.stringify(published, undefined, 2)}\n`);
cpSync(join(root, "LICENSE"), join(out, "LICENSE"));

const code = readdirSync(out).filter((name) => name.endsWith(".js"));
const total = code.reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
const packed = code.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).length, 0);
const kib = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
console.log(`${values.out}: ${code.length} files, ${kib(total)}, ${kib(packed)} gzipped`);
if (packed > budgetBytes) {
  console.error(`the bundle is over its budget of ${kib(budgetBytes)} gzipped`);
  process.exitCode = 1;
}
