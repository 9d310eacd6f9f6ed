import type { Opener } from "@claudemesh/crypto";
import { Audience, type MeshId, type SessionId, sessionOf } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getSession } from "../store/session-rows.ts";
import { keysOf } from "./session-keys.ts";

/** Whom an envelope that nobody has checked yet says it is for; undefined where it says nothing that can be read. */
export const claimedAudience = (envelope: unknown): Audience | undefined =>
  Audience.safeParse((envelope as { header?: { to?: unknown } } | null)?.header?.to).data;

/** The live session of this home that an audience names, with what opens its messages; undefined for any other. */
export function openSession(
  { store }: DeviceContext,
  mesh: MeshId,
  to: Audience | undefined,
): { readonly id: SessionId; readonly opener: Opener } | undefined {
  const id = to && sessionOf(to);
  const row = id === undefined ? undefined : getSession(store, mesh, id);
  const keys = row === undefined ? undefined : keysOf(row);
  return id === undefined || keys === undefined ? undefined : { id, opener: keys.opener };
}

/** Whether an audience names a session that this home had and that has ended. */
export function hasEnded(
  { store }: DeviceContext,
  mesh: MeshId,
  to: Audience | undefined,
): boolean {
  const id = to && sessionOf(to);
  return id !== undefined && (getSession(store, mesh, id)?.ended_at ?? null) !== null;
}
