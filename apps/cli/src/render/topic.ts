import type { OpenOutput, Post, TopicInfo } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine, cleanText } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";
import { printSent, unverified } from "./message.ts";
import { type PrintContext, type Printed, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";

const { topic } = names;

const columns = [
  { title: "topic", flexible: true },
  { title: "you" },
  { title: "members" },
  { title: "unread" },
  { title: "about", flexible: true },
];

const done = ({ terminal }: PrintContext, text: string): string =>
  `${terminal.paint("good", terminal.icons.ok)} ${text}`;

export const printers: Printers = {
  [topic.create]: ({ topic: made }, context) => ({
    lines: [done(context, `#${made.name} is there (${made.visibility}); you are its lead`)],
    notes: [
      made.visibility === "private"
        ? `bring someone in: ${context.call} topic invite ${made.name} <member>`
        : `post to it: ${context.call} send "#${made.name}" "..."`,
    ],
  }),
  [topic.delete]: ({ topic: ended }, context) => ({
    lines: [done(context, `#${ended.name} is deleted`)],
  }),
  [topic.edit]: (said, context) => word(said, "edited", context),
  [topic.history]: ({ items, before, notes }, context) => ({
    lines:
      items.length === 0
        ? ["Nothing was posted yet."]
        : items.flatMap((post) => printPost(post, context)),
    alerts: notes.map((note) => `${context.terminal.icons.warn} ${cleanLine(note)}`),
    notes:
      before === undefined
        ? []
        : [`older: ${context.call} topic history ${String(context.input.name)} --before ${before}`],
  }),
  [topic.invite]: ({ name, role }, context) => ({
    lines: [done(context, `${cleanLine(name)} is in the topic (${role})`)],
  }),
  [topic.join]: ({ topic: joined }, context) => ({
    lines: [done(context, `you are in #${joined.name}; its posts reach your inbox from now on`)],
    notes: [`what was posted before: ${context.call} topic history ${joined.name}`],
  }),
  [topic.leave]: ({ name, self, topic: left }, context) => ({
    lines: [
      done(
        context,
        self
          ? `you have left #${left}; nothing that is posted there reaches you any more`
          : `${cleanLine(name)} is not in #${left} any more`,
      ),
    ],
  }),
  [topic.list]: ({ items, ageMs }, { terminal }) => ({
    lines: table(columns, items.map(row), terminal),
    notes: staleNote(ageMs),
  }),
  [topic.members]: ({ items }, { terminal }) => ({
    lines: table(
      [{ title: "member", flexible: true }, { title: "role" }],
      items.map(({ name, role, self }) => [`${cleanLine(name)}${self ? " (you)" : ""}`, role]),
      terminal,
    ),
  }),
  [topic.pin]: ({ id, pinned }, context) => ({
    lines: [done(context, `${shortId(id)} is ${pinned ? "pinned" : "pinned no more"}`)],
  }),
  [topic.post]: printSent,
  [topic.react]: ({ id, emoji }, context) => ({
    lines: [done(context, `${shortId(id)} ${cleanLine(emoji)}`)],
  }),
  [topic.read]: ({ read }, context) => ({
    lines:
      read === 0
        ? ["Nothing was unread."]
        : [done(context, read === 1 ? "1 post is read now" : `${read} posts are read now`)],
  }),
  [topic.retract]: (said, context) => word(said, "taken back", context),
  [topic.tail]: ({ items }, context) => ({
    lines:
      items.length === 0
        ? ["Nothing was posted yet."]
        : items.flatMap((post) => printPost(post, context)),
  }),
  [topic.update]: ({ topic: changed }, context) => ({
    lines: [done(context, `#${changed.name}: ${cleanLine(changed.description ?? "")}`)],
  }),
};

/** A topic as its verbs take it. */
const written = ({ name, visibility }: TopicInfo): string =>
  visibility === "dm"
    ? `@${cleanLine(name)} (dm)`
    : `#${name}${visibility === "private" ? " (private)" : ""}`;

const row = (one: TopicInfo): string[] => [
  written(one),
  one.role ?? "not in it",
  `${one.members}`,
  one.role === undefined ? "" : `${one.unread}`,
  cleanLine(one.description ?? ""),
];

function word(
  { id, state }: OpenOutput<typeof topic.edit>,
  what: string,
  context: PrintContext,
): Printed {
  const { icons, paint } = context.terminal;
  return state === "queued"
    ? { lines: [`${paint("warn", icons.wait)} ${shortId(id)} is ${what} once the broker is there`] }
    : { lines: [done(context, `${shortId(id)} is ${what}`)] };
}

/** One post: who wrote it, when, its id, then its text and what others made of it. */
function printPost(post: Post, { terminal, now }: PrintContext): string[] {
  const head = [
    terminal.paint("strong", `${cleanLine(post.from.name)}${post.from.self ? " (you)" : ""}`),
    ...(post.plain ? [terminal.paint("warn", unverified)] : []),
    age(post.createdAt, now),
    shortId(post.id),
    ...(post.seq === undefined ? ["waits to be sent"] : []),
    ...(post.replyTo === undefined ? [] : [`answers ${shortId(post.replyTo)}`]),
    ...(post.editedAt === undefined ? [] : ["edited"]),
    ...(post.pinned ? ["pinned"] : []),
    ...(post.undated ? ["time not provable"] : []),
  ].join("  ");
  const reactions = post.reactions
    .map(({ emoji, by }) => `${cleanLine(emoji)} ${by.map(cleanLine).join(", ")}`)
    .join(" · ");
  return [
    head,
    ...wrap(bodyOf(post), terminal.columns, "  "),
    ...(reactions === "" ? [] : wrap(reactions, terminal.columns, "  ")),
  ];
}

function bodyOf({ closed, retractedAt, text }: Post): string {
  if (closed !== undefined) return `(closed: ${closed.why}; ${closed.next})`;
  return retractedAt === undefined ? cleanText(text) : "(taken back by its author)";
}
