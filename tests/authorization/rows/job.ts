import { systemRandom, uuidv4 } from "@claudemesh/crypto";
import type { JobId } from "@claudemesh/protocol";
import type { Row, Rows } from "../row.ts";
import type { Person } from "../world.ts";

const far = 365 * 24 * 3_600_000;

const someJob = () => `job_${uuidv4(systemRandom)}` as JobId;
const schedule = () => ({ text: "stand up", inMs: far });
const watch = () => ({ url: "https://status.example.com/", everyMs: 24 * 3_600_000 });

const made = async ({ client }: Person, name: string, input: unknown) => {
  const { id } = await client.call(name as never, input as never);
  return { id };
};

/** Of the caller's own, which another's is not. */
const own = (name: string, input: () => unknown): Row[] => [
  {
    may: "all",
    elsewhere: "yes",
    thief: "not_found",
    ask: (by) => made(by, name, input()),
  },
  {
    of: "another's",
    may: [],
    otherwise: "not_found",
    elsewhere: "not_found",
    thief: "not_found",
    ask: (_by, { target }) => made(target, name, input()),
  },
];

const everyone = (ask: Row["ask"], over: Partial<Row> = {}): Row[] => [
  { may: "all", elsewhere: "yes", thief: "yes", ask, ...over },
];

/** What the broker does by itself for members: everyone has it do things in its own name; webhooks let strangers in, and so need a permission. */
export const jobRows: Rows = {
  "clock.get": everyone(() => ({})),
  "clock.pause": everyone(() => ({}), { traceless: true }),
  "clock.resume": everyone(() => ({})),
  "clock.set": everyone(() => ({ speed: 2 })),
  "schedule.cancel": own("schedule.create", schedule),
  "schedule.create": everyone(schedule),
  "schedule.list": everyone(() => ({})),
  "watch.create": everyone(watch),
  "watch.delete": own("watch.create", watch),
  "watch.list": everyone(() => ({})),
  "webhook.create": [{ elsewhere: "yes", thief: "yes", ask: () => ({ name: "ci" }) }],
  "webhook.delete": [
    {
      elsewhere: "not_found",
      thief: "not_found",
      ask: (_by, { founder }) => made(founder, "webhook.create", { name: "ci" }),
    },
    {
      of: "one that is not there",
      otherwise: "forbidden",
      may: [],
      but: { owner: "not_found", admin: "not_found" },
      elsewhere: "not_found",
      thief: "not_found",
      ask: () => ({ id: someJob() }),
    },
  ],
  "webhook.list": [{ elsewhere: "yes", thief: "yes", ask: () => ({}) }],
};
