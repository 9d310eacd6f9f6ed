import { audienceOfTopic, type TopicId } from "@claudemesh/protocol";
import { keyMessage, type LoggedMessage } from "../../api-keys/key-message.ts";
import { placeText, seqOf } from "../../api-keys/log-place.ts";
import { hiddenFrom } from "../../grants.ts";
import type { CallContext, Handler } from "../../handler.ts";
import type { LogEntry } from "../../store/port.ts";
import { foundTopic } from "./found-topic.ts";
import { pastOf } from "./history.ts";

type Context = CallContext<"topic.posts">;

/** A page of a topic, oldest first: the newest, or what lies before or after a place. Whom the key's owner has blocked is left out. */
export const posts: Handler<"topic.posts"> = async ({ topic, after, before, limit }, ctx) => {
  const { actor, displayNames, grants, roster, store } = ctx;
  const found = await foundTopic(topic, ctx);
  const [row, names, past, held] = await Promise.all([
    store.read.mesh(actor.mesh),
    displayNames.of(actor.mesh),
    pastOf(found, ctx),
    grants.of(actor.mesh),
  ]);
  if (row === undefined) throw ctx.fail("unavailable", "the mesh cannot be read right now");
  const from = Math.max(past, after === undefined ? 0 : seqOf(after, row));
  const until = before === undefined ? row.headSeq + 1 : seqOf(before, row);
  const read = after === undefined ? backwards : forwards;
  const { entries, more } = await read({ topic, from, until, limit }, ctx);
  const hides = hiddenFrom(held, roster, actor.member);
  const shown = entries.filter((entry) => !hides(asEntry(entry, topic)));
  const last = entries.at(-1);
  const first = entries[0];
  return {
    items: shown.map((entry) => keyMessage(entry, row, names)),
    more,
    ...(last === undefined ? {} : { after: placeText(row, last.seq) }),
    ...(first === undefined ? {} : { before: placeText(row, first.seq) }),
  };
};

interface Range {
  readonly topic: TopicId;
  /** both left out */
  readonly from: number;
  readonly until: number;
  readonly limit: number;
}

interface Page {
  readonly entries: readonly LoggedMessage[];
  readonly more: boolean;
}

async function backwards(
  { topic, from, until, limit }: Range,
  { actor, store }: Context,
): Promise<Page> {
  const query = { topic, after: from, before: until, limit: limit + 1 };
  const rows = await store.read.posts(actor.mesh, query);
  return { entries: rows.slice(0, limit).reverse(), more: rows.length > limit };
}

/** entries that one read of the log brings */
const chunk = 256;

async function forwards(
  { topic, from, until, limit }: Range,
  { actor, store }: Context,
): Promise<Page> {
  const entries: LoggedMessage[] = [];
  const audiences = [audienceOfTopic(topic)];
  for (let after = from; entries.length <= limit; ) {
    const upTo = until - 1;
    const rows = await store.read.log(actor.mesh, { after, upTo, audiences, limit: chunk });
    entries.push(...rows.filter(isMessage));
    after = rows.at(-1)?.seq ?? until;
    if (rows.length < chunk) break;
  }
  return { entries: entries.slice(0, limit), more: entries.length > limit };
}

/** Whether an entry is something that was said. */
export const isMessage = (entry: LogEntry): entry is LogEntry & LoggedMessage =>
  (entry.kind === "message" || entry.kind === "plain") && entry.body !== null;

const asEntry = (entry: LoggedMessage, topic: TopicId): LogEntry => ({
  ...entry,
  audience: audienceOfTopic(topic),
  sender: senderOf(entry),
});

function senderOf({ kind, body }: LoggedMessage): LogEntry["sender"] {
  const said = JSON.parse(body);
  return kind === "plain" ? said.from.owner : said.header.from.member;
}
