import type { AnyOp } from "./op.ts";
import { type EdgeOpName, edgeOpNames, ops } from "./registry.ts";

/** Why a schedule may not call a tool; undefined where it may. What takes a permission, loses something or takes files of a machine is for someone who is there. */
export function whyNotScheduled({ attended, cli, needs, tool }: AnyOp): string | undefined {
  if (tool === undefined) return "it is no tool";
  if (needs !== undefined) return "it administers the mesh";
  if (cli?.confirm !== undefined) return "it is asked back for";
  if (cli?.here !== undefined) return "it takes files of the machine where it is asked for";
  return attended === true ? "it is for someone who is there" : undefined;
}

/** The operation behind a tool's name, or of that name. */
export const toolNamed = (name: string): EdgeOpName | undefined =>
  edgeOpNames.find((one) => {
    const { tool }: AnyOp = ops[one];
    return tool !== undefined && (tool === name || one === name);
  });

/** Whether a call that nobody knows the end of may be begun again: nothing is done twice by it. */
export const mayBegin = ({ again, kind, record }: AnyOp): boolean =>
  kind === "query" || record !== undefined || again === true;
