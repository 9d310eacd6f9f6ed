import type { MeshRecord, RecordAuthor, ShownRecord as Shown, Written } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedIn } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { topicName } from "../topics/topic-name.ts";
import type { ShownRecord } from "./pending.ts";
import { proofOfWrite } from "./verify-record.ts";

/** Says of records what all of them say of themselves: where they are seen, by whom and when they were written, how far that is proven. One per answer, since it reads every name. */
export function recordShower(ctx: DeviceContext, { mesh }: Pick<MembershipRow, "mesh">) {
  const names = namedIn(ctx, mesh);
  const roster = ctx.rosters.of(mesh);
  const nameOf = (member: MeshRecord["written"][number]["by"]) => names.get(member)?.name ?? member;
  const authorOf = (write: Written, known?: ShownRecord): RecordAuthor => {
    const proof =
      known === undefined || known.pending ? proofOfWrite(mesh, roster, write) : known.proof;
    const { by, via } = write;
    const shownAs = via === undefined ? nameOf(by) : `${via.name} (via the broker, unverified)`;
    return {
      member: by,
      name: proof === "bad" ? `${shownAs} (not what was signed)` : shownAs,
      ...(via === undefined ? {} : { apiKey: via.key }),
      proof,
    };
  };
  return {
    nameOf,
    authorOf,
    /** by `write`, or else by the newest */
    shown(one: ShownRecord, write: Written | undefined = one.record.written.at(-1)): Shown {
      const { record, pending } = one;
      if (write === undefined) throw new TypeError("a record without writes");
      return {
        ...(record.topic === undefined ? {} : { topic: topicName(ctx.store, mesh, record.topic) }),
        ...(record.version === 0 ? {} : { version: record.version }),
        author: authorOf(write, one),
        at: write.signed?.at ?? write.at,
        pending,
      };
    },
  };
}
