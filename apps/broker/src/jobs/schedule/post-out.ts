import type { JobId } from "@claudemesh/protocol";
import type { JobParts } from "../context.ts";
import type { Outcome } from "../settle-run.ts";
import type { ScheduleSpec } from "./spec.ts";

/** characters of an answer that its author is told */
const shown = 2_000;

/** Posts to a URL for a member. A node may die between the post and the note of it: the same run bears the same Idempotency-Key then. */
export async function postOut(
  { url, body }: Extract<ScheduleSpec, { what: "webhook" }>,
  { job, planned }: { readonly job: JobId; readonly planned: number },
  { fetch }: JobParts,
): Promise<Outcome> {
  try {
    const answer = await fetch.ask({
      url,
      method: "POST",
      body: body ?? "",
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        "idempotency-key": `${job}-${planned}`,
      },
    });
    const ok = answer.status >= 200 && answer.status < 300;
    const said = `${hostOf(url)} answered ${answer.status}`;
    const text = answer.body.toString("utf8").slice(0, shown);
    return { ok, said, ...(ok ? { tell: text === "" ? said : `${said}:\n${text}` } : {}) };
  } catch (error) {
    return { ok: false, said: error instanceof Error ? error.message : "the post failed" };
  }
}

/** A URL may hold secrets in its path. */
const hostOf = (url: string): string => URL.parse(url)?.host ?? "it";
