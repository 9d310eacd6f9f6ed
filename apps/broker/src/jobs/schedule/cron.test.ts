import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextTimes } from "./cron.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Auckland",
  "Pacific/Chatham",
];

const formats = new Map(
  zones.map((zone) => [
    zone,
    new Intl.DateTimeFormat("en", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" },
    }),
  ]),
);

/** What a clock on the wall says, as if it stood in London without summer time: a number that can be compared. */
function wall(zone: string, at: number): number {
  const parts = formats.get(zone)?.formatToParts(at) ?? [];
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
}

/** When a wall clock first shows a time, or, where it never does, a later one. */
function whenShown(zone: string, shown: number): number {
  const offsets = [-day, 0, day].map((off) => wall(zone, shown + off) - (shown + off));
  const exact = offsets.map((offset) => shown - offset).filter((at) => wall(zone, at) === shown);
  if (exact.length > 0) return Math.min(...exact);
  let [before, after] = [shown - day, shown + day];
  while (after - before > minute) {
    const middle = before + Math.floor((after - before) / 2 / minute) * minute;
    if (wall(zone, middle) < shown) before = middle;
    else after = middle;
  }
  return after;
}

interface Fields {
  readonly minute: number;
  readonly hour: number;
  readonly days: number | undefined;
  readonly month: number | undefined;
  readonly weekday: number | undefined;
}

const fits = (date: Date, { days, month, weekday }: Fields): boolean => {
  if (month !== undefined && date.getUTCMonth() + 1 !== month) return false;
  const isDay = date.getUTCDate() === days;
  const isWeekday = date.getUTCDay() === weekday;
  if (days !== undefined && weekday !== undefined) return isDay || isWeekday;
  return (days === undefined || isDay) && (weekday === undefined || isWeekday);
};

/** The next times by looking at every date, with nothing but what the zone's clocks show. */
function oracle(fields: Fields, zone: string, after: number, count: number): number[] {
  const found: number[] = [];
  const today = Math.floor(wall(zone, after) / day) * day - day;
  for (let date = today; found.length < count; date += day) {
    if (!fits(new Date(date), fields)) continue;
    const at = whenShown(zone, date + fields.hour * 60 * minute + fields.minute * minute);
    if (at > after) found.push(at);
  }
  return found;
}

const star = (value: number | undefined) => (value === undefined ? "*" : String(value));
const text = (at: number) => new Date(at).toISOString();

test("the times of a cron expression are those that the zone's clocks show, in gaps, overlaps and leap years as well", async () => {
  const maybe = (min: number, max: number) =>
    fc.option(fc.integer({ min, max }), { nil: undefined });
  const fields = fc.record({
    minute: fc.integer({ min: 0, max: 59 }),
    hour: fc.integer({ min: 0, max: 23 }),
    days: maybe(1, 29),
    month: maybe(1, 12),
    weekday: maybe(0, 6),
  });
  const from = Date.UTC(2024, 0, 1) / minute;
  const to = Date.UTC(2031, 0, 1) / minute;
  const course = fc.asyncProperty(
    fields,
    fc.constantFrom(...zones),
    fc.integer({ min: from, max: to }),
    async (one, zone, after) => {
      const cron = `${one.minute} ${one.hour} ${star(one.days)} ${star(one.month)} ${star(one.weekday)}`;
      const got = await nextTimes(cron, zone, after * minute, 4);
      const wanted = oracle(one, zone, after * minute, 4);
      assert.deepEqual(got.map(text), wanted.map(text), `${cron} in ${zone}`);
    },
  );
  await fc.assert(course, { numRuns: 150 });
});

const night = (cron: string, zone: string, after: string, count = 2) =>
  nextTimes(cron, zone, Date.parse(after), count).then((times) => times.map(text));

test("nights on which the clocks change, the leap day, and half hours", async () => {
  const rows: readonly [cron: string, zone: string, after: string, times: string[]][] = [
    [
      "30 2 * * *",
      "Europe/Berlin",
      "2026-03-28T12:00Z",
      ["2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z"],
    ],
    [
      "30 2 * * *",
      "Europe/Berlin",
      "2026-10-24T12:00Z",
      ["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"],
    ],
    [
      "30 1 * * *",
      "America/New_York",
      "2026-10-31T12:00Z",
      ["2026-11-01T05:30:00.000Z", "2026-11-02T06:30:00.000Z"],
    ],
    [
      "15 2 * * *",
      "Australia/Lord_Howe",
      "2026-10-03T00:00Z",
      ["2026-10-03T15:30:00.000Z", "2026-10-04T15:15:00.000Z"],
    ],
    [
      "0 9 29 2 *",
      "UTC",
      "2026-03-01T00:00Z",
      ["2028-02-29T09:00:00.000Z", "2032-02-29T09:00:00.000Z"],
    ],
  ];
  for (const [cron, zone, after, times] of rows) {
    assert.deepEqual(await night(cron, zone, after), times, `${cron} in ${zone}`);
  }
});

test("what is no time is refused with the field's name", async () => {
  for (const cron of ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "x * * * *"]) {
    await assert.rejects(nextTimes(cron, "UTC", 0, 1), { code: "malformed", message: /^cron: / });
  }
  for (const zone of ["Mars/Olympus", "", "Europe/", "+25:00", "Europe/Berlin; DROP"]) {
    const asked = nextTimes("* * * * *", zone, 0, 1);
    await assert.rejects(asked, { code: "malformed", message: /^zone: / }, zone);
  }
});
