import { z } from "zod";

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A length of time such as `30s`, `10m`, `2h`, `7d`, `1w` (a bare number is seconds), read as milliseconds. */
export const Duration = z
  .string()
  .regex(
    /^\d{1,9}(ms|s|m|h|d|w)?$/,
    "not a duration: expected a number and one of ms, s, m, h, d, w",
  )
  .transform((text): number => {
    const unit = /[a-z]+$/.exec(text)?.[0] ?? "s";
    return Number.parseInt(text, 10) * unitMs[unit as keyof typeof unitMs];
  });
