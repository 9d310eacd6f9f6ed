import { z } from "zod";

/** What JSON can say. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Any JSON. What came over the wire is; a field that is left out is not. */
export const Json = z
  .unknown()
  .refine((value) => value !== undefined, "is missing")
  .meta({ id: "Json", description: "any JSON value" }) as unknown as z.ZodType<Json>;
