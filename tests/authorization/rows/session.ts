import { TestSession } from "../../broker/support/session.ts";
import { messageTo } from "../ready.ts";
import type { Rows } from "../row.ts";

const stats = { messagesIn: 1, messagesOut: 0, toolCalls: 0, errors: 0, uptimeMs: 5 };
const ended = { otherwise: "not_found", but: { revoked: "not_found" } } as const;
const others = { of: "another's session", may: [], otherwise: "not_found" } as const;
const nowhere = { elsewhere: "not_found", thief: "not_found" } as const;
let told = 0;
/** A text that was not told before. */
const news = () => `news ${++told}`;

/** Sessions and presence: each speaks for its own device, and only while its attestation holds. */
export const sessionRows: Rows = {
  "delivery.claim": [
    {
      may: "all",
      ...ended,
      ...nowhere,
      ask: async (by, world) => ({ message: await messageTo(by, world), session: by.session.id }),
    },
    {
      ...others,
      ...nowhere,
      ask: async (by, world) => ({
        message: await messageTo(by, world),
        session: world.target.session.id,
      }),
    },
    {
      of: "a message to another",
      may: [],
      otherwise: "not_found",
      ...nowhere,
      ask: (by, { message }) => ({ message, session: by.session.id }),
    },
  ],
  "session.attach": [
    {
      may: "all",
      but: { revoked: "revoked" },
      elsewhere: "yes",
      thief: "forbidden",
      ask: ({ client, session }) => ({
        attestation: session.attestation({ at: Date.now() + ++told }),
        proof: session.proof(client),
        info: { ...session.info, summary: news() },
      }),
    },
    {
      of: "another's session",
      may: [],
      elsewhere: "forbidden",
      thief: "forbidden",
      ask: (by, { target }) => ({
        attestation: target.session.attestation(),
        proof: target.session.proof(by.client),
        info: target.session.info,
      }),
    },
    {
      of: "another's session id, attested as one's own",
      may: [],
      otherwise: "conflict",
      elsewhere: "yes",
      thief: "forbidden",
      ask: (by, { founder }) => {
        const taken = Object.assign(new TestSession(by.member), { id: founder.session.id });
        return {
          attestation: taken.attestation(),
          proof: taken.proof(by.client),
          info: taken.info,
        };
      },
    },
  ],
  "session.detach": [
    {
      may: "all",
      elsewhere: "yes",
      thief: "nothing",
      ask: async (by) => {
        const session = new TestSession(by.member);
        await session.attach(by.client);
        return { session: session.id };
      },
    },
    {
      ...others,
      otherwise: "nothing",
      elsewhere: "nothing",
      thief: "nothing",
      ask: (_by, { target }) => ({ session: target.session.id }),
    },
  ],
  "stats.report": [
    {
      may: "all",
      ...ended,
      elsewhere: "yes",
      thief: "not_found",
      ask: (by) => ({ session: by.session.id, stats: { ...stats, toolCalls: ++told } }),
    },
    { ...others, ...nowhere, ask: (_by, { target }) => ({ session: target.session.id, stats }) },
  ],
  "status.set": [
    {
      may: "all",
      ...ended,
      elsewhere: "yes",
      thief: "not_found",
      ask: (by) => ({
        session: by.session.id,
        status: { status: "working", source: "hook", at: Date.now() + ++told },
      }),
    },
    {
      ...others,
      ...nowhere,
      ask: (_by, { target }) => ({
        session: target.session.id,
        status: { status: "dnd", source: "manual", at: Date.now() },
      }),
    },
  ],
  "summary.set": [
    {
      may: "all",
      ...ended,
      elsewhere: "yes",
      thief: "not_found",
      ask: (by) => ({ session: by.session.id, text: news() }),
    },
    {
      ...others,
      ...nowhere,
      ask: (_by, { target }) => ({ session: target.session.id, text: "taken" }),
    },
  ],
  "visible.set": [
    {
      may: "all",
      ...ended,
      elsewhere: "yes",
      thief: "not_found",
      ask: (by) => {
        const { info, id } = by.session;
        info.visible = !info.visible;
        return { session: id, visible: info.visible };
      },
    },
    {
      ...others,
      ...nowhere,
      ask: (_by, { target }) => ({ session: target.session.id, visible: false }),
    },
  ],
};
