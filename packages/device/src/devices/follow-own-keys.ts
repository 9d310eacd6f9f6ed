import type { MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getMembership, setSignKey } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { shutOutOthers } from "../store/own-device-rows.ts";
import { dropAttestations } from "../store/session-rows.ts";
import { sayAgain } from "./say-again.ts";
import { sendAgain } from "./send-again.ts";

/**
 * Goes over to the keys that the chain gives this home's member, where they come from a seed of this home; else says loudly that another has replaced them. Part of
 * the write that stores the chain, so that keys and chain are never apart.
 */
export function followOwnKeys(ctx: DeviceContext, mesh: MeshId): void {
  const { store } = ctx;
  const row = getMembership(store, mesh);
  const keys = row && ctx.rosters.of(mesh).members.get(row.member)?.keys;
  if (row === undefined || keys === undefined || keys.sign === row.sign_key) return;
  const at = ctx.now();
  if (ctx.keyring.find(row, keys.sign) === undefined) {
    addNotice(store, {
      mesh,
      key: `own_rekey:${keys.sign}`,
      code: "own_keys_replaced",
      text: `your own keys in ${row.slug} were replaced, by another device of yours or by an owner: this device does not act as you any more. Link it again with claudemesh device link in an empty home; if nobody you know did this, speak to an owner`,
      at,
    });
    return;
  }
  setSignKey(store, mesh, keys.sign);
  shutOutOthers(store, mesh, row.device);
  dropAttestations(store, mesh);
  sendAgain(ctx, mesh);
  sayAgain(ctx, mesh);
}
