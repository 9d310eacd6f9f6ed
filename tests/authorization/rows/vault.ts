import { sealSecret, systemRandom } from "@claudemesh/crypto";
import type { Rows } from "../row.ts";
import type { Person } from "../world.ts";

let made = 0;

/** A secret of one's own that is not kept yet. */
function drawSecret({ member }: Person) {
  const at = Date.now();
  const { keys, signer } = member.secret;
  return sealSecret({
    statement: {
      ...{ mesh: member.mesh, member: member.id, key: `KEY_${++made}`, type: "env" },
      ...{ version: 1, setAt: at, at },
    },
    value: "a value",
    to: keys.seal,
    signer,
    random: systemRandom,
  });
}

async function keptBy(by: Person): Promise<{ key: string }> {
  const drawn = drawSecret(by);
  // Whoever may have no vault asks for one that is not there, and is refused before.
  await by.client.call("vault.set", drawn).catch(() => {});
  return { key: drawn.entry.key };
}

/** Vaults: everyone but guests has one of its own, which nobody else can see. */
export const vaultRows: Rows = {
  "vault.delete": [
    { of: "of one's own", elsewhere: "yes", thief: "not_found", ask: (by) => keptBy(by) },
    {
      of: "of another",
      may: [],
      otherwise: "not_found",
      but: { guest: "forbidden" },
      elsewhere: "not_found",
      thief: "not_found",
      ask: (_by, { target }) => keptBy(target),
    },
  ],
  "vault.get": [
    { of: "of one's own", elsewhere: "yes", thief: "not_found", ask: (by) => keptBy(by) },
    {
      of: "of another",
      may: [],
      otherwise: "not_found",
      but: { guest: "forbidden" },
      elsewhere: "not_found",
      thief: "not_found",
      ask: (_by, { target }) => keptBy(target),
    },
  ],
  "vault.list": [{ elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "vault.set": [
    { of: "one's own", elsewhere: "yes", thief: "malformed", ask: (by) => drawSecret(by) },
    {
      of: "in another's name",
      may: [],
      elsewhere: "malformed",
      thief: "malformed",
      ask: (_by, { target }) => drawSecret(target),
    },
  ],
};
