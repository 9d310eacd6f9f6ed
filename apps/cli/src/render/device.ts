import type { DeviceOrigin } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { device } = names;

const inWords: Record<DeviceOrigin, string> = {
  known: "yours",
  linked: "linked from here",
  revoked: "shut out by new keys",
  this: "this one",
  unknown: "NOT linked from here",
};

/** The beginning of a device id that is enough to name it. */
const shortDevice = (id: string): string => id.slice(0, 12);

export const printers: Printers = {
  [device.list]: ({ items }, { terminal, now, call }) => {
    const { icons, paint } = terminal;
    const rows = items.map((item) => [
      shortDevice(item.device),
      cleanLine(item.mesh),
      inWords[item.origin],
      item.online ? "now" : age(item.lastSeenAt, now),
      age(item.firstSeenAt, now),
    ]);
    const columns = [
      { title: "device" },
      { title: "mesh" },
      { title: "what it is", flexible: true },
      { title: "seen" },
      { title: "first seen" },
    ];
    const strange = items.filter(({ origin }) => origin === "unknown");
    return {
      lines: table(columns, rows, terminal),
      alerts: strange.map(({ device: id }) =>
        paint(
          "bad",
          `${icons.warn} WARNING: ${shortDevice(id)} acts as you and was not linked from here. If it is none of yours: ${call} device revoke ${shortDevice(id)}`,
        ),
      ),
    };
  },
  [device.revoke]: ({ device: id, done, due }, { terminal, call }) => ({
    lines: [
      `${terminal.icons.ok} ${shortDevice(id)} has no keys that count any more in: ${done.map(cleanLine).join(", ") || "no mesh yet"}`,
    ],
    alerts:
      due.length === 0
        ? []
        : [
            `${terminal.icons.warn} not reached, done as soon as they can be: ${due.map(cleanLine).join(", ")}`,
          ],
    notes: [
      `your keys are new in every mesh, and everyone was told; link your other devices again: ${call} device link, in an empty home`,
    ],
  }),
};
