import type { Rows } from "../row.ts";
import type { World } from "../world.ts";

interface Opened {
  readonly code: string;
  readonly token: string;
}

let last: Opened | undefined;

/** An open mailbox; the one before it ends, since an address has few. */
async function mailbox({ founder }: World): Promise<Opened> {
  if (last !== undefined) await founder.client.call("mailbox.close", { token: last.token });
  const { code, token } = await founder.client.call("mailbox.open", {});
  last = { code: String(code), token: String(token) };
  return last;
}

const anyone = { may: "anyone", traceless: true, elsewhere: "yes", thief: "yes" } as const;
const data = "AAAA";

/** Devices: everyone sees their own alone. A mailbox is for whoever has its code or token. */
export const deviceRows: Rows = {
  "device.list": [{ may: "all", elsewhere: "yes", thief: "yes", ask: () => ({}) }],
  "mailbox.open": [{ ...anyone, ask: () => ({}) }],
  "mailbox.enter": [
    { ...anyone, ask: async (_by, world) => ({ code: (await mailbox(world)).code }) },
  ],
  "mailbox.put": [
    {
      ...anyone,
      ask: async (_by, world) => ({ token: (await mailbox(world)).token, part: 0, data }),
    },
    {
      of: "with a token of nobody",
      may: [],
      otherwise: "not_found",
      elsewhere: "not_found",
      thief: "not_found",
      ask: () => ({ token: "AAAAAAAAAAAAAAAAAAAAAA", part: 0, data }),
    },
  ],
  "mailbox.take": [
    {
      ...anyone,
      ask: async (_by, world) => ({ token: (await mailbox(world)).token, part: 0, waitMs: 0 }),
    },
  ],
  "mailbox.close": [
    { ...anyone, ask: async (_by, world) => ({ token: (await mailbox(world)).token }) },
  ],
};
