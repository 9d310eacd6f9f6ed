import type { StreamItem } from "@claudemesh/protocol";
import { domains, hashStatement, statementBytes } from "../domain.ts";
import { fromBase64, fromUtf8, toBase64, toHex, utf8 } from "../encoding.ts";
import { hkdf } from "../hkdf.ts";
import type { JsonValue } from "../jcs.ts";
import { topicId } from "../roster/fixture.ts";
import { signStatement, unsigned } from "../signature.ts";
import { sealStreamItem } from "../stream.ts";
import { memberOf, moment } from "../testing/fixtures.ts";
import { ann, bob, cyd, keyOf, Room } from "../testing/room.ts";
import { seededRandom } from "../testing/seeded-random.ts";

/** Items of streams: for everyone under the mesh's key, and under a private topic's own. */
export function streamVectors() {
  const room = new Room();
  const ring = room.ring();
  const place = { stream: "builds", keyVersion: 1 };
  const inTopic = { ...place, topic: topicId(1) };
  const of = (name: string, by: typeof ann, where: typeof place, text: string) => {
    const statement = {
      ...{ mesh: room.roster.mesh, ...where, member: room.id(by) },
      ...{ device: memberOf("room").device, run: "0123456789abcdef", n: 2, at: moment },
    };
    const isPrivate = "topic" in where;
    const random = () => seededRandom(`stream/${name}`);
    const item = sealStreamItem({
      ...{ statement, text, ring, isPrivate, signer: by.signer, random: random() },
    });
    const covered = unsigned(item) as unknown as JsonValue;
    return {
      ...{ name, text, key: by.keys.sign, isPrivate, nonceHex: toHex(random()(24)) },
      keyHex: toHex(
        hkdf({
          secret: fromBase64(keyOf(isPrivate ? "topic 1" : "epoch 1")),
          salt: utf8(domains.stream),
          info: utf8(isPrivate ? `${topicId(1)} ${where.stream}` : where.stream),
        }),
      ),
      associatedText: hashStatement(domains.stream, statement as unknown as JsonValue),
      signedText: fromUtf8(statementBytes(domains.stream, covered)),
      item,
    };
  };
  const open = of("for everyone", ann, place, '{"ok":true,"n":[1,2.5,null]}');
  const closed = of("in a private topic", bob, inTopic, '"ä🦊"');
  const { item, isPrivate, key } = open;
  const { sig: _sig, ...fields } = item;
  const bound = (name: string, change: Partial<StreamItem>) => ({
    name,
    ...{ key, isPrivate, error: "bad_signature" as const },
    item: signStatement(domains.stream, { ...fields, ...change }, ann.signer),
  });
  const cut = fromBase64(item.sealed).subarray(0, -1);
  return {
    format: "stream-item",
    mesh: room.roster.mesh,
    chain: [...room.chain.entries],
    ring: ring.serialize(),
    cases: [open, closed],
    failures: [
      {
        name: "another's ciphertext under an own name",
        ...{ key: cyd.keys.sign, isPrivate, error: "bad_signature" as const },
        item: signStatement(
          domains.stream,
          { ...fields, member: room.id(cyd), author: cyd.keys.sign },
          cyd.signer,
        ),
      },
      {
        name: "signed by another",
        ...{ key, isPrivate, error: "bad_signature" as const },
        item: signStatement(domains.stream, { ...fields, author: cyd.keys.sign }, cyd.signer),
      },
      {
        name: "a place changed",
        item: { ...item, n: 3 },
        key,
        isPrivate,
        error: "bad_signature" as const,
      },
      bound("signed anew for another place in the stream", { n: 3 }),
      bound("signed anew for another stream", { stream: "deploys" as StreamItem["stream"] }),
      bound("signed anew under an older key", { keyVersion: 0 }),
      bound("an item that ends early", { sealed: toBase64(cut) }),
      bound("shorter than its nonce", { sealed: toBase64(cut.subarray(0, 20)) }),
      {
        name: "a key that the ring lacks",
        ...{ key, isPrivate, error: "not_found" as const },
        item: signStatement(domains.stream, { ...fields, keyVersion: 2 }, ann.signer),
      },
    ],
  };
}
