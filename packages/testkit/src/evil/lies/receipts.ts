import { envelopeDigest } from "@claudemesh/crypto";
import type { Hash, Receipt } from "@claudemesh/protocol";
import { type Lie, type LieFamily, notice } from "../lie.ts";
import { message } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { both, inventing, onBody, onEvent, only, refusing } from "../tricks.ts";
import { lastEnvelope, onlyStored, receiptRefused } from "./phrases.ts";

const dropped = onEvent("receipt", () => []);

/** Keeps the true receipts from alice and gives her another. */
const inPlaceOfReceipts =
  (make: (stage: Stage) => unknown) =>
  (stage: Stage): void => {
    const invented = inventing((line) => [line.event("receipt", make(stage))]);
    stage.broker.lie(only(stage.alice.member, both(invented, onlyInvented)));
  };

/** Lets only events pass that the broker invented. */
const onlyInvented = onEvent("receipt", (event) =>
  String(event.id).startsWith("invented") ? [event] : [],
);

const changed =
  (edit: (receipt: Receipt, stage: Stage) => unknown) =>
  (stage: Stage): void => {
    const change = onBody<Receipt>("receipt", (receipt) => edit(receipt, stage));
    const first = onEvent(
      "receipt",
      (() => {
        let count = 0;
        return (event: Parameters<typeof change.down & {}>[0]) => (count++ === 0 ? [event] : []);
      })(),
    );
    stage.broker.lie(only(stage.alice.member, both(first, change)));
  };

const aboutLast = (stage: Stage) => {
  const envelope = lastEnvelope(stage);
  return { to: stage.alice.member, id: envelope.header.id, digest: envelopeDigest(envelope) };
};

const unmoved = { facts: { state: "accepted" } };
const badSignature = receiptRefused("the signature of the receipt does not verify");

const lies: readonly Lie[] = [
  {
    id: "receipts-dropped",
    threat: "B2, T14",
    says: "keeps the recipient's receipts from the sender",
    scene: message,
    begin: ({ broker, alice }) => broker.lie(only(alice.member, dropped)),
    told: [],
    ...unmoved,
    remark: "the sender sees less than there is, never more",
  },
  {
    id: "receipt-better-state",
    threat: "T2, T14",
    says: "turns `stored` into `offered`",
    scene: message,
    begin: changed((receipt) => ({ ...receipt, state: "offered" })),
    told: [badSignature],
    ...unmoved,
  },
  {
    id: "receipt-other-message",
    threat: "B6, T5",
    says: "turns a receipt to another message",
    scene: message,
    begin: changed((receipt) => {
      const [item] = receipt.items;
      return { ...receipt, items: [{ ...item, digest: "ab".repeat(32) as Hash }] };
    }),
    told: [badSignature],
    ...unmoved,
  },
  {
    id: "receipt-of-stranger",
    threat: "B12, C1",
    says: "gives its accomplice's receipt for bob's message",
    scene: message,
    begin: inPlaceOfReceipts((stage) => stage.mallory.receipt(aboutLast(stage))),
    told: [receiptRefused("its signer is not the message's recipient", "mallory")],
    ...unmoved,
  },
  {
    id: "receipt-in-bobs-name",
    threat: "C1, T15",
    says: "has its accomplice sign a receipt in bob's name",
    scene: message,
    begin: inPlaceOfReceipts((stage) =>
      stage.mallory.receipt({ ...aboutLast(stage), over: { member: stage.bob.member } }),
    ),
    told: [badSignature],
    ...unmoved,
  },
  {
    id: "receipt-of-another-mesh",
    threat: "B6, T5",
    says: "gives a receipt of another mesh of the same people",
    scene: message,
    begin: async (stage) => {
      const second = await stage.second();
      await second.alice.send("bob", "in the second mesh");
      await second.bob.read();
      await second.alice.read();
      const [receipt] = stage.broker.bodies<Receipt>(second.alice.member, "receipt");
      inPlaceOfReceipts(() => receipt)(stage);
    },
    told: [receiptRefused("it belongs to another mesh", "an unknown member")],
    ...unmoved,
  },
  {
    id: "receipt-for-another",
    threat: "B6, T5",
    says: "gives the receipt that its accomplice wrote for carol",
    scene: message,
    begin: inPlaceOfReceipts((stage) =>
      stage.mallory.receipt({ ...aboutLast(stage), to: stage.carol.member }),
    ),
    told: [receiptRefused("it is for someone else", "mallory")],
    ...unmoved,
  },
  {
    id: "receipts-replayed",
    threat: "B3, T3",
    says: "gives every receipt again, many times",
    scene: message,
    begin: ({ broker, alice }) => {
      const replay = onEvent("caught_up", (frame, line) => [
        ...broker
          .bodies<Receipt>(alice.member, "receipt")
          .map((body) => line.event("receipt", body)),
        frame,
      ]);
      broker.lie(only(alice.member, replay));
    },
    told: [],
  },
  {
    id: "expired-although-stored",
    threat: "B20, T14",
    says: "says that a message expired which its recipient has",
    scene: message,
    begin: (stage) => {
      const expired = inventing((line) => [
        line.event("notice", { id: lastEnvelope(stage).header.id, state: "expired" }),
      ]);
      stage.broker.lie(only(stage.alice.member, expired));
    },
    told: [],
    remark: "what a recipient signed outranks the broker's word",
  },
  {
    id: "expired-and-silent",
    threat: "B20, T14",
    says: "says that a message expired and keeps its receipts back",
    scene: message,
    begin: (stage) => {
      const expired = inventing((line) => [
        line.event("notice", { id: lastEnvelope(stage).header.id, state: "expired" }),
      ]);
      stage.broker.lie(only(stage.alice.member, both(dropped, expired)));
    },
    told: [
      notice(
        "expired",
        "the broker says, unverified, that your message ID expired before any device of its recipient fetched it",
      ),
    ],
    facts: { state: "expired" },
    remark: "`why` marks it as the broker's word, unverified",
  },
  {
    id: "receipts-not-taken",
    threat: "T14",
    says: "refuses bob's receipts for good",
    scene: message,
    begin: ({ broker, bob }) => broker.lie(only(bob.member, refusing("receipt", "conflict"))),
    told: [onlyStored("conflict", "so says the broker")],
    ...unmoved,
  },
];

export const receiptGames: LieFamily = { title: "Receipts", lies };
