import { jcs, newMessageId, sha256, toHex, utf8, uuidv4 } from "@claudemesh/crypto/verify";
import type { MessageId, Plain } from "@claudemesh/protocol";
import { placeText } from "../../api-keys/log-place.ts";
import type { CallContext, Handler } from "../../handler.ts";
import { withheldFrom } from "../../log/withheld.ts";
import { isWithheld } from "./is-withheld.ts";
import { keptFor } from "./kept-for.ts";
import { namedIn } from "./named-in.ts";
import { postTarget, requireMember } from "./post-target.ts";

type Context = CallContext<"message.post">;
type Asked = Parameters<Handler<"message.post">>[0];

/** Stores what an API key's holder posts, as one entry of the log in its key's name; nobody has signed it, and the broker can read it. */
export const post: Handler<"message.post"> = async (asked, ctx) => {
  const { actor, roster, store } = ctx;
  if (roster.policy.requireE2E) {
    throw ctx.fail("forbidden", "the mesh's policy takes end-to-end encrypted messages only", {
      hint: "make a bot with keys of its own: claudemesh apikey create <name> --bot",
      detail: { reason: "require_e2e" },
    });
  }
  const said = saidIn(asked, ctx);
  const to = await postTarget(asked.to, ctx);
  const mentions = await Promise.all(
    (asked.mentions ?? []).map((name) => requireMember(name, "mentions", ctx)),
  );
  const { priority, replyTo } = asked;
  const content = {
    to,
    priority,
    ...said,
    ...(mentions.length === 0 ? {} : { mentions }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  const id = idFor(asked, ctx);
  const at = ctx.now();
  const { id: key, name } = actor.key;
  const from = { key, name, owner: actor.member };
  const plain: Plain = { v: 1, id, mesh: actor.mesh, from, ...content, at };
  const outcome = await store.write.appendMessage({
    mesh: actor.mesh,
    sender: actor.member,
    id,
    digest: toHex(sha256(utf8(jcs(content)))),
    audience: (await isWithheld(to, ctx)) ? withheldFrom(to) : to,
    kind: "plain",
    body: JSON.stringify(plain),
    rosterSeq: null,
    at,
    expiresAt: at + keptFor(to, ctx),
    named: await namedIn({ to, mentions }, ctx),
  });
  if (outcome.result !== "accepted") {
    throw ctx.fail("conflict", "idempotencyKey: used already for another message");
  }
  const row = await store.read.mesh(actor.mesh);
  const { seq } = outcome;
  const cursor = placeText({ epoch: row?.epoch ?? "" }, seq);
  return { id, seq, cursor, at: outcome.at, kind: "plain", to };
};

function saidIn({ text, ciphertext }: Asked, ctx: Context) {
  if ((text === undefined) === (ciphertext === undefined)) {
    throw ctx.fail("malformed", "text: give either text or ciphertext");
  }
  // A lone surrogate has no UTF-8 form: what is stored and shown is what can be.
  return text === undefined ? { ciphertext } : { text: text.toWellFormed() };
}

/** The same idempotency key of the same API key always gives the same id, by which the log knows a repeat, also after a crash. */
function idFor({ idempotencyKey }: Asked, { actor, now, random }: Context): MessageId {
  if (idempotencyKey === undefined) return newMessageId(now, random);
  const drawn = sha256(utf8(`${actor.key.id}\n${idempotencyKey.toWellFormed()}`)).subarray(0, 16);
  return `msg_${uuidv4(() => drawn)}` as MessageId;
}
