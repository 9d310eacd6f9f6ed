import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { sealSecret, systemRandom } from "@claudemesh/crypto";
import { onBothStores } from "./on-both-stores.ts";

const run = promisify(execFile);

/** The curl lines of a guide. */
const linesOf = (guide: string): string[] =>
  [...readFileSync(`docs/guide/${guide}.md`, "utf8").matchAll(/^curl .*$/gm)].map(([line]) => line);

onBothStores(
  "the curl lines of the guides to streams, skills and the vault do what they say",
  {},
  async (world) => {
    const key = await world.key({ capabilities: ["admin", "state"] });
    const { PATH = "" } = process.env;
    const env = { PATH, KEY: key.secret, BROKER: world.at.url };
    const shell = async (line: string) => {
      const { stdout } = await run("sh", ["-c", line], { env });
      const said = JSON.parse(stdout);
      assert.equal(said.error, undefined, `${line}: ${stdout}`);
      return said;
    };
    const said = async (guide: string) => {
      const answers = [];
      for (const line of linesOf(guide)) answers.push(await shell(line));
      return answers;
    };

    const [made, streams, ...noMore] = await said("streams");
    assert.equal(made.name, "builds");
    assert.deepEqual(
      streams.items.map(({ name }: { name: string }) => name),
      ["builds"],
    );
    assert.deepEqual(noMore, []);

    const [shared, skills, one, removed] = await said("skills");
    assert.deepEqual(
      skills.items.map(({ key: name }: { key: string }) => name),
      [shared.key],
    );
    assert.equal(one.instructions, "Read it.");
    assert.equal(removed.key, shared.key);

    const { id: member, roster, secret } = world.owner;
    const { mesh } = roster;
    const at = Date.now();
    const statement = {
      mesh,
      member,
      key: "TOKEN",
      type: "env",
      version: 1,
      setAt: at,
      at,
    } as const;
    const { keys, signer } = secret;
    const value = "never over HTTP";
    const sealed = sealSecret({ statement, value, to: keys.seal, signer, random: systemRandom });
    await world.client.call("vault.set", sealed);
    const [vault, secretly, deleted] = await said("vault");
    assert.equal(secretly.ciphertext, sealed.ciphertext);
    assert.deepEqual(
      vault.items.map(({ entry }: { entry: { key: string } }) => entry.key),
      ["TOKEN"],
    );
    assert.ok(!JSON.stringify(vault).includes(sealed.ciphertext));
    assert.deepEqual(deleted, { key: "TOKEN" });
  },
);
