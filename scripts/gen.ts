// Writes what is derived from the declarations: reference docs, the ledger, the settings, the tables of lies and rights, and the tables from which programs start without the schemas. `--check` only compares.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  brokenPromises,
  currentLedger,
  type Ledger,
  openApi,
  referencePages,
} from "@claudemesh/protocol/derive";
import { liesPage } from "@claudemesh/testkit/evil";
import { declaredVerbs } from "../apps/cli/src/runner/declared-verb.ts";
import { authorizationPage } from "../tests/authorization/page.ts";
import { brokerFieldsFile } from "./broker-fields-file.ts";
import { configPage } from "./config-page.ts";
import { edgeKindsFile } from "./edge-kinds-file.ts";

const root = dirname(import.meta.dirname);
const ledgerPath = join(root, "packages/protocol/protocol.lock.json");
const check = process.argv.includes("--check");

const read = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch(() => undefined);

const next = currentLedger();
const before = await read(ledgerPath);
const broken = before === undefined ? [] : brokenPromises(JSON.parse(before) as Ledger, next);
if (broken.length > 0) {
  console.error(
    `These changes break a promise of protocol ${next.protocol}. Raise PROTOCOL_VERSION, add a history line, and keep the old shape for MIN_SUPPORTED_VERSION:\n  ${broken.join("\n  ")}`,
  );
  process.exit(1);
}

const files = new Map<string, string>([[ledgerPath, `${JSON.stringify(next, null, 1)}\n`]]);
for (const [name, text] of referencePages()) files.set(join(root, "docs/reference", name), text);

files.set(join(root, "docs/reference/openapi.json"), `${JSON.stringify(openApi(), null, 1)}\n`);
files.set(join(root, "docs/reference/config.md"), configPage());
files.set(join(root, "packages/protocol/src/generated/edge-kinds.ts"), edgeKindsFile());
files.set(
  join(root, "apps/cli/src/generated/verbs.json"),
  `${JSON.stringify(declaredVerbs(), null, 1)}\n`,
);
files.set(join(root, "apps/cli/src/generated/broker-fields.json"), brokerFieldsFile());
files.set(join(root, "docs/spec/lies.md"), liesPage());
files.set(join(root, "docs/spec/authorization.md"), authorizationPage());

let stale = 0;
for (const [path, text] of files) {
  if ((await read(path)) === text) continue;
  stale += 1;
  if (check) console.error(`stale: ${path.slice(root.length + 1)} (run \`npm run gen\`)`);
  else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    console.log(`wrote ${path.slice(root.length + 1)}`);
  }
}
if (check && stale > 0) process.exit(1);
