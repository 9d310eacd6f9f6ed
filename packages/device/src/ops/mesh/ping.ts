import { sealDirect } from "@claudemesh/crypto";
import { audienceOf, MeshError, Priority } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { type RunningFeed, startFeed } from "../../feed/run-feed.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { drawCounter } from "../../store/outbox-rows.ts";
import { targetMesh } from "../target-mesh.ts";

type Output = Awaited<ReturnType<typeof ping>>;
type Probe = Output["probes"][number];
type Leg = Probe["legs"][number];

const pushWaitMs = 5_000;
const legNames = ["connect", "hello", "append", "push", "open"] as const;

/** Sends one probe to oneself per priority, and times each leg of its way round. */
export const ping: DeviceHandler<"mesh.ping"> = async ({ mesh }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const probes: Probe[] = [];
  const feed = await openFeed(ctx, row);
  try {
    for (const priority of Priority.options) {
      if (ctx.closing.signal.aborted) throw new MeshError("cancelled", "stopped");
      probes.push(await probeOnce(ctx, row, priority, feed));
    }
  } finally {
    if (feed.is === "mine") await feed.running.stop();
  }
  if (ctx.closing.signal.aborted) throw new MeshError("cancelled", "stopped");
  const ok = probes.every(({ legs }) => legs.every((leg) => leg.ok));
  return { ok, mesh: row.slug, probes };
};

type FeedAccess =
  | { readonly is: "mine"; readonly running: RunningFeed }
  | { readonly is: "elsewhere" }
  | { readonly is: "failed"; readonly why: string };

async function openFeed(ctx: DeviceContext, row: MembershipRow): Promise<FeedAccess> {
  try {
    const running = await startFeed(ctx, row);
    if (running === undefined) return { is: "elsewhere" };
    await running.caughtUp;
    return { is: "mine", running };
  } catch (error) {
    if (error instanceof MeshError) return { is: "failed", why: error.message };
    throw error;
  }
}

async function probeOnce(
  ctx: DeviceContext,
  row: MembershipRow,
  priority: Priority,
  feed: FeedAccess,
): Promise<Probe> {
  const started = ctx.now();
  const legs: Leg[] = [];
  const failed = (leg: Leg["leg"], error: unknown): Probe => {
    if (!(error instanceof MeshError)) throw error;
    legs.push({ leg, ok: false, note: error.message });
    for (const name of legNames.slice(legNames.indexOf(leg) + 1)) {
      legs.push({ leg: name, ok: false, note: `not tried: ${leg} failed` });
    }
    return { priority, legs, totalMs: ctx.now() - started };
  };
  const timed = (leg: Leg["leg"], since: number) =>
    legs.push({ leg, ok: true, ms: ctx.now() - since });

  let at = ctx.now();
  try {
    const anonymous = await ctx.links.anonymous(row.broker);
    timed("connect", at);
    await anonymous.close();
  } catch (error) {
    return failed("connect", error);
  }
  at = ctx.now();
  let link: MeshLink;
  try {
    link = await ctx.links.open(row, "call");
  } catch (error) {
    return failed("hello", error);
  }
  timed("hello", at);
  try {
    return await throughLog(ctx, row, link, { priority, feed, started, legs, failed });
  } finally {
    await link.client.close();
  }
}

async function throughLog(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  probe: {
    readonly priority: Priority;
    readonly feed: FeedAccess;
    readonly started: number;
    readonly legs: Leg[];
    readonly failed: (leg: Leg["leg"], error: unknown) => Probe;
  },
): Promise<Probe> {
  const { priority, feed, started, legs, failed } = probe;
  const id = ctx.ids.nextMessageId();
  const arrived = Promise.withResolvers<{ pushed: number; opened: number } | undefined>();
  ctx.probes.set(id, arrived.resolve);
  const cancel = ctx.timer(pushWaitMs, () => arrived.resolve(undefined));
  try {
    const at = ctx.now();
    try {
      await link.client.mesh.ping({ probe: sealProbe(ctx, row, id, priority) });
    } catch (error) {
      return failed("append", error);
    }
    legs.push({ leg: "append", ok: true, ms: ctx.now() - at });
    if (feed.is === "elsewhere") {
      const note = "skipped: another process of this home reads the feed";
      legs.push({ leg: "push", ok: true, note }, { leg: "open", ok: true, note });
      return { priority, legs, totalMs: ctx.now() - started };
    }
    if (feed.is === "failed") return failed("push", new MeshError("offline", feed.why));
    const back = await arrived.promise;
    if (back === undefined) {
      return failed("push", new MeshError("timeout", `nothing came back within ${pushWaitMs} ms`));
    }
    legs.push({ leg: "push", ok: true, ms: Math.max(0, back.pushed - at) });
    legs.push({ leg: "open", ok: true, ms: back.opened - back.pushed });
    return { priority, legs, totalMs: ctx.now() - started };
  } finally {
    cancel();
    ctx.probes.delete(id);
  }
}

function sealProbe(
  ctx: DeviceContext,
  row: MembershipRow,
  id: Parameters<DeviceContext["probes"]["get"]>[0],
  priority: Priority,
) {
  const { signer, opener } = ctx.secretOf(row);
  const to = audienceOf(row.member);
  return sealDirect({
    header: {
      v: 1,
      id,
      mesh: row.mesh,
      from: { member: row.member, device: row.device },
      to,
      priority,
      kind: "probe",
      contentType: "application/json",
      createdAt: ctx.now(),
      head: ctx.rosters.of(row.mesh).head,
      n: ctx.store.write(() => drawCounter(ctx.store, row.mesh, to)),
    },
    body: { text: "" },
    to: opener.key,
    signer,
    random: ctx.random,
  });
}
