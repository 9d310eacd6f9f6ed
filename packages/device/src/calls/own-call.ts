import { openOwnCall, sealCallResult, verifyCallResult, verifyDueCall } from "@claudemesh/crypto";
import {
  type CallResult,
  type JobId,
  MeshError,
  parse,
  type SealedCall,
  type SealedResult,
} from "@claudemesh/protocol";
import { z } from "zod";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** What a member's devices do, as it is sealed. */
export const CallText = z.strictObject({
  tool: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** the agent session that asked for it */
  session: z.string().optional(),
});
export type CallText = z.infer<typeof CallText>;

/** What came of it, as it is sealed. */
const ResultText = z.strictObject({ tool: z.string(), said: z.string() });
export type ResultText = z.infer<typeof ResultText>;

/** Opens a call. Throws `bad_signature` unless this member signed it, with the keys that it has now, for this job: what a lost device's keys signed is not done. */
export function openCall(
  ctx: DeviceContext,
  row: MembershipRow,
  job: JobId,
  call: SealedCall,
): CallText {
  requireOwn(row, job, call.entry);
  verifyDueCall(call.entry, row.sign_key);
  return opened(ctx, row, CallText, call);
}

/** Opens what another device of this member, or this one, says of a call. Throws as `openCall`. */
export function openResult(
  ctx: DeviceContext,
  row: MembershipRow,
  job: JobId,
  result: SealedResult,
): ResultText {
  requireOwn(row, job, result.entry);
  verifyCallResult(result.entry, row.sign_key);
  return opened(ctx, row, ResultText, result);
}

/** Seals what came of a call, for this member's devices. */
export function sealResult(
  ctx: DeviceContext,
  row: MembershipRow,
  of: Pick<CallResult, "job" | "outcome" | "planned">,
  text: ResultText,
): SealedResult {
  const { device, member, mesh } = row;
  const { keys, signer } = ctx.secretOf(row);
  return sealCallResult({
    statement: { ...of, mesh, member, device, madeAt: Math.round(ctx.now()) },
    text: JSON.stringify(text),
    to: keys.seal,
    signer,
    random: ctx.random,
  });
}

function requireOwn(
  { member, mesh, sign_key: key }: MembershipRow,
  job: JobId,
  entry: SealedCall["entry"] | SealedResult["entry"],
): void {
  const isOwn = entry.mesh === mesh && entry.member === member && entry.job === job;
  if (!isOwn) throw new MeshError("bad_signature", "it was signed for something else");
  if (entry.author === key) return;
  throw new MeshError("bad_signature", "it was signed with keys that you have replaced");
}

function opened<S extends z.ZodType>(
  ctx: DeviceContext,
  row: MembershipRow,
  schema: S,
  sealed: SealedCall | SealedResult,
): z.output<S> {
  const text = openOwnCall(sealed, ctx.secretOf(row).opener);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MeshError("malformed", "call: what is sealed is no JSON");
  }
  return parse(schema, value, "call");
}
