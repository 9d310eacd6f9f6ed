import { names } from "@claudemesh/protocol/light";
import { cleanLine } from "../terminal/clean.ts";
import type { PrintContext } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { status, summary, visible } = names;

interface Acted {
  readonly of: "session" | "device";
  readonly sessions: number;
}

/** For whom it was set, in words. */
function whom({ of, sessions }: Acted, { input }: PrintContext): string {
  const where = input.mesh === undefined ? "" : ` in ${cleanLine(String(input.mesh))}`;
  if (of === "session") return `this session${where}`;
  return sessions === 0 ? `this device${where}` : `this device and its ${count(sessions)}${where}`;
}

const statusWords = { dnd: "not to be disturbed", idle: "idle", working: "working" } as const;

const count = (sessions: number): string => (sessions === 1 ? "session" : `${sessions} sessions`);

export const printers: Printers = {
  [status.set]: (set, context) => ({
    lines: [`Others see ${whom(set, context)} as ${statusWords[set.status]}.`],
  }),
  [summary.set]: (set, context) => ({
    lines: [
      set.summary === ""
        ? `No summary is shown of ${whom(set, context)} any more.`
        : `Others see beside ${whom(set, context)}: "${cleanLine(set.summary)}"`,
    ],
  }),
  [visible.set]: (set, context) => ({
    lines: [
      set.visible
        ? `Others see ${whom(set, context)} in their peer list.`
        : `Others do not see ${whom(set, context)} in their peer list.`,
    ],
    notes: set.visible
      ? []
      : ["messages to you still arrive; what goes to everyone is passed over"],
  }),
};
