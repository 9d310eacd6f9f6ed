import { generalTopic } from "@claudemesh/crypto/verify";
import type { MemberContext, Services } from "../../handler.ts";
import type { StreamRow } from "../../store/stream-port.ts";

/** The streams for everyone, and those of topics that the caller is in. */
export async function visibleStreams({
  actor,
  roster,
  store,
}: MemberContext & Pick<Services, "store">): Promise<StreamRow[]> {
  const { member, mesh } = actor;
  const [rows, places] = await Promise.all([
    store.read.streams(mesh),
    store.read.topicPlaces(mesh, member),
  ]);
  const general = generalTopic(mesh);
  return rows.filter(({ topic }) => {
    if (topic === "" || topic === general) return true;
    const chain = roster.topics.get(topic);
    return chain === undefined ? places.get(topic)?.role !== undefined : chain.members.has(member);
  });
}
