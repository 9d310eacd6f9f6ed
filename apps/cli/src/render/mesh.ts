import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pairs, table } from "../terminal/table.ts";
import { entriesOf } from "./default.ts";
import type { Printers } from "./printers.ts";
import { verifiedSoFar } from "./roster-check.ts";
import { sharedLine } from "./shared-counts.ts";
import { staleNote } from "./stale-note.ts";

const { mesh } = names;
/** Characters of a mesh id that fit a line and still name it; `--json` has all. */
const shownId = 21;

export const printers: Printers = {
  [mesh.create]: (made, { terminal, call }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} ${cleanLine(made.name)} is made, with you as its ${made.role} (${cleanLine(made.displayName)}).`,
    ],
    notes: [`next: ${call} invite --mesh ${made.slug}`],
  }),
  [mesh.info]: ({ ageMs, head, policy, rosterCheck, ...info }, context) => {
    // Who was online a while ago says nothing of now.
    const online = ageMs > 0 ? "" : `, ${info.online} online`;
    const { name: _shown, ...rules } = policy;
    const rows: [string, string][] = [
      ["mesh", info.slug],
      ["name", cleanLine(info.name)],
      ["id", info.id.slice(0, shownId)],
      ["broker", `${cleanLine(info.broker)}, protocol ${info.version}`],
      ["created", age(info.createdAt, context.now)],
      ["members", `${info.members}${online}`],
      ["groups", `${info.groups}`],
      ["topics", `${info.topics}`],
      ["unread", unreadOf(info)],
      ["shared", sharedLine(info)],
      ["log", `${info.seq} entries, ${head.seq + 1} of them in the roster`],
      ...(rosterCheck === undefined
        ? []
        : [["roster", verifiedSoFar(rosterCheck)] satisfies [string, string]]),
    ];
    return {
      lines: pairs([...rows, ...entriesOf(rules, context)], context.terminal),
      notes: staleNote(ageMs),
    };
  },
  [mesh.leave]: ({ slug }, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} You left ${cleanLine(slug)}; its keys are gone from this machine.`,
    ],
  }),
  [mesh.templates]: ({ items }, { terminal, call }) => {
    const columns = [
      { title: "template" },
      { title: "for", flexible: true },
      { title: "groups" },
      { title: "topics", flexible: true },
      { title: "state" },
    ];
    const rows = items.map(({ name, summary, groups, topics, stateKeys }) => [
      name,
      summary,
      groups.map((group) => `@${group}`).join(" "),
      topics.map((topic) => `#${topic}`).join(" "),
      stateKeys.join(" "),
    ]);
    return {
      lines: table(columns, rows, terminal),
      notes: [`begin with one: ${call} mesh new <name> --template <template>`],
    };
  },
  [mesh.list]: ({ items }, { terminal, call }) => {
    if (items.length === 0) {
      return {
        lines: ["You are in no mesh yet."],
        notes: [`next: ${call} up starts one here; ${call} join <link> enters another's`],
      };
    }
    const rows = items.map((item) => [
      cleanLine(item.slug),
      cleanLine(item.displayName),
      item.role,
      String(item.members),
      String(item.topics),
      unreadOf(item),
      cleanLine(item.broker),
    ]);
    const columns = [
      { title: "mesh" },
      { title: "you", flexible: true },
      { title: "role" },
      { title: "members" },
      { title: "topics" },
      { title: "unread" },
      { title: "broker", flexible: true },
    ];
    return {
      lines: table(columns, rows, terminal),
      alerts: items.flatMap(({ slug, warning, rosterCheck }) =>
        [warning, rosterCheck && (rosterCheck.alarm ?? `roster: ${verifiedSoFar(rosterCheck)}`)]
          .filter((said) => said !== undefined)
          .map((said) => `${terminal.icons.warn} ${cleanLine(slug)}: ${cleanLine(said)}`),
      ),
    };
  },
  [mesh.ping]: ({ ok, mesh: slug, probes }, { terminal, call }) => {
    const legs = probes[0]?.legs.map(({ leg }) => leg) ?? [];
    const rows = probes.map(({ priority, legs: timed, totalMs }) => [
      priority,
      ...timed.map((leg) => (leg.ok ? ms(leg.ms) : terminal.icons.bad)),
      ms(totalMs),
    ]);
    const failed = probes.flatMap((probe) => probe.legs).find((leg) => !leg.ok);
    const verdict = ok
      ? `${terminal.paint("good", terminal.icons.ok)} ${cleanLine(slug)}: every leg works.`
      : `${terminal.paint("bad", terminal.icons.bad)} ${cleanLine(slug)}: ${failed?.leg ?? "a leg"} failed${failed?.note ? `: ${cleanLine(failed.note)}` : "."}`;
    const columns = ["priority", ...legs, "total"].map((title) => ({ title }));
    return {
      lines: [verdict, ...table(columns, rows, terminal)],
      notes: failed?.note?.startsWith("cannot reach")
        ? [`next: start the broker where it runs: ${call} up`]
        : [],
    };
  },
  [mesh.rename]: ({ slug, name }, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} ${cleanLine(slug)} is now named ${cleanLine(name)}.`,
    ],
  }),
  [mesh.settings]: ({ slug, policy }, context) => ({
    lines: pairs([["mesh", slug], ...entriesOf(policy, context)], context.terminal),
  }),
};

const unreadOf = ({ mentions, unread }: { mentions: number; unread: number }): string =>
  mentions === 0
    ? `${unread}`
    : `${unread}, ${mentions} ${mentions === 1 ? "mention" : "mentions"}`;

const ms = (time: number | undefined): string =>
  time === undefined ? "" : `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
