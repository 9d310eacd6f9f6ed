import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { AuditWalk, isAuditHeadSigned, ready } from "@claudemesh/crypto/verify";
import { AuditHead, AuditRow, MeshError, MeshId, parse, type SignKey } from "@claudemesh/protocol";
import { z } from "zod";
import { storageError } from "../store/sqlite/errors.ts";

const First = z.object({
  claudemesh: z.literal("audit-export"),
  v: z.literal(1),
  mesh: MeshId,
  at: z.int(),
  anchor: AuditHead.optional(),
});
const Last = z.object({ head: AuditHead });

export interface AuditFileWish {
  /** an exported chain */
  readonly file: string;
  /** the broker's key, as it was learned elsewhere */
  readonly key?: string | undefined;
  /** an older export of the same chain */
  readonly seen?: string | undefined;
}

export interface AuditFileChecked {
  readonly valid: boolean;
  readonly first?: { readonly seq: number; readonly why: string };
  readonly mesh: MeshId;
  readonly rows: number;
  readonly head: AuditHead;
}

/** Checks an exported chain with nothing but the file: every hash, the order, the signed ends; with `seen`, that it has grown from an older export. Throws `malformed` for what is no export. */
export async function checkAuditFile(wish: AuditFileWish): Promise<AuditFileChecked> {
  await ready();
  const older = wish.seen === undefined ? undefined : await read(wish.seen);
  const { first, head, rows } = await read(wish.file);
  const { anchor, mesh } = first;
  const walk = new AuditWalk(
    mesh,
    anchor ?? { seq: 0, hash: "" },
    older === undefined ? [] : [older.head],
  );
  const fault =
    walk.take(rows) ??
    walk.end(head) ??
    unsigned(anchor, mesh, wish.key ?? head.key) ??
    unsigned(head, mesh, wish.key ?? head.key) ??
    (older && shorter(head, older.head));
  return {
    valid: fault === undefined,
    ...(fault === undefined ? {} : { first: fault }),
    ...{ mesh, rows: rows.length, head },
  };
}

function unsigned(head: AuditHead | undefined, mesh: MeshId, key: string) {
  if (head === undefined) return undefined;
  if (head.mesh === mesh && isAuditHeadSigned(head, key as SignKey)) return undefined;
  return { seq: head.seq, why: `the ${head.kind} is not signed by the broker's key` };
}

function shorter(head: AuditHead, older: AuditHead) {
  if (older.mesh !== head.mesh) return { seq: 1, why: "the older export is of another mesh" };
  if (older.key !== head.key) return { seq: head.seq, why: "the older export has another key" };
  const why = `the chain ends at row ${head.seq}, the older export at row ${older.seq}`;
  return older.seq > head.seq ? { seq: head.seq + 1, why } : undefined;
}

async function read(file: string) {
  if (!existsSync(file)) throw new MeshError("not_found", `there is no such file: ${file}`);
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (line !== "") lines.push(line);
    }
  } catch (error) {
    throw storageError(error, file);
  }
  const [first = "", ...rest] = lines;
  const last = rest.pop() ?? "";
  return {
    first: parse(First, json(first, file), "line 1"),
    rows: rest.map((line, n) => parse(AuditRow, json(line, file), `line ${n + 2}`)),
    head: parse(Last, json(last, file), "last line").head,
  };
}

function json(line: string, file: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new MeshError("malformed", `this is no export of an audit chain: ${file}`, { cause });
  }
}
