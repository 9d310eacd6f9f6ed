import type { FileInfo } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { bytesText } from "../runner/progress-line.ts";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { type PrintContext, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { file } = names;

const columns = [
  { title: "id" },
  { title: "name", flexible: true },
  { title: "size" },
  { title: "from" },
  { title: "to" },
  { title: "age" },
  { title: "tags", flexible: true },
];

const done = ({ terminal }: PrintContext, text: string): string =>
  `${terminal.paint("good", terminal.icons.ok)} ${text}`;

const nameOf = ({ name }: Pick<FileInfo, "name">): string =>
  name === undefined ? "(no key here)" : cleanLine(name);

/** The filters of a list, as they were typed. */
const flagsOf = (input: Readonly<Record<string, unknown>>): string =>
  ["topic", "from", "to", "tag", "limit"]
    .filter((name) => input[name] !== undefined)
    .map((name) => ` --${name} ${quoted(String(input[name]))}`)
    .join("");

const quoted = (word: string): string =>
  /^[\w@.:/-]+$/.test(word) ? word : `'${cleanLine(word).replaceAll("'", "'\\''")}'`;

const toOf = (to: string): string => (to === "*" ? "everyone" : cleanLine(to));

/** When nobody can prove, since who signed it, or its key, is out. */
const formerAlert = ({ former, from }: FileInfo, { terminal }: PrintContext): string[] =>
  former
    ? [`${terminal.icons.warn} by a key of ${cleanLine(from.name)} that is no member's any more`]
    : [];

export const printers: Printers = {
  [file.delete]: ({ id, name }, context) => ({
    lines: [done(context, `${name === undefined ? shortId(id) : cleanLine(name)} is deleted`)],
  }),
  [file.get]: (got, context) => ({
    lines: [done(context, `${cleanLine(got.path)} (${bytesText(got.bytes)})`)],
    alerts: formerAlert(got, context),
    notes: [
      `from ${got.from.self ? "you" : cleanLine(got.from.name)}, checked against its signature`,
    ],
  }),
  [file.grant]: ({ id, to }, context) => ({
    lines: [done(context, `${to.map(cleanLine).join(", ")} may open ${shortId(id)}`)],
  }),
  [file.list]: ({ items, before, total, pending, ignored }, { call, input, terminal, now }) => ({
    lines:
      items.length === 0
        ? ["Nobody has shared a file with you."]
        : table(
            columns,
            items.map((one) => [
              shortId(one.id),
              nameOf(one),
              bytesText(one.bytes),
              one.from.self ? "you" : cleanLine(one.from.name),
              toOf(one.to),
              age(one.createdAt, now),
              one.tags.map(cleanLine).join(" "),
            ]),
            terminal,
          ),
    alerts:
      ignored === 0 ? [] : [`${terminal.icons.warn} ${ignored} left out: they did not verify`],
    notes: [
      ...(total === undefined || total.files <= items.length
        ? []
        : [`${items.length} of ${total.files} files, ${bytesText(total.bytes)} in all`]),
      ...(before === undefined
        ? []
        : [`older: ${call} file list${flagsOf(input)} --before ${before}`]),
      ...pending.map(
        ({ name, reason, state }) =>
          `${state}: ${cleanLine(name)}${reason === undefined ? "" : `: ${cleanLine(reason)}`}`,
      ),
    ],
  }),
  [file.progress]: ({ items }) => ({
    lines:
      items.length === 0
        ? ["No file is on its way."]
        : items.map(
            ({ id, name, direction, state, done: sent, bytes }) =>
              `${state} ${direction}  ${shortId(id)}  ${cleanLine(name)}  ${bytesText(sent)} of ${bytesText(bytes)}`,
          ),
  }),
  [file.share]: ({ id, name, bytes, to, state }, context) => ({
    lines: [
      done(
        context,
        state === "shared"
          ? `${shortId(id)} ${cleanLine(name)} (${bytesText(bytes)}) is shared with ${toOf(to)}`
          : `${shortId(id)} ${cleanLine(name)} (${bytesText(bytes)}) waits here; it goes up when the broker is there`,
      ),
    ],
    notes:
      state === "shared" ? [`who has fetched it: ${context.call} file status ${shortId(id)}`] : [],
  }),
  [file.status]: (one, context) => ({
    lines: [
      `${nameOf(one)}  ${bytesText(one.bytes)}  to ${toOf(one.to)}  ${age(one.createdAt, context.now)}`,
      ...(one.recipients.length === 0
        ? []
        : [`sealed to ${one.recipients.map(cleanLine).join(", ")}`]),
      ...(one.downloads.length === 0
        ? [one.from.self ? "nobody has fetched it yet" : "you have not fetched it yet"]
        : one.downloads.map(
            ({ name, count, lastAt }) =>
              `${cleanLine(name)} fetched it ${age(lastAt, context.now)}${count > 1 ? `, ${count} times in all` : ""}`,
          )),
    ],
    notes: one.downloads.length === 0 ? [] : ["who fetched it is the broker's word"],
  }),
};
