import type { ErrorCode } from "@claudemesh/protocol";
import { type Chain, commitment, type Person, person, topicId } from "../fixture.ts";

const [ann, bob, cyd, dan, dan2, dan3] = [0, 1, 2, 3, 4, 5].map(person) as [
  Person,
  Person,
  Person,
  Person,
  Person,
  Person,
];

/** Epochs, rekeys, removals of others, restores and private topics, with what is refused between them. */
export function addKeyActs(
  chain: Chain,
  refuse: (name: string, code: ErrorCode, entry: unknown) => void,
): void {
  const start = { number: 1, commitment: commitment(0xe1) };
  refuse("an epoch by a guest", "forbidden", chain.next(cyd, "epoch", start));
  const skipped = { ...start, number: 2 };
  refuse("an epoch left out", "malformed", chain.next(bob, "epoch", skipped));
  chain.add(bob, "epoch", start);
  refuse("an epoch again", "malformed", chain.next(bob, "epoch", start));
  const reused = { number: 2, commitment: start.commitment };
  refuse("an epoch with an old key", "exists", chain.next(bob, "epoch", reused));

  chain.invite(ann, 5);
  chain.join(dan, 5);
  const member = chain.idOf(dan);
  const rekey = chain.nextRekey(dan, dan, dan2);
  const other = chain.nextRekey(dan, dan, dan3);
  refuse(
    "a rekey that the new key did not sign",
    "bad_signature",
    chain.next(dan, "rekey", { ...rekey.body, newSig: other.body.newSig }),
  );
  refuse(
    "a rekey by an admin",
    "forbidden",
    chain.next(bob, "rekey", { ...rekey.body, newSig: rekey.body.newSig }),
  );
  chain.rekey(dan, dan, dan2);
  refuse("by a replaced key", "not_member", chain.next(dan, "session_revoke", revoked));
  refuse("a rekey to a key of before", "already_member", chain.nextRekey(dan2, dan2, dan));
  chain.rekey(ann, dan2, dan3);

  const topic = topicId(1);
  const lead = { topic, member, role: "lead" } as const;
  refuse("a topic founded for another", "not_found", chain.next(bob, "topic_add", lead));
  chain.add(dan3, "topic_add", lead);
  refuse("a place in the topic again", "exists", chain.next(dan3, "topic_add", lead));
  chain.topicAdd(dan3, 1, cyd, "observer");
  chain.topicAdd(bob, 1, bob, "member");
  refuse("a topic key by no lead", "forbidden", chain.next(bob, "topic_key", chain.topicKey(1)));
  const late = { ...chain.topicKey(1), version: 2 };
  refuse("a topic key left out", "malformed", chain.next(dan3, "topic_key", late));
  chain.add(dan3, "topic_key", chain.topicKey(1));
  chain.topicRemove(bob, 1, cyd);
  const outside = chain.next(ann, "topic_key", chain.topicKey(1));
  refuse("a topic key by one outside", "forbidden", outside);
  chain.add(bob, "topic_key", chain.topicKey(1));

  refuse("a removal without an epoch", "malformed", chain.next(ann, "remove", { member }));
  chain.remove(bob, dan3);
  refuse("a restore by an admin", "forbidden", chain.next(bob, "restore", { member }));
  chain.add(ann, "restore", { member });
  refuse("a restore again", "forbidden", chain.next(ann, "restore", { member }));
}

const revoked = { session: "ses_00000000-0000-4000-8000-00000000000a" } as never;
