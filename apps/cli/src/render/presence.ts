import { names } from "@claudemesh/protocol/light";
import { cleanLine } from "../terminal/clean.ts";
import type { Printers } from "./printers.ts";

const { status, summary, visible } = names;

interface Acted {
  readonly of: "session" | "device";
  readonly sessions: number;
}

/** For whom it was set, in words. */
function whom({ of, sessions }: Acted): string {
  if (of === "session") return "this session";
  return sessions === 0 ? "this device" : `this device and its ${count(sessions)}`;
}

const count = (sessions: number): string => (sessions === 1 ? "session" : `${sessions} sessions`);

export const printers: Printers = {
  [status.set]: (set) => ({
    lines: [`${set.status}: ${whom(set)}`],
  }),
  [summary.set]: (set) => ({
    lines: [
      set.summary === ""
        ? `No summary is shown of ${whom(set)} any more.`
        : `"${cleanLine(set.summary)}": ${whom(set)}`,
    ],
  }),
  [visible.set]: (set) => ({
    lines: [
      set.visible
        ? `Others see ${whom(set)} in their peer list.`
        : `Others do not see ${whom(set)} in their peer list.`,
    ],
    notes: set.visible
      ? []
      : ["messages to you still arrive; what goes to everyone is passed over"],
  }),
};
