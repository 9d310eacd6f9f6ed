import type { MessageState, OpenOutput, SentTo } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { shellWord } from "../runner/shell-word.ts";
import { age } from "../terminal/age.ts";
import { cleanLine, cleanText } from "../terminal/clean.ts";
import { pad, textWidth, wrap } from "../terminal/width.ts";
import { type PrintContext, type Printed, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { message } = names;
type Inbox = OpenOutput<typeof message.inbox>;

/** What stands beside the name of an API key, whose posts nobody has signed. */
export const unverified = "(via the broker, unverified)";

export const printers: Printers = {
  [message.dead_letters]: ({ items, more }, { terminal, now, call }) => ({
    lines:
      items.length === 0
        ? ["Everything that you sent has arrived or is on its way."]
        : items.flatMap(({ id, to, state, reason, text, at }) => [
            `${terminal.paint("bad", terminal.icons.bad)} ${shortId(id)} to ${cleanLine(to.name)}, ${state} ${age(at, now)}: ${cleanLine(reason)}`,
            ...wrap(cleanLine(text), terminal.columns, "    ").slice(0, 1),
          ]),
    notes:
      more > 0
        ? [`${more} older: ${call} message dead-letters --limit ${items.length + more}`]
        : [],
  }),
  [message.inbox]: printInbox,
  [message.send]: printSent,
  [message.show]: (shown, { terminal, now }) => ({
    lines: [
      [
        `${shown.direction === "sent" ? "to" : "from"} ${terminal.paint("strong", cleanLine(shown.with.name))}`,
        age(shown.createdAt, now),
        shortId(shown.id),
      ].join("  "),
      ...wrap(cleanText(shown.text), terminal.columns, "  "),
    ],
  }),
  [message.status]: (found, { now }) => {
    const other = cleanLine(found.with.name);
    const progressed =
      found.to === undefined
        ? progress(found.state, other, found.reason)
        : progressOfMany(found.state, found.to, found.reason, found.readers?.length);
    const line =
      found.direction === "sent"
        ? `${shortId(found.id)} to ${other}: ${progressed}`
        : `${shortId(found.id)} from ${other}: ${plainState(found.state, found.reason)}`;
    return { lines: [`${line} (${age(found.at, now)}${found.way ? `, by ${found.way}` : ""})`] };
  },
  [message.why]: (told, { terminal, now }) => {
    const ages = told.story.map(({ at }) => age(at, now));
    const wide = Math.max(0, ...ages.map(textWidth));
    const by = Math.max(0, ...told.story.map((step) => textWidth(step.by)));
    const steps = told.story.flatMap((step, index) => {
      const lead = `  ${pad(ages[index] ?? "", wide)}  ${pad(step.by, by)}  `;
      const indent = " ".repeat(textWidth(lead));
      const [first = "", ...more] = wrap(cleanLine(step.what), terminal.columns - indent.length);
      return [lead + first, ...more.map((line) => indent + line)];
    });
    return { lines: [...wrap(cleanLine(told.summary), terminal.columns), ...steps] };
  },
};

/** How far what was just sent has got. */
export function printSent(
  sent: OpenOutput<typeof message.send>,
  { terminal, call }: PrintContext,
): Printed {
  const to = cleanLine(sent.to.name);
  const bad = ends.has(sent.state);
  const icon = bad
    ? terminal.paint("bad", terminal.icons.bad)
    : sent.state === "queued"
      ? terminal.paint("warn", terminal.icons.wait)
      : terminal.paint("good", terminal.icons.ok);
  const progressed =
    sent.to.kind === "member"
      ? progress(sent.state, to, sent.reason)
      : progressOfMany(sent.state, sent.to, sent.reason);
  return {
    lines: [`${icon} ${shortId(sent.id)} to ${to}: ${progressed}`],
    notes:
      sent.state === "queued"
        ? [
            `it is kept here and goes out with any later command; see ${call} why ${shortId(sent.id)}`,
          ]
        : [],
  };
}

const ends: ReadonlySet<MessageState> = new Set(["expired", "refused", "undeliverable", "void"]);

function plainState(state: MessageState, reason: string | undefined): string {
  const words = state.replaceAll("_", " ");
  return reason ? `${words}: ${cleanLine(reason)}` : words;
}

/** How far a sent message has got, as a person would say it. */
function progress(state: MessageState, to: string, reason: string | undefined): string {
  switch (state) {
    case "accepted":
      return `accepted by the broker; ${to} has not stored it yet`;
    case "stored":
      return `stored by ${to}'s device`;
    case "offered":
      return `handed to ${to}'s agent or shown to ${to}`;
    default:
      return plainState(state, reason);
  }
}

/** The same of what is for many: how many it is for, and how many have said that they have it. */
function progressOfMany(
  state: MessageState,
  { kind, members = 0 }: SentTo,
  reason: string | undefined,
  readers = 0,
): string {
  const who = kind === "tag" ? "session" : "member";
  const many = `${members} ${members === 1 ? who : `${who}s`}`;
  if (ends.has(state) || state === "queued") return plainState(state, reason);
  return readers === 0
    ? `accepted by the broker for ${many}`
    : `${plainState(state, reason)}; ${readers} of ${many} ${readers === 1 ? "has" : "have"} said so`;
}

function printInbox({ items, notices, more }: Inbox, context: PrintContext): Printed {
  const { terminal, call } = context;
  const several = new Set(items.map(({ mesh }) => mesh.id)).size > 1;
  const last = items.at(-1);
  const alerts = notices.flatMap(({ mesh, text }) =>
    wrap(`${terminal.icons.warn} ${cleanLine(mesh.slug)}: ${cleanLine(text)}`, terminal.columns),
  );
  const reply = last && replyLine(last, call);
  const notes = [
    ...(reply === undefined ? [] : [reply]),
    ...(more > 0 ? [`${more} more ${more === 1 ? "waits" : "wait"}: ${call} inbox`] : []),
  ];
  if (items.length === 0) return { lines: ["No new messages."], alerts, notes };
  return { lines: items.flatMap((item) => printMessage(item, several, context)), alerts, notes };
}

function printMessage(
  item: Inbox["items"][number],
  several: boolean,
  { terminal, now }: PrintContext,
): string[] {
  const head = [
    terminal.paint("strong", cleanLine(item.from.name)),
    ...(item.plain ? [terminal.paint("warn", unverified)] : []),
    ...placeOf(item),
    ...(several ? [cleanLine(item.mesh.slug)] : []),
    age(item.createdAt, now),
    shortId(item.id),
    ...(item.replyTo ? [`answers ${shortId(item.replyTo)}`] : []),
    ...(item.priority === "now" ? ["urgent"] : []),
    ...(item.intent === "request" ? ["wants an answer"] : []),
    ...(item.intent === "ack" ? ["wants no answer"] : []),
    ...(item.again ? [`${terminal.icons.again} again`] : []),
  ].join("  ");
  return [head, ...wrap(cleanText(item.text), terminal.columns, "  ")];
}

/** Where a message to many was sent, as people write it. */
function placeOf({ kind, group, topic }: Inbox["items"][number]): string[] {
  if (kind === "broadcast") return ["to everyone"];
  if (group !== undefined) return [`to @${cleanLine(group)}`];
  return topic === undefined ? [] : [`in #${cleanLine(topic)}`];
}

/** An answer goes where the message went; what went to everyone is answered to its sender. Undefined for what no member said to one alone. */
const replyLine = (item: Inbox["items"][number], call: string): string | undefined => {
  const { from, group, plain, topic } = item;
  const many = group === undefined ? topic && `#${topic}` : `@${group}`;
  if (plain && many === undefined) return undefined;
  const to = shellWord(cleanLine(many ?? from.name));
  return `reply: ${call} send ${to} "..." --reply-to ${shortId(item.id)}`;
};
