import type { Rows } from "../row.ts";
import type { Person, World } from "../world.ts";

let made = 0;
const draw = () => ({ name: `stream-${++made}` });

async function madeBy(by: Person): Promise<{ name: string }> {
  const input = draw();
  await by.client.call("stream.create", input);
  return input;
}

const item = (by: Person, stream: string) => ({
  item: {
    ...{ v: 1, mesh: by.member.mesh, stream, member: by.member.id, device: by.member.device },
    ...{ run: "0".repeat(16), n: 1, keyVersion: 0, at: Date.now(), sealed: "AAAA" },
    ...{ author: by.member.secret.keys.sign, sig: "A".repeat(86) },
  },
});

const inClosed = ({ topics }: World) => ({ ...draw(), topic: topics.closed.topic });
const listens = {
  may: "all",
  elsewhere: "not_found",
  thief: "not_found",
  ask: (_by: Person, { founder }: World) => madeBy(founder),
} as const;

/** Streams: for everyone, or for who is in their topic. */
export const streamRows: Rows = {
  "stream.create": [
    { of: "for everyone", may: "all", elsewhere: "yes", thief: "yes", ask: draw },
    {
      of: "for a private topic",
      may: ["lead"],
      otherwise: "not_found",
      elsewhere: "not_found",
      thief: "not_found",
      ask: (_by, world) => inClosed(world),
    },
  ],
  "stream.delete": [{ ...listens, may: ["admin", "owner"] }],
  "stream.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "stream.publish": [
    {
      may: "all",
      elsewhere: "not_found",
      thief: "malformed",
      traceless: true,
      ask: async (by, { founder }) => item(by, (await madeBy(founder)).name),
    },
  ],
  "stream.subscribe": [{ ...listens, traceless: true }],
  "stream.take": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({ waitMs: 0 }) }],
  "stream.unsubscribe": [
    { may: "all", elsewhere: "yes", thief: "yes", traceless: true, ask: draw },
  ],
};
