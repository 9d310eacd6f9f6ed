import { sealDueCall, uuidv4 } from "@claudemesh/crypto";
import {
  type AnyOp,
  edgeInput,
  type JobId,
  MeshError,
  ops,
  parse,
  toolNamed,
  whyNotScheduled,
} from "@claudemesh/protocol";
import type { CallText } from "../../calls/own-call.ts";
import { showCall } from "../../calls/show-call.ts";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { whenAsked } from "../../jobs/when.ts";
import { targetMesh } from "../target-mesh.ts";

/** Seals what this member's devices are to do at a time; the broker learns when, and that it is a tool. */
export const tool: DeviceHandler<"schedule.tool"> = async (asked, ctx) => {
  const { mesh, tool: typed, input, missed, ...at } = asked;
  const row = targetMesh(ctx, mesh);
  const when = whenAsked(at, ctx.now());
  const text = JSON.stringify(callText(ctx, typed, input));
  const { keys, signer } = ctx.secretOf(row);
  return await ctx.links.using(row, async (link) => {
    const now = Math.round(ctx.now() + link.clockAheadMs);
    const { inMs, ...named } = { inMs: undefined, ...when };
    const call = sealDueCall({
      statement: {
        ...{ mesh: row.mesh, member: row.member, missed, madeAt: now },
        job: `job_${uuidv4(ctx.random)}` as JobId,
        ...(inMs === undefined ? named : { at: now + inMs }),
      },
      text,
      to: keys.seal,
      signer,
      random: ctx.random,
    });
    return showCall(ctx, row, await link.client.schedule.tool({ call }));
  });
};

/** Throws `malformed` naming the field for a tool that is not called at a time, and for input that it does not take. */
function callText({ agentSession }: DeviceContext, typed: string, json: string): CallText {
  const name = toolNamed(typed);
  if (name === undefined) throw wrong("tool", `there is no tool ${typed}`);
  const declared: AnyOp = ops[name];
  const refusal = whyNotScheduled(declared);
  if (refusal !== undefined) throw wrong("tool", `${typed} cannot be scheduled: ${refusal}`);
  const input = objectOf(json);
  if (input.mesh !== undefined) throw wrong("input.mesh", "give --mesh: it is the schedule's own");
  try {
    parse(edgeInput(declared), input, "input");
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "malformed") throw error;
    const field = String(error.detail?.field ?? "input");
    if (field === "input") throw error;
    throw new MeshError("malformed", `input.${error.message}`, {
      detail: { field: `input.${field}` },
      hint: `what ${declared.tool} takes: claudemesh ${name.replace(".", " ")} --help`,
    });
  }
  const session = agentSession === undefined ? {} : { session: agentSession };
  return { tool: declared.tool ?? name, input, ...session };
}

function objectOf(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrong("input", 'not JSON, such as {"to":"bob","text":"stand up"}');
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw wrong("input", "expected a JSON object");
}

const wrong = (field: string, message: string): MeshError =>
  new MeshError("malformed", `${field}: ${message}`, { detail: { field } });
