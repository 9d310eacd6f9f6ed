import { audienceOfTopic } from "@claudemesh/protocol";
import { messageTo, shared } from "../ready.ts";
import type { Rows } from "../row.ts";

const none = { elsewhere: "no_recipient", thief: "malformed" } as const;

/** Messages and who is there. */
export const messageRows: Rows = {
  "message.send": [
    {
      of: "to a member",
      may: "all",
      ...none,
      ask: (by, { target }) => ({ envelope: by.member.message(target.member, "hello") }),
    },
    {
      of: "to a session",
      may: "all",
      ...none,
      ask: (by, { target }) => ({ envelope: target.session.message(by.member, "hello") }),
    },
    {
      of: "to everyone",
      may: "all",
      elsewhere: "yes",
      thief: "malformed",
      ask: (by) => ({ envelope: shared(by, {}) }),
    },
    {
      of: "to a public topic that one is in",
      may: "all",
      ...none,
      ask: (by, { topics }) => ({
        envelope: shared(by, { kind: "topic", to: audienceOfTopic(topics.open.topic) }),
      }),
    },
    {
      of: "to a public topic of others",
      may: ["lead"],
      ...none,
      ask: async (by, world) => {
        const { topic } = await world.newTopic();
        return { envelope: shared(by, { kind: "topic", to: audienceOfTopic(topic) }) };
      },
    },
    {
      of: "to the lead's private topic",
      may: ["lead"],
      otherwise: "no_recipient",
      elsewhere: "malformed",
      thief: "malformed",
      ask: (by, { topics }) => ({
        envelope: shared(by, { kind: "private_topic", to: audienceOfTopic(topics.closed.topic) }),
      }),
    },
    {
      of: "in another's name",
      may: [],
      elsewhere: "malformed",
      thief: "malformed",
      ask: (_by, { founder, target }) => ({
        envelope: target.member.message(founder.member, "not mine"),
      }),
    },
  ],
  "message.status": [
    {
      of: "one to the caller",
      may: "all",
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (by, world) => ({ id: await messageTo(by, world) }),
    },
    {
      of: "one between others",
      may: [],
      otherwise: "not_found",
      elsewhere: "not_found",
      thief: "not_found",
      ask: (_by, { message }) => ({ id: message }),
    },
  ],
  "peer.list": [
    { may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) },
    {
      of: "by another's key",
      may: "all",
      elsewhere: "nothing",
      thief: "nothing",
      ask: (_by, { target }) => ({
        key: Buffer.from(target.session.signer.key, "base64url").toString("hex"),
      }),
    },
  ],
};
