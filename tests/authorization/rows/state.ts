import { nouns, type TopicId } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import { signedRecord } from "../signed-record.ts";
import type { World } from "../world.ts";

let made = 0;
const { del, set } = nouns.state;

/** A key that the founder has set. */
async function keyOf({ founder }: World): Promise<string> {
  const key = `key-${++made}`;
  await founder.client.call(set.name, signedRecord(founder, set.name, { key, value: made }));
  return key;
}

const topicOf = ({ topics }: World): TopicId => topics.closed.topic;
const closed = {
  of: "in a private topic",
  may: ["lead"],
  otherwise: "not_found",
  elsewhere: "not_found",
} as const;

/** Shared state: everyone's to read and change, but for guests, who see of it what members let them. */
export const stateRows: Rows = {
  "state.delete": [
    {
      may: "all",
      but: { guest: "forbidden" },
      elsewhere: "not_found",
      thief: "forbidden",
      ask: async (by, world) => signedRecord(by, del.name, { key: await keyOf(world) }),
    },
  ],
  "state.get": [
    {
      may: "all",
      but: { guest: "not_found" },
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (_by, world) => ({ key: await keyOf(world) }),
    },
    {
      ...closed,
      thief: "not_found",
      ask: async (_by, world) => {
        const lead = world.person("lead");
        const input = { key: `hidden-${++made}`, value: 1, topic: topicOf(world) };
        await lead.client.call(set.name, signedRecord(lead, set.name, input));
        return { key: input.key, topic: input.topic };
      },
    },
  ],
  "state.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "state.set": [
    {
      of: "a new key",
      may: "all",
      elsewhere: "yes",
      thief: "forbidden",
      ask: (by) => signedRecord(by, set.name, { key: `key-${++made}`, value: true }),
    },
    {
      of: "a key of another",
      may: "all",
      but: { guest: "forbidden" },
      elsewhere: "yes",
      thief: "forbidden",
      ask: async (by, world) =>
        signedRecord(by, set.name, { key: await keyOf(world), value: "other" }),
    },
    {
      of: "without a signature",
      may: [],
      otherwise: "malformed",
      elsewhere: "malformed",
      thief: "malformed",
      ask: () => ({ key: `key-${++made}`, value: true }),
    },
    {
      ...closed,
      thief: "forbidden",
      ask: (by, world) =>
        signedRecord(by, set.name, { key: `key-${++made}`, value: 1, topic: topicOf(world) }),
    },
  ],
};
