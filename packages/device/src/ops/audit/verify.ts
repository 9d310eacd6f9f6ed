import { type AuditFault, AuditWalk, isAuditHeadSigned } from "@claudemesh/crypto";
import { type AuditHead, limits, type MeshId, nouns, type Output } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { getAnswer, putAnswer } from "../../store/answers.ts";
import { askedMesh } from "../target-mesh.ts";

interface Walked {
  readonly head: AuditHead;
  readonly from: number;
  readonly rows: number;
  readonly fault: AuditFault | undefined;
}

/** Checks every row that the broker keeps, its signed ends, and that the head which this home checked last is still in the chain. */
export const verify: DeviceHandler<"audit.verify"> = async ({ mesh, accept }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const name = nouns.audit.verify.name;
  const seen = getAnswer<AuditHead>(ctx.store, row.mesh, name)?.answer;
  const { head, from, rows, fault } = await ctx.links.using(row, (link) =>
    walk(link, row.mesh, accept ? undefined : seen),
  );
  const valid = fault === undefined;
  if (valid) ctx.store.write(() => putAnswer(ctx.store, row.mesh, name, head, ctx.now()));
  return {
    valid,
    ...(fault === undefined ? {} : { first: fault }),
    ...{ rows, from, head, key: head.key },
    ...(seen === undefined ? {} : { seen: seen.seq }),
  };
};

async function walk(
  { client }: MeshLink,
  mesh: MeshId,
  seen: AuditHead | undefined,
): Promise<Walked> {
  const limit = limits.auditPage;
  let answer: Output<"audit.list"> = await client.audit.list({ after: 0, limit });
  const { anchor } = answer;
  const from = anchor?.seq ?? 0;
  const chain = new AuditWalk(
    mesh,
    anchor ?? { seq: 0, hash: "" },
    seen === undefined ? [] : [seen],
  );
  const done = (fault: AuditFault | undefined): Walked => {
    return { head: answer.head, from, rows: chain.at.seq - from, fault };
  };
  if (anchor !== undefined && !isSaid(anchor, mesh, answer.head.key)) {
    return done({
      seq: from,
      why: "the broker's word for what is not kept any more is not signed",
    });
  }
  // Ends with an answer without rows: whatever was written while it was read has been read then.
  while (answer.items.length > 0) {
    const fault = chain.take(answer.items);
    if (fault !== undefined) return done(fault);
    answer = await client.audit.list({ after: chain.at.seq, limit });
  }
  return done(chain.end(answer.head) ?? faultOfHead(answer.head, mesh, seen));
}

const isSaid = (head: AuditHead, mesh: MeshId, key: AuditHead["key"]): boolean =>
  head.mesh === mesh && isAuditHeadSigned(head, key);

function faultOfHead(
  head: AuditHead,
  mesh: MeshId,
  seen: AuditHead | undefined,
): AuditFault | undefined {
  if (!isSaid(head, mesh, head.key)) {
    return { seq: head.seq, why: "the head is not signed by the broker's key" };
  }
  if (seen === undefined) return undefined;
  if (seen.key !== head.key) {
    return {
      seq: head.seq,
      why: "the head is signed by another key than the one seen here before",
    };
  }
  const why = `the chain ends at row ${head.seq}, but row ${seen.seq} was seen here before`;
  return seen.seq > head.seq ? { seq: head.seq + 1, why } : undefined;
}
