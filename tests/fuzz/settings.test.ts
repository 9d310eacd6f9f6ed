import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { ready, systemRandom, toBase64 } from "@claudemesh/crypto";
import { Duration, type MeshId, parse } from "@claudemesh/protocol";
import { loadConfig } from "../../apps/broker/src/config/load.ts";
import { settingNames, settings } from "../../apps/broker/src/config/settings.ts";
import { Cursors } from "../../apps/broker/src/log/cursor.ts";
import { HomeFolder } from "../../packages/device/src/home/home-folder.ts";
import { parseIdentity, readIdentity } from "../../packages/device/src/home/identity.ts";
import { parseEndpoint } from "../../packages/sdk/src/endpoint.ts";
import { fuzz } from "./hunt.ts";
import { jsonLike, textsLike } from "./inputs.ts";
import { oneOf, rarely } from "./numbers.ts";
import { vectors } from "./vectors.ts";

await ready();

const mesh = vectors<{ cases: { mesh: MeshId }[] }>("welcome").cases[0]?.mesh as MeshId;
const cursors = new Cursors(systemRandom(32));
const tokens = [0, 7, 2 ** 40].map((seq) =>
  cursors.seal(mesh, { epoch: "e1", seq, id: `i${seq}` }),
);
fuzz({
  name: "the cursor",
  inputs: textsLike(tokens),
  parse: (token) => cursors.open(mesh, token),
});

const words = ["1", "7900", "30000", "10/100", "2.5/7", "https://mesh.example/a", "warn", "::1"];
const value = textsLike([...words, "true", "false", "https://a.example,http://b.example:81"]);
const flag = textsLike(settingNames.map((name) => settings[name].flag));
fuzz({
  name: "the broker's configuration",
  inputs: (numbers) => {
    const env: Record<string, string> = {};
    const args: string[] = [];
    for (let left = numbers.next(3); left > 0; left--) {
      const known = settings[oneOf(numbers, settingNames)];
      const text = numbers.next(3) === 0 ? String(known.default) : value(numbers);
      const way = numbers.next(4);
      if (way < 2) env[known.env] = text;
      else if (way === 2) args.push(`${known.flag}=${text}`);
      else args.push(numbers.next(6) === 0 ? flag(numbers) : known.flag, text);
    }
    return { env, args };
  },
  parse: loadConfig,
});

fuzz({
  name: "the duration",
  inputs: textsLike(["30s", "10m", "2h", "7d", "1w", "500ms", "15"]),
  parse: (text) => parse(Duration, text, "duration"),
});

fuzz({
  name: "the broker's URL",
  inputs: textsLike(["https://mesh.example", "http://127.0.0.1:7900/a/b/", "http://[::1]:80"]),
  parse: parseEndpoint,
});

const folder = mkdtempSync(join(tmpdir(), "claudemesh-fuzz-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const home = new HomeFolder(join(folder, "home"), () => {});
const seed = toBase64(systemRandom(32));
const identity = jsonLike([
  { v: 1, seed },
  { v: 1, seed, earlier: [seed] },
]);
fuzz({
  name: "the identity file",
  inputs: (numbers) => ({
    bytes: Buffer.from(identity(numbers), numbers.next(8) === 0 ? "latin1" : "utf8"),
    // A file takes ten times as long as what is in it.
    isOnDisk: rarely(numbers, 20),
  }),
  parse: ({ bytes, isOnDisk }) => {
    const path = home.paths.identity;
    if (!isOnDisk) return parseIdentity(bytes.toString("utf8"), path);
    writeFileSync(path, bytes);
    return readIdentity(home);
  },
});
