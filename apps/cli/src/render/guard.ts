import type { OpenOutput } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { type PrintContext, type Printed, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { guard } = names;
type Status = OpenOutput<typeof guard.status>;

export const printers: Printers = {
  [guard.release]: ({ thread, restarted, released }, { terminal }) => ({
    lines: [
      ...(restarted
        ? [`${terminal.icons.ok} thread ${shortId(thread)} may go on; its count begins anew`]
        : []),
      ...shownNow(released.length, terminal.icons.ok),
    ],
  }),
  [guard.set]: ({ name, rule, released }, { terminal }) => ({
    lines: [
      `${terminal.icons.ok} ${cleanLine(name)}: ${inWords[rule]}`,
      ...shownNow(released.length, terminal.icons.ok),
    ],
  }),
  [guard.status]: printStatus,
};

const inWords = {
  accept: "messages are shown",
  hold: "messages are held until you release them",
  refuse: "messages are turned away, and the sender is told",
} as const;

const reasons: Readonly<Record<string, string>> = {
  awaiting_approval: "waits for you",
  loop_limit: "thread stopped",
};

const shownNow = (count: number, icon: string): string[] =>
  count === 0
    ? []
    : [`${icon} ${count} held ${count === 1 ? "message waits" : "messages wait"} in the inbox now`];

function printStatus(answer: Status, context: PrintContext): Printed {
  const { terminal, call } = context;
  const { limits, senders, held, stopped } = answer;
  const lines = [
    `${terminal.icons.on} loops    stop after ${limits.hops} messages of agents in a thread without a person`,
    `${terminal.icons.on} bursts   ${limits.burst} messages of agents to one recipient in ${limits.burstMs / 1000} s`,
    `${terminal.icons.on} repeats  the same text to the same recipient counts once in ${limits.repeatMs / 1000} s`,
    ...senderLines(senders, context),
    ...stoppedLines(stopped, context),
    ...heldLines(held, context),
  ];
  const first = stopped[0]?.thread ?? held[0]?.id;
  const notes =
    first === undefined
      ? ["nothing is held or stopped"]
      : [`let it go on: ${call} guard release ${shortId(first)}`];
  return { lines, notes };
}

function senderLines(senders: Status["senders"], { terminal, now }: PrintContext): string[] {
  if (senders.length === 0) return [];
  const rows = senders.map(({ name, mesh, rule, at }) => [
    cleanLine(name),
    cleanLine(mesh.slug),
    inWords[rule],
    age(at, now),
  ]);
  const columns = [
    { title: "sender", flexible: true },
    { title: "mesh" },
    { title: "rule" },
    { title: "since" },
  ];
  return ["", ...table(columns, rows, terminal)];
}

function stoppedLines(stopped: Status["stopped"], { terminal, now }: PrintContext): string[] {
  if (stopped.length === 0) return [];
  const rows = stopped.map(({ thread, mesh, hops, at }) => [
    shortId(thread),
    cleanLine(mesh.slug),
    `${hops}`,
    age(at, now),
  ]);
  const columns = [
    { title: "stopped" },
    { title: "mesh" },
    { title: "messages" },
    { title: "when" },
  ];
  return ["", ...table(columns, rows, terminal)];
}

function heldLines(held: Status["held"], { terminal, now }: PrintContext): string[] {
  if (held.length === 0) return [];
  const rows = held.map(({ id, from, mesh, reason, receivedAt }) => [
    shortId(id),
    cleanLine(from.name),
    cleanLine(mesh.slug),
    reasons[reason] ?? cleanLine(reason),
    age(receivedAt, now),
  ]);
  const columns = [
    { title: "held" },
    { title: "from", flexible: true },
    { title: "mesh" },
    { title: "why" },
    { title: "came" },
  ];
  return ["", ...table(columns, rows, terminal)];
}
