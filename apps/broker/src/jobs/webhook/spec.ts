import type { Audience, WebhookInfo } from "@claudemesh/protocol";
import { z } from "zod";
import type { JobRow } from "../../store/jobs-port.ts";
import { JobState } from "../schedule/spec.ts";

/** What a webhook does with what comes, as it is stored. */
export const WebhookSpec = z.object({ name: z.string(), to: z.string() });

/** Where others post to. */
export const hookPath = "/v1/hooks/";

/** A webhook as members are told of it; its secret is told once, when it is made. */
export function describeWebhook(row: JobRow, publicUrl: string): WebhookInfo {
  const { name, to } = WebhookSpec.parse(JSON.parse(row.spec));
  const { last } = JobState.parse(JSON.parse(row.state));
  return {
    id: row.id,
    author: row.author,
    createdAt: row.createdAt,
    fails: row.fails,
    ...(last === undefined ? {} : { last }),
    ...(row.stopped === null ? {} : { stopped: row.stopped }),
    name,
    to: to as Audience,
    url: `${publicUrl}${hookPath}${row.id}`,
  };
}
