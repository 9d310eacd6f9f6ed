import { MeshError } from "@claudemesh/protocol";

interface Asked {
  readonly in?: number | undefined;
  readonly at?: string | undefined;
  readonly cron?: string | undefined;
  readonly tz?: string | undefined;
}

/** When something is due, as a broker takes it: `in` from the broker's own now, a time of day or date in this machine's zone, or a cron expression with its zone. */
export function whenAsked(asked: Asked, now: number) {
  const { at, cron, tz, in: inMs } = asked;
  if ([at, cron, inMs].filter((one) => one !== undefined).length !== 1) {
    throw new MeshError("malformed", "give one of --in, --at and --cron", {
      hint: 'such as --in 10m, --at 18:00 or --cron "0 9 * * mon-fri"',
    });
  }
  if (cron === undefined && tz !== undefined) {
    throw new MeshError("malformed", "tz: it is for --cron alone");
  }
  if (cron !== undefined) return { cron, zone: tz ?? ownZone() };
  return at === undefined ? { inMs: inMs ?? 0 } : { at: timeAt(at, now) };
}

/** This machine's time zone. */
const ownZone = (): string => new Intl.DateTimeFormat("en").resolvedOptions().timeZone;

const dayMs = 24 * 3_600_000;

/** The time that a text names: a time of day is the next one. Throws `malformed`. */
export function timeAt(text: string, now: number): number {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60) {
    const today = new Date(now).setHours(Number(hour), Number(minute), 0, 0);
    if (today > now) return today;
    return new Date(now + dayMs).setHours(Number(hour), Number(minute), 0, 0);
  }
  const isDate = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/;
  // A date alone would be midnight in London.
  const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (isDate.test(text) && Number.isFinite(time)) return time;
  throw new MeshError("malformed", "at: expected a time such as 18:00 or 2026-12-24T18:00", {
    detail: { field: "at" },
  });
}
