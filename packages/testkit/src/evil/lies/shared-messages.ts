import type { Envelope, EnvelopeHeader, Receipt } from "@claudemesh/protocol";
import { type Lie, type LieFamily, notice } from "../lie.ts";
import { toEveryone } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { onBody, onEvent, only } from "../tricks.ts";
import { invent, noSignature, refused } from "./phrases.ts";

/** Changes the header of what goes to everyone, towards bob. */
const toBob =
  (change: (stage: Stage) => Partial<EnvelopeHeader>) =>
  (stage: Stage): void => {
    const edit = ({ header, ...rest }: Envelope) => ({
      header: { ...header, ...change(stage) },
      ...rest,
    });
    stage.broker.lie(only(stage.bob.member, onBody<Envelope>("message", edit)));
  };

/** The last message that alice sent to everyone, as it crossed the broker. */
function lastShared({ alice, broker }: Stage): Envelope {
  const sent = broker.inputs<{ envelope: Envelope }>(alice.member, "message.send").at(-1);
  if (sent === undefined) throw new Error("nothing was sent to everyone");
  return sent.envelope;
}

const missing = notice("message_missing", "a message from alice to * is missing");
const oneReader = { shown: 1, readers: 1 };

const lies: readonly Lie[] = [
  {
    id: "shared-to-another-audience",
    threat: "B6, B12, T5",
    says: "copies what goes to everyone into a group",
    scene: toEveryone,
    begin: toBob(() => ({ to: "g:flex" as EnvelopeHeader["to"], kind: "group" })),
    told: [refused("bad_signature", noSignature)],
    facts: oneReader,
    later: [missing],
  },
  {
    id: "shared-under-another-key",
    threat: "B12, T5",
    says: "says that a message to many is sealed under another epoch's key",
    scene: toEveryone,
    begin: toBob(() => ({ keyVersion: 7 })),
    told: [
      refused("roster_stale", "the message is sealed under key N, but at entry N the newest is N"),
    ],
    facts: oneReader,
    later: [missing],
  },
  {
    id: "shared-as-direct",
    threat: "B12, T10",
    says: "shows bob what goes to everyone as a message to bob alone",
    scene: toEveryone,
    begin: toBob(({ bob }) => ({
      to: `m:${bob.member}` as EnvelopeHeader["to"],
      kind: "direct",
    })),
    told: [refused("bad_signature", noSignature)],
    facts: oneReader,
    later: [missing],
  },
  {
    id: "shared-resigned",
    threat: "C1, T15",
    says: "has its accomplice sign what alice sealed for everyone as its own",
    scene: toEveryone,
    begin: async (stage) => {
      const { bob, mallory } = stage;
      await mallory.catchUp();
      const { body, header } = lastShared(stage);
      const { keyVersion, kind, to } = header;
      const own = mallory.header(bob.member, {
        to,
        kind,
        ...(keyVersion === undefined ? {} : { keyVersion }),
      });
      invent(stage, bob.member, "message", () => mallory.signed(own, body));
    },
    told: [
      refused("bad_signature", "the body does not open with this key under this header", "mallory"),
    ],
  },
  {
    id: "shared-kept-from-one",
    threat: "B4, T4",
    says: "keeps what goes to everyone from one of them",
    scene: toEveryone,
    begin: ({ bob, broker }) =>
      broker.lie(
        only(
          bob.member,
          onEvent("message", () => []),
        ),
      ),
    told: [],
    facts: oneReader,
    laterFacts: { shown: 3 },
    remark:
      "the sender sees who has it, and it comes later, since nothing was acknowledged in its place",
  },
  {
    id: "shared-receipt-doubled",
    threat: "B8, T6",
    says: "gives alice a reader's receipt as that of another reader",
    scene: toEveryone,
    begin: ({ alice, bob, broker, carol }) =>
      broker.lie(
        only(
          alice.member,
          onBody<Receipt>("receipt", (receipt) =>
            receipt.member === bob.member ? { ...receipt, member: carol.member } : receipt,
          ),
        ),
      ),
    told: [
      notice(
        "receipt_refused",
        "a receipt under the name of carol was refused: the signature of the receipt does not verify",
      ),
      notice(
        "receipt_refused",
        "a receipt under the name of carol was refused: the signature of the receipt does not verify",
      ),
    ],
    facts: { readers: 1 },
  },
];

export const sharedMessages: LieFamily = { title: "Messages to many", lies };
