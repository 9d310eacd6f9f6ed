import { z } from "zod";
import { type ErrorCode, errorTable } from "./errors.ts";

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** The one error shape on every surface, inside `{"error": …}`. */
export const ErrorBody = z.object({
  code: z.enum(codes),
  message: z.string(),
  hint: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  requestId: z.string().optional(),
  retryAfterMs: z.int().min(0).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
