import type { CallResult } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { DueCallKey } from "../store/due-call-rows.ts";
import { addNotice } from "../store/notices.ts";
import type { ResultText } from "./own-call.ts";

const inWords = { done: "was done", failed: "failed", skipped: "was skipped" } as const;
/** characters of what came of it that an inbox shows; the list of schedules has more */
const shown = 300;

interface Came extends ResultText {
  readonly outcome: CallResult["outcome"];
  readonly stopped?: true | undefined;
}

/** Tells what came of a call, once per time of it, in the next `inbox`. Part of the caller's transaction. */
export function tellResult(
  ctx: DeviceContext,
  key: DueCallKey,
  { outcome, said, stopped, tool }: Came,
): void {
  const short = said.length > shown ? `${said.slice(0, shown)}…` : said;
  const end = stopped ? "; it failed too often and is called no more" : "";
  note(ctx, key, `scheduled ${tool} ${inWords[outcome]}: ${short}${end}`);
}

/** Tells of a call whose words this device does not have. Part of the caller's transaction. */
export const tellUnread = (ctx: DeviceContext, key: DueCallKey, what: string): void =>
  note(ctx, key, `schedule ${key.job.slice(-8)} ${what}`);

const note = (ctx: DeviceContext, { job, mesh, planned }: DueCallKey, text: string): void => {
  addNotice(ctx.store, {
    ...{ mesh, code: "schedule", text },
    key: `call:${job}:${planned}`,
    at: ctx.now(),
  });
};
