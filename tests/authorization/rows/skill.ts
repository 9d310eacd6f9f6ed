import { nouns } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import { signedRecord } from "../signed-record.ts";
import type { Person } from "../world.ts";

const { remove, share } = nouns.skill;
let made = 0;

const skill = () => ({
  key: `skill-${++made}`,
  description: "reviews a change",
  instructions: "Read the diff.",
});

async function sharedBy(by: Person): Promise<string> {
  const input = skill();
  await by.client.call(share.name, signedRecord(by, share.name, input));
  return input.key;
}

/** Skills: everyone shares some; a name is its author's, and admins free it. */
export const skillRows: Rows = {
  "skill.get": [
    {
      may: "all",
      but: { guest: "not_found" },
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (_by, { founder }) => ({ key: await sharedBy(founder) }),
    },
  ],
  "skill.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "skill.remove": [
    {
      of: "of another",
      may: ["admin", "owner"],
      elsewhere: "not_found",
      thief: "forbidden",
      ask: async (by, { founder }) =>
        signedRecord(by, remove.name, { key: await sharedBy(founder) }),
    },
  ],
  "skill.share": [
    {
      of: "a new one",
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      ask: (by) => signedRecord(by, share.name, skill()),
    },
    {
      of: "under another's name",
      may: [],
      otherwise: "conflict",
      but: { guest: "forbidden" },
      elsewhere: "yes",
      thief: "forbidden",
      ask: async (by, { founder }) =>
        signedRecord(by, share.name, { ...skill(), key: await sharedBy(founder) }),
    },
  ],
};
