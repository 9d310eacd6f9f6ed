import { signReceipt } from "@claudemesh/crypto";
import { limits, MeshError, type Receipt } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { type MembershipRow, setCursor } from "../store/memberships.ts";
import {
  type DueRow,
  dropReceipts,
  dueRows,
  putReceipt,
  receiptsOut,
} from "../store/receipt-rows.ts";

/** A longer cursor could not be given back: no hello may hold it. */
const mostCursorChars = 400;

/** How long a broker that limits the rate is waited for; what is left then goes out the next time. */
const rateBudgetMs = 2_000;

/**
 * Signs what senders are to be told and hands it to the broker together with `seq`, up to which everything is stored here. Signed receipts are kept
 * until the broker has them. False when the broker limited the rate for so long that something is left. Throws when the connection is lost; nothing is
 * lost then.
 */
export async function sendReceipts(
  ctx: DeviceContext,
  row: MembershipRow,
  client: Receiver,
  seq?: number,
): Promise<boolean> {
  const deadline = ctx.now() + rateBudgetMs;
  let ack = seq;
  for (;;) {
    signDue(ctx, row);
    const receipts = receiptsOut(ctx.store, row.mesh, limits.receiptsPerFrame);
    if (receipts.length === 0 && ack === undefined) return true;
    if (!(await handOver(ctx, row, client, { receipts, seq: ack, deadline }))) return false;
    ack = undefined;
  }
}

type Receiver = Pick<Client, "acknowledge">;

interface Parcel {
  readonly receipts: readonly Receipt[];
  readonly seq: number | undefined;
  readonly deadline: number;
}

/** Hands over one frame of receipts and drops them; false when its time ran out before. */
async function handOver(
  ctx: DeviceContext,
  row: MembershipRow,
  client: Receiver,
  parcel: Parcel,
): Promise<boolean> {
  const { receipts, seq, deadline } = parcel;
  const answer = await offer(ctx, client, parcel);
  if (answer === "late") return false;
  if (answer === "refused" && (receipts.length > 1 || seq !== undefined)) {
    // One of several is refused: alone, each gets its own answer, and none blocks the others.
    for (const receipt of receipts) {
      const alone = { receipts: [receipt], seq: undefined, deadline };
      if (!(await handOver(ctx, row, client, alone))) return false;
    }
    return seq === undefined || handOver(ctx, row, client, { receipts: [], seq, deadline });
  }
  ctx.store.write(() => {
    const [receipt] = receipts;
    if (answer === "refused" && receipt?.session !== undefined) {
      // The session ended before the broker knew it; what it was given is as true in the device's own name.
      const { v: _v, sig: _sig, session: _session, ...fields } = receipt;
      const own = { ...fields, id: ctx.ids.nextReceiptId() };
      putReceipt(ctx.store, signReceipt(own, ctx.secretOf(row).signer), []);
    }
    const cursor = answer === "refused" ? undefined : answer.cursor;
    const isKept = cursor !== undefined && cursor.length <= mostCursorChars;
    if (isKept && seq !== undefined) setCursor(ctx.store, row.mesh, cursor);
    dropReceipts(ctx.store, receipts);
  });
  return true;
}

async function offer(
  ctx: DeviceContext,
  client: Receiver,
  { receipts, seq, deadline }: Parcel,
): Promise<{ readonly cursor?: string | undefined } | "late" | "refused"> {
  for (;;) {
    try {
      return await client.acknowledge({ ...(seq === undefined ? {} : { seq }), receipts });
    } catch (error) {
      if (error instanceof MeshError && error.code === "rate_limited") {
        const left = deadline - ctx.now();
        if (left <= 0) return "late";
        const pause = Math.min(error.retryAfterMs ?? 100, left);
        await new Promise<void>((resolve) => ctx.timer(pause, resolve));
        continue;
      }
      if (!isRefusal(error) || receipts.length === 0) throw error;
      if (receipts.length === 1 && seq === undefined) {
        ctx.log("warn", `the broker refused a receipt: ${error.message}`);
      }
      return "refused";
    }
  }
}

/** Whether the broker will never take it as it is; everything else is tried again at the next connection. */
const isRefusal = (error: unknown): error is MeshError =>
  error instanceof MeshError && error.row.retry === "never" && !isUnreachable(error);

function signDue(ctx: DeviceContext, row: MembershipRow): void {
  const { store } = ctx;
  if (dueRows(store, row.mesh, 1).length === 0) return;
  store.write(() => {
    const due = dueRows(store, row.mesh, limits.receiptItems * limits.receiptsPerFrame);
    for (const group of grouped(due))
      putReceipt(
        store,
        sign(ctx, row, group),
        group.map(({ id }) => id),
      );
  });
}

/** Receipts hold messages of one sender only, in one state, and speak of each message once. */
function grouped(due: readonly DueRow[]): DueRow[][] {
  const groups = new Map<string, DueRow[][]>();
  for (const row of due) {
    const key = JSON.stringify([row.sender, row.state, row.way, row.reason, row.session]);
    const chunks = groups.get(key) ?? [];
    groups.set(key, chunks);
    const last = chunks.at(-1);
    if (last !== undefined && last.length < limits.receiptItems) last.push(row);
    else chunks.push([row]);
  }
  return [...groups.values()].flat();
}

function sign(ctx: DeviceContext, row: MembershipRow, group: readonly DueRow[]): Receipt {
  const [first] = group;
  if (first === undefined) throw new Error("a receipt speaks of one message at least");
  return signReceipt(
    {
      id: ctx.ids.nextReceiptId(),
      mesh: row.mesh,
      member: row.member,
      device: row.device,
      ...(first.session === null ? {} : { session: first.session }),
      to: first.sender,
      head: ctx.rosters.of(row.mesh).head,
      state: first.state,
      ...(first.way === null ? {} : { way: first.way }),
      ...(first.reason === null ? {} : { reason: first.reason }),
      items: group.map(({ message, digest }) => ({ id: message, digest })),
      at: Math.max(...group.map(({ at }) => at)),
    },
    ctx.secretOf(row).signer,
  );
}
