import { generalTopic } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { describeStream } from "./found-stream.ts";

/** The streams for everyone, and those of topics that the caller is in. */
export const list: Handler<"stream.list"> = async (_input, { actor, roster, store }) => {
  const { member, mesh } = actor;
  const [rows, places] = await Promise.all([
    store.read.streams(mesh),
    store.read.topicPlaces(mesh, member),
  ]);
  const general = generalTopic(mesh);
  const shown = rows.filter(({ topic }) => {
    if (topic === "" || topic === general) return true;
    const chain = roster.topics.get(topic);
    return chain === undefined ? places.get(topic)?.role !== undefined : chain.members.has(member);
  });
  return { items: shown.map(describeStream) };
};
