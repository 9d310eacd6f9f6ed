import { audienceOfTopic } from "@claudemesh/protocol";
import { learn, shared } from "../ready.ts";
import type { Rows } from "../row.ts";
import type { Person, World } from "../world.ts";

/** Says to the open topic what names the caller. */
async function naming(by: Person, world: World) {
  const lead = world.person("lead");
  const author = by.member.id === lead.member.id ? world.person("member") : lead;
  await learn(author);
  const to = audienceOfTopic(world.topics.open.topic);
  const envelope = shared(author, { kind: "topic", to, mentions: [by.member.id] });
  await author.client.call("message.send", { envelope });
  return envelope.header.id;
}

/** What names one is one's own alone. */
export const notificationRows: Rows = {
  "notification.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "notification.read": [
    {
      may: "all",
      elsewhere: "nothing",
      thief: "nothing",
      ask: async (by, world) => {
        await naming(by, world);
        return {};
      },
    },
    {
      of: "one message",
      may: "all",
      elsewhere: "not_found",
      thief: "not_found",
      ask: async (by, world) => ({ id: await naming(by, world) }),
    },
  ],
};
