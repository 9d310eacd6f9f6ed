import { z } from "zod";
import { edgeInput } from "../edge-input.ts";
import type { AnyOp } from "../op.ts";

/** JSON Schema (draft 2020-12) of what a caller at the edge gives; for tools, reference docs and help. */
export const edgeInputSchema = (declared: AnyOp): Record<string, unknown> =>
  z.toJSONSchema(edgeInput(declared), { io: "input", unrepresentable: "any" });

/** JSON Schema of what a caller at the edge gets. */
export const edgeOutputSchema = (declared: AnyOp): Record<string, unknown> =>
  z.toJSONSchema(declared.open?.output ?? declared.output, {
    io: "output",
    unrepresentable: "any",
  });

/** JSON Schema of the wire view's input, or output, in which sealed fields are ciphertext. */
export const wireSchema = (declared: AnyOp, side: "input" | "output"): Record<string, unknown> =>
  z.toJSONSchema(declared[side], { io: side, unrepresentable: "any" });
