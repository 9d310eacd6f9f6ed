import { MeshError, type OpenOutput } from "@claudemesh/protocol";
import { requireUnused } from "../../backup/replace-home.ts";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { PendingLink } from "../../linking/pending-link.ts";
import { orStopped } from "../../online/or-stopped.ts";
import { listMemberships } from "../../store/memberships.ts";
import { brokerUrl } from "../broker-url.ts";
import { requirePerson } from "../guard/only-people.ts";

type Answer = OpenOutput<"device.link">;

/**
 * One step of a link. Without a code an empty home offers itself; with one this home meets the new device; with the compared number the identity crosses. The link stays
 * in this device between the steps.
 */
export const link: DeviceHandler<"device.link"> = async (input, ctx) => {
  requirePerson(ctx, "link a device");
  if (input.refuse) return refuse(ctx);
  if (input.confirm !== undefined) return confirm(ctx, input.confirm);
  if (input.code !== undefined) return meet(ctx, input.code, input.broker);
  return offer(ctx, input);
};

async function offer(
  ctx: DeviceContext,
  { broker, wait }: { readonly broker?: string | undefined; readonly wait?: boolean | undefined },
): Promise<Answer> {
  requireUnused(ctx, false);
  if (wait) return compare(ctx, requirePending(ctx));
  let { pending } = ctx.linking;
  if (pending === undefined) {
    pending = await ctx.linking.offer(hostOf(broker ?? ctx.defaultBroker));
  }
  const { side, code, expiresAt } = pending;
  return { side, state: "offered", code, expiresAt };
}

async function meet(ctx: DeviceContext, code: string, broker?: string): Promise<Answer> {
  if (listMemberships(ctx.store).length === 0) {
    throw new MeshError("not_found", "this home has no identity to give yet", {
      hint: "type the code on a device that you have; on this empty one run `claudemesh device link` without it",
    });
  }
  return compare(
    ctx,
    await found(ctx, code, broker === undefined ? brokersOf(ctx) : [brokerUrl(broker)]),
  );
}

/** Enters the mailbox at whichever of these brokers it is. What one says of the code goes before that it is not at another, or that another is away. */
async function found(
  ctx: DeviceContext,
  code: string,
  brokers: readonly string[],
): Promise<PendingLink> {
  let refusal: MeshError | undefined;
  for (const url of brokers) {
    try {
      return await ctx.linking.meet(url, code);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      if (error.code !== "not_found" && error.code !== "offline") throw error;
      if (refusal?.code !== "offline") refusal = error;
    }
  }
  throw refusal ?? new MeshError("not_found", "there is no device link of that code");
}

async function compare(ctx: DeviceContext, pending: PendingLink): Promise<Answer> {
  const { check } = await orStopped(pending.met, ctx.closing.signal);
  const { side, code, expiresAt } = pending;
  return { side, state: "compare", code, check, expiresAt };
}

async function confirm(ctx: DeviceContext, check: string): Promise<Answer> {
  const pending = requirePending(ctx);
  const { meshes, isTaken } = await orStopped(pending.confirm(check), ctx.closing.signal);
  ctx.linking.forget();
  return { side: pending.side, state: "linked", meshes: [...meshes], isTaken };
}

async function refuse(ctx: DeviceContext): Promise<Answer> {
  const pending = requirePending(ctx);
  ctx.linking.forget();
  await pending.end();
  return { side: pending.side, state: "refused" };
}

function requirePending(ctx: DeviceContext): PendingLink {
  const { last } = ctx.linking;
  if (last !== undefined) return last;
  throw new MeshError("not_found", "no link is under way on this device", {
    hint: "begin with `claudemesh device link` on the new device",
  });
}

const brokersOf = ({ store, defaultBroker }: DeviceContext): string[] => [
  ...new Set([
    ...listMemberships(store).map(({ broker }) => broker),
    ...(defaultBroker === undefined ? [] : [defaultBroker]),
  ]),
];

function hostOf(url: string | undefined): string {
  if (url !== undefined) return brokerUrl(url);
  throw new MeshError("malformed", "broker: it is not clear over which broker the devices meet", {
    hint: "name one of your meshes' with --broker <url>",
    detail: { field: "broker" },
  });
}
