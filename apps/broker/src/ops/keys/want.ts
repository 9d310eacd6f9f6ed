import type { Roster } from "@claudemesh/crypto/verify";
import { type Hash, limits, type MemberId } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";

/** Connected members who are told of one want; whoever connects later reads it then. */
const toldMost = 5;

/** Notes which keys the caller lacks, and tells some connected members who may have them. Each decides by its own chain whom it seals to. */
export const want: Handler<"keys.want"> = async ({ commitments }, ctx) => {
  const { actor, connections, roster, store } = ctx;
  const { member, mesh } = actor;
  const known = commitments.filter((one) => roster.keyPlace(one) !== undefined);
  if (known.length === 0) return { asked: [] };
  await store.write.wantKeys({ mesh, member, commitments: known, at: ctx.now() });
  const wants = await store.read.keyWants(mesh, limits.keyRows);
  const lacking = new Set(
    wants.filter((one) => known.includes(one.commitment)).map((one) => one.member),
  );
  const asked: MemberId[] = [];
  const event = { type: "event", kind: "key_wanted", member, commitments: known } as const;
  for (const id of likelyHolders(roster, member, known)) {
    if (asked.length >= toldMost) break;
    if (lacking.has(id) || id === member) continue;
    if (connections.tellMember(mesh, id, event)) asked.push(id);
  }
  return { asked };
};

/** Who may have keys that a member lacks: its inviter first, then those who lead, then the others; of topics' keys only who is in one of the topics. */
function likelyHolders(roster: Roster, member: MemberId, keys: readonly Hash[]): Set<MemberId> {
  const places = keys.flatMap((key) => roster.keyPlace(key) ?? []);
  const topics = places.flatMap((place) => ("topic" in place ? [place.topic] : []));
  if (topics.length === places.length) {
    return new Set(topics.flatMap((id) => [...(roster.topics.get(id)?.members.keys() ?? [])]));
  }
  const all = [...roster.members.values()].filter(({ removedSeq }) => removedSeq === undefined);
  const leading = all.filter(({ role }) => role === "owner" || role === "admin");
  const inviter = roster.members.get(member)?.invitedBy;
  const first = inviter === undefined ? [] : [inviter];
  return new Set([...first, ...[...leading, ...all].map(({ id }) => id)]);
}
