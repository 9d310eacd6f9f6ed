import type { DatabaseSync } from "node:sqlite";
import { AuditWalk, isAuditHeadSigned, jcs } from "@claudemesh/crypto/verify";
import type { AuditHead, AuditRow } from "@claudemesh/protocol";
import type { Checked, MeshFacts } from "./check-database.ts";

interface Stored {
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly body: string;
}

interface Chain {
  readonly seq: number;
  readonly hash: AuditRow["hash"];
  readonly anchor: string | null;
}

const failed = (detail: string): Checked => ({ what: "audit", ok: false, detail });

/** Walks a mesh's audit chain as it lies in the database, from its anchor to its head, and names the first row that does not hold. */
export function checkAuditChain(db: DatabaseSync, { no, id }: MeshFacts): Checked {
  const chain = db
    .prepare("SELECT seq, hash, anchor FROM audit_chain WHERE mesh = ?")
    .get(no) as unknown as Chain | undefined;
  const anchor = chain?.anchor ? (JSON.parse(chain.anchor) as AuditHead) : undefined;
  if (anchor !== undefined && (anchor.mesh !== id || !isAuditHeadSigned(anchor))) {
    return failed("the anchor of what is not kept any more is not signed");
  }
  const walk = new AuditWalk(id, anchor ?? { seq: 0, hash: "" });
  const rows = db
    .prepare("SELECT seq, at, hash, body FROM audit WHERE mesh = ? ORDER BY seq")
    .iterate(no) as unknown as Iterable<Stored>;
  for (const stored of rows) {
    const why = faultOf(stored, walk);
    if (why !== undefined) return failed(`row ${walk.at.seq + 1}: ${why}`);
  }
  const end = walk.end(chain ?? { seq: 0, hash: "" });
  if (end !== undefined) return failed(`row ${end.seq}: ${end.why}`);
  const { seq } = walk.at;
  const from = anchor === undefined ? "" : ` after row ${anchor.seq}`;
  return { what: "audit", ok: true, detail: `${seq - (anchor?.seq ?? 0)} rows${from}, each hash` };
}

/** What is wrong with a row: what stands beside its body is its body's, and the body is canonical. */
function faultOf({ seq, at, hash, body }: Stored, walk: AuditWalk): string | undefined {
  let row: AuditRow;
  try {
    row = { ...JSON.parse(body), hash };
    if (jcs(JSON.parse(body)) !== body) return "its body is not canonical";
  } catch {
    return "its body cannot be read";
  }
  if (row.seq !== seq) return `its body is that of row ${row.seq}`;
  if (row.at !== at) return "its time is not its body's";
  return walk.take([row])?.why;
}
