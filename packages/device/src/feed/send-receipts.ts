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

/**
 * Signs what senders are to be told and hands it to the broker together with `seq`, up to which everything is stored here. Signed receipts are kept
 * until the broker has them. Throws when the connection is lost; nothing is lost then.
 */
export async function sendReceipts(
  ctx: DeviceContext,
  row: MembershipRow,
  client: Pick<Client, "acknowledge">,
  seq?: number,
): Promise<void> {
  let ack = seq;
  for (;;) {
    signDue(ctx, row);
    const receipts = receiptsOut(ctx.store, row.mesh, limits.receiptsPerFrame);
    if (receipts.length === 0 && ack === undefined) return;
    const cursor = await handOver(ctx, client, receipts, ack);
    ctx.store.write(() => {
      if (cursor !== undefined && ack !== undefined) setCursor(ctx.store, row.mesh, cursor);
      dropReceipts(ctx.store, receipts);
    });
    ack = undefined;
  }
}

async function handOver(
  ctx: DeviceContext,
  client: Pick<Client, "acknowledge">,
  receipts: readonly Receipt[],
  seq: number | undefined,
): Promise<string | undefined> {
  try {
    return (await client.acknowledge({ ...(seq === undefined ? {} : { seq }), receipts })).cursor;
  } catch (error) {
    if (error instanceof MeshError && error.code === "rate_limited") {
      await new Promise<void>((resolve) => ctx.timer(error.retryAfterMs ?? 100, resolve));
      return handOver(ctx, client, receipts, seq);
    }
    if (!isRefusal(error) || receipts.length === 0) throw error;
    if (receipts.length === 1 && seq === undefined) {
      ctx.log("warn", `the broker refused a receipt: ${error.message}`);
      return undefined;
    }
  }
  // One of several is refused: alone, each gets its own answer, and none blocks the others.
  for (const receipt of receipts) await handOver(ctx, client, [receipt], undefined);
  return seq === undefined ? undefined : handOver(ctx, client, [], seq);
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
    const key = JSON.stringify([row.sender, row.state, row.way, row.reason]);
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
      to: first.sender,
      state: first.state,
      ...(first.way === null ? {} : { way: first.way }),
      ...(first.reason === null ? {} : { reason: first.reason }),
      items: group.map(({ message, digest }) => ({ id: message, digest })),
      at: Math.max(...group.map(({ at }) => at)),
    },
    ctx.secretOf(row).signer,
  );
}
