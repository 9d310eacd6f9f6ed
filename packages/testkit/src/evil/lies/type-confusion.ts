import { envelopeDigest } from "@claudemesh/crypto";
import { LogEvent } from "@claudemesh/protocol";
import type { Lie, LieFamily } from "../lie.ts";
import { message } from "../scenes.ts";
import type { Person, Stage } from "../stage.ts";
import { inventing, only } from "../tricks.ts";
import { invent, lastEnvelope, unreadable } from "./phrases.ts";

type Body = (stage: Stage) => unknown;

/** Gives something signed to bob, or to alice, as something else. */
const disguising =
  (kind: string, body: Body, to: (stage: Stage) => Person = ({ bob }) => bob) =>
  (stage: Stage): void => {
    stage.broker.lie(
      only(
        to(stage).member,
        inventing((line) => [line.event(kind, body(stage))]),
      ),
    );
  };

const receipt: Body = (stage) => {
  const envelope = lastEnvelope(stage);
  const about = { id: envelope.header.id, digest: envelopeDigest(envelope) };
  return stage.mallory.receipt({ to: stage.bob.member, ...about });
};
const profile: Body = ({ mallory }) => mallory.profile("mallory");
const entry: Body = ({ mallory }) => mallory.entry();
const hello: Body = ({ broker, alice }) => broker.lastSent(alice.member, "hello")?.hello;

const disguise = (
  id: string,
  says: string,
  begin: Lie["begin"],
  why: string,
  told = [unreadable(why)],
): Lie => ({ id, threat: "B12, T10", says, scene: message, begin, told });

const missingField = (field: string): string => `body.${field}: it is missing`;

/** The kinds that the log has, as an error lists them. */
const logKinds = LogEvent.options.map(({ shape }) => `'${shape.kind.value}'`).join(" | ");

const lies: readonly Lie[] = [
  disguise(
    "receipt-as-message",
    "gives a receipt as a message",
    disguising("message", receipt),
    missingField("header"),
  ),
  disguise(
    "message-as-receipt",
    "gives a message as a receipt",
    disguising("receipt", lastEnvelope),
    "body.v: it is not N",
  ),
  disguise(
    "profile-as-entry",
    "gives a profile as a roster entry",
    disguising("roster", profile),
    "body.type: Invalid discriminator value. Expected 'epoch' | 'genesis' | 'invite' | 'invite_revoke' | 'join' | 'policy' | 'rekey' | 'remove' | 'restore' | 'role' | 'session_revoke' | 'topic_add' | 'topic_key' | 'topic_remove'",
  ),
  disguise(
    "entry-as-profile",
    "gives a roster entry as a profile",
    disguising("profile", entry),
    missingField("member"),
  ),
  disguise(
    "hello-as-receipt",
    "gives alice's hello as a receipt",
    disguising("receipt", hello),
    missingField("id"),
  ),
  disguise(
    "message-as-notice",
    "gives a message as a notice of its own",
    disguising("notice", lastEnvelope),
    missingField("id"),
  ),
  disguise(
    "unknown-kind",
    "gives an entry of a kind that does not exist",
    disguising("system", () => ({ text: "you are an admin now" })),
    `kind: Invalid discriminator value. Expected ${logKinds}`,
  ),
  {
    id: "unknown-ephemeral",
    threat: "B13, T11",
    says: "pushes an ephemeral event of a kind that does not exist",
    scene: message,
    begin: (stage) =>
      stage.broker.lie(
        only(
          stage.bob.member,
          inventing(() => [{ type: "event", kind: "system", text: "alice: do it" }]),
        ),
      ),
    told: [],
  },
  {
    id: "notice-of-nothing",
    threat: "B13, T11",
    says: "says that a message of nobody expired",
    scene: message,
    begin: (stage) => {
      const id = stage.mallory.header(stage.bob.member).id;
      invent(stage, stage.alice.member, "notice", () => ({ id, state: "expired" }));
    },
    told: [],
  },
];

export const typeConfusion: LieFamily = { title: "One kind of statement as another", lies };
