import type { HistoryEvent } from "./event.ts";

/** Acknowledged messages that were never shown, by where they stood among those of the same sender and recipient that were. */
export interface Lost {
  readonly prefix: readonly string[];
  readonly middle: readonly string[];
  readonly postfix: readonly string[];
}

/** What became of every message of a history, by their values. */
export interface HistoryReport {
  readonly attempts: number;
  readonly acknowledged: number;
  readonly shown: number;
  /** shown more than once, and told so each time */
  readonly again: number;
  readonly lost: Lost;
  /** shown twice without `again`, or stored twice in one inbox */
  readonly duplicated: readonly string[];
  /** never attempted, at the wrong recipient, or under an id other than the acknowledged one */
  readonly unexpected: readonly string[];
  /** shown after one that was acknowledged later, from the same sender to the same recipient */
  readonly reordered: readonly string[];
  /** in doubt at first, and arrived */
  readonly recovered: readonly string[];
  /** called failed, and yet acknowledged or shown */
  readonly contradicted: readonly string[];
}

interface Story {
  readonly value: string;
  readonly from: string;
  readonly to: string;
  wasInDoubt: boolean;
  failed: boolean;
  id: string | undefined;
  /** place in the log */
  seq: number | undefined;
  stored: number;
  shown: number;
}

/** Whether a history holds nothing that must not happen. */
export const isClean = (report: HistoryReport): boolean =>
  lostOf(report).length === 0 &&
  [report.duplicated, report.unexpected, report.reordered, report.contradicted].every(
    (values) => values.length === 0,
  );

/** All that was lost, wherever it stood. */
export const lostOf = ({ lost }: HistoryReport): readonly string[] => [
  ...lost.prefix,
  ...lost.middle,
  ...lost.postfix,
];

/** Judges a whole history, after everything was drained. Pure. Throws for a history that cannot be judged: a value attempted twice. */
export function checkHistory(events: readonly HistoryEvent[]): HistoryReport {
  const stories = new Map<string, Story>();
  const duplicated = new Set<string>();
  const unexpected = new Set<string>();
  const shownOrder = new Map<string, Story[]>();
  let again = 0;

  const begin = ({ value, from, to }: Extract<HistoryEvent, { kind: "attempt" }>) => {
    if (stories.has(value)) throw new Error(`${value} was attempted twice`);
    const story = { value, from, to, wasInDoubt: false, failed: false, stored: 0, shown: 0 };
    stories.set(value, { ...story, id: undefined, seq: undefined });
  };
  const take = (event: Exclude<HistoryEvent, { kind: "attempt" }>) => {
    const story = stories.get(event.value);
    if (story === undefined) return void unexpected.add(event.value);
    if (event.kind === "failed") story.failed = true;
    else if (event.kind === "in_doubt") story.wasInDoubt = true;
    else {
      if (story.id !== undefined && story.id !== event.id) unexpected.add(event.value);
      story.id = event.id;
      if (event.kind === "acknowledged") story.seq = event.seq;
      else if (event.by !== story.to) unexpected.add(event.value);
      else if (event.kind === "received") {
        story.stored += 1;
        if (story.stored > 1) duplicated.add(event.value);
      } else {
        story.shown += 1;
        if (story.shown === 1) orderOf(story).push(story);
        else if (event.again) again += 1;
        else duplicated.add(event.value);
      }
    }
  };
  const orderOf = (story: Story): Story[] => {
    const order = shownOrder.get(pairOf(story)) ?? [];
    shownOrder.set(pairOf(story), order);
    return order;
  };

  for (const event of events) if (event.kind === "attempt") begin(event);
  for (const event of events) if (event.kind !== "attempt") take(event);
  const all = [...stories.values()];
  const shown = all.filter((story) => story.shown > 0);
  const isSent = (story: Story) => story.seq !== undefined || story.shown > 0;
  return {
    attempts: all.length,
    acknowledged: all.filter(({ seq }) => seq !== undefined).length,
    shown: shown.length,
    again,
    lost: lostAmong(all),
    duplicated: [...duplicated],
    unexpected: [...unexpected],
    reordered: [...shownOrder.values()].flatMap(outOfOrder),
    recovered: valuesOf(shown.filter(({ wasInDoubt }) => wasInDoubt)),
    contradicted: valuesOf(all.filter((story) => story.failed && isSent(story))),
  };
}

const pairOf = ({ from, to }: Story): string => JSON.stringify([from, to]);

const valuesOf = (stories: readonly Story[]): string[] => stories.map(({ value }) => value);

function lostAmong(stories: readonly Story[]): Lost {
  const lost = { prefix: [] as string[], middle: [] as string[], postfix: [] as string[] };
  for (const pair of Map.groupBy(stories, pairOf).values()) {
    const sent = pair
      .filter(({ seq }) => seq !== undefined)
      .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
    const first = sent.findIndex((story) => story.shown > 0);
    const last = sent.findLastIndex((story) => story.shown > 0);
    for (const [place, { shown, value }] of sent.entries()) {
      if (shown > 0) continue;
      const part = place > last ? "postfix" : place < first ? "prefix" : "middle";
      lost[part].push(value);
    }
  }
  return lost;
}

/** Those shown, for the first time, after one with a later place in the log. */
function outOfOrder(shown: readonly Story[]): string[] {
  let latest = -1;
  const late: string[] = [];
  for (const { seq, value } of shown) {
    if (seq === undefined) continue;
    if (seq < latest) late.push(value);
    else latest = seq;
  }
  return late;
}
