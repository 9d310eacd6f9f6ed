import { type CallInfo, MeshError, type OpenOutput } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { openCall, openResult } from "./own-call.ts";

type Shown = OpenOutput<"schedule.tool">;

/** A call as its author sees it: what it does, when by its own signed word, and what came of it last. */
export function showCall(ctx: DeviceContext, row: MembershipRow, info: CallInfo): Shown {
  const { call, createdAt, fails, id, next, stopped, waiting } = info;
  const { cron, missed, zone } = call.entry;
  const last = lastOf(ctx, row, info);
  return {
    id,
    mesh: { id: row.mesh, slug: row.slug },
    ...textOf(ctx, row, info),
    ...{ missed, next, createdAt, fails },
    ...(cron === undefined ? {} : { cron }),
    ...(zone === undefined ? {} : { zone }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(last === undefined ? {} : { last }),
    ...(stopped === undefined ? {} : { stopped }),
  };
}

function textOf(ctx: DeviceContext, row: MembershipRow, { call, id }: CallInfo) {
  try {
    const { input, tool } = openCall(ctx, row, id, call);
    return { tool, input };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { tool: "unknown", input: {}, problem: error.message };
  }
}

function lastOf(ctx: DeviceContext, row: MembershipRow, { id, last }: CallInfo): Shown["last"] {
  if (last === undefined) return undefined;
  const { at, planned, result } = last;
  if (result === undefined) {
    return { at, planned, outcome: "missed", said: "none of your devices was there" };
  }
  const { outcome } = result.entry;
  try {
    return { at, planned, outcome, said: openResult(ctx, row, id, result).said };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return { at, planned, outcome: "failed", said: `the broker's word is wrong: ${error.message}` };
  }
}
