import { newTopicId, systemRandom } from "@claudemesh/crypto";
import type { Topic } from "@claudemesh/protocol";
import type { Rows } from "../row.ts";
import { describe, type Person, type World } from "../world.ts";

const admins = ["admin", "owner"] as const;
const unknown = { elsewhere: "not_found", thief: "not_found" } as const;
const closed = {
  of: "a private topic",
  may: ["lead"],
  otherwise: "not_found",
  ...unknown,
} as const;
let nth = 0;

/** The next version of a topic, by whoever asks. */
const version = ({ member }: Person, topic: Topic, over: Partial<Topic> = {}) => {
  const { name, visibility, topic: id } = topic;
  return { topic: describe(member, { topic: id, name, visibility, version: 2 + ++nth, ...over }) };
};
const described = (by: Person, topic: Topic) => version(by, topic, { description: `about ${nth}` });

const ofClosed = (_by: Person, { topics }: World) => ({ topic: topics.closed.topic });
const ofOpen = (_by: Person, { topics }: World) => ({ topic: topics.open.topic });
const ofOthers = async (_by: Person, world: World) => ({ topic: (await world.newTopic()).topic });

/** Topics: public ones are found by all and led by their leads; of a private one nobody else learns that it exists. */
export const topicRows: Rows = {
  "topic.create": [
    {
      elsewhere: "yes",
      thief: "malformed",
      ask: (by) => {
        const topic = newTopicId(systemRandom);
        return { topic: describe(by.member, { topic, name: `made-${++nth}` }) };
      },
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "malformed",
      thief: "malformed",
      ask: (_by, { target }) => {
        const topic = newTopicId(systemRandom);
        return { topic: describe(target.member, { topic, name: `made-${++nth}` }) };
      },
    },
  ],
  "topic.delete": [
    {
      may: ["lead", ...admins],
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (by, world) => version(by, await world.newTopic(), { ended: true }),
    },
    {
      ...closed,
      ask: async (by, world) => version(by, await world.newTopic("private"), { ended: true }),
    },
  ],
  "topic.history": [
    { may: "all", ...unknown, ask: async (by, world) => ({ ...ofOpen(by, world), limit: 10 }) },
    { ...closed, ask: (by, world) => ({ ...ofClosed(by, world), limit: 10 }) },
  ],
  "topic.invite": [
    {
      may: ["lead", ...admins],
      ...unknown,
      ask: async (by, world) => ({
        ...(await ofOthers(by, world)),
        member: world.target.member.id,
        role: "member",
      }),
    },
    {
      ...closed,
      of: "a private topic, without an entry of the roster",
      may: [],
      but: { lead: "malformed" },
      ask: (by, world) => ({
        ...ofClosed(by, world),
        member: world.target.member.id,
        role: "member",
      }),
    },
  ],
  "topic.join": [
    { may: "all", but: { lead: "nothing" }, ...unknown, ask: ofOthers },
    { ...closed, may: [], but: { lead: "nothing" }, ask: ofClosed },
  ],
  "topic.leave": [
    {
      may: "all",
      ...unknown,
      ask: async (by, world) => {
        const { topic } = await world.newTopic();
        const { mesh } = world.founder.member;
        if (by.member.mesh === mesh) await by.client.call("topic.join", { topic });
        return { topic, member: by.member.id };
      },
    },
    {
      of: "take another out",
      may: ["lead", ...admins],
      ...unknown,
      ask: async (_by, world) => {
        const { topic } = await world.newTopic();
        await world.target.client.call("topic.join", { topic });
        return { topic, member: world.target.member.id };
      },
    },
    {
      ...closed,
      of: "a private topic, without an entry of the roster",
      may: [],
      but: { lead: "malformed" },
      ask: (by, world) => ({ ...ofClosed(by, world), member: by.member.id }),
    },
  ],
  "topic.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "topic.members": [
    { may: "all", ...unknown, ask: ofOpen },
    { ...closed, ask: ofClosed },
  ],
  "topic.read": [
    {
      may: "all",
      ...unknown,
      ask: (by, world) => ({ ...ofOpen(by, world), seq: 1 + (++nth % 3) }),
      traceless: true,
    },
    { ...closed, ask: (by, world) => ({ ...ofClosed(by, world), seq: 1 }) },
  ],
  "topic.typing": [
    { may: "all", traceless: true, ...unknown, ask: ofOpen },
    { of: "a topic of others", may: ["lead"], traceless: true, ...unknown, ask: ofOthers },
    { ...closed, traceless: true, ask: ofClosed },
  ],
  "topic.update": [
    {
      may: ["lead", ...admins],
      ...unknown,
      ask: async (by, world) => described(by, await world.newTopic()),
    },
    { ...closed, ask: (by, { topics }) => described(by, topics.closed) },
  ],
};
