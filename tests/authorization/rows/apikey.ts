import { drawKey } from "../../rest/rest-world.ts";
import type { Row, Rows } from "../row.ts";

/** Asked by API keys alone; tests/rest says which of them may. */
const keysOnly = (ask: Row["ask"]): Row[] => [
  { may: [], elsewhere: "forbidden", thief: "forbidden", traceless: true, ask },
];

/** Keys of programs: who may change the settings makes, lists and revokes them. */
export const apikeyRows: Rows = {
  "apikey.create": [{ elsewhere: "yes", thief: "yes", ask: () => drawKey().input }],
  "apikey.list": [{ elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "apikey.revoke": [
    {
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (_by, { founder }) => {
        const { id, input } = drawKey();
        await founder.client.call("apikey.create", input);
        return { id };
      },
    },
  ],
  "message.post": keysOnly(() => ({ to: "#general", text: "hello" })),
  "topic.key": keysOnly((_by, { topics }) => ({ topic: topics.open.topic })),
  "topic.pending_seals": keysOnly((_by, { topics }) => ({ topic: topics.open.topic })),
  "topic.posts": keysOnly((_by, { topics }) => ({ topic: topics.open.topic })),
  "topic.seal": keysOnly((_by, { topics, founder }) => ({
    topic: topics.open.topic,
    rows: [
      {
        v: 1,
        mesh: founder.member.mesh,
        commitment: "0".repeat(64),
        recipient: founder.member.id,
        sealed: "A".repeat(107),
        author: founder.member.secret.keys.sign,
        sig: "A".repeat(86),
      },
    ],
  })),
};
