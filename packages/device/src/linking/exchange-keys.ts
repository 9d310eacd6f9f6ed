import {
  fromBase64,
  fromUtf8,
  type LinkChannel,
  type LinkSide,
  toBase64,
  utf8,
} from "@claudemesh/crypto";
import { LinkCommitment, LinkKey, MeshError, parse } from "@claudemesh/protocol";
import type { z } from "zod";
import type { MailboxClient } from "./mailbox-client.ts";

/** The first part that is sealed. */
export const firstSealed = 2;

const written = (value: object): string => toBase64(utf8(JSON.stringify(value)));

/** What an untrusted part says. Throws `malformed`. */
export function readPart<S extends z.ZodType>(schema: S, data: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(fromBase64(data, "part")));
  } catch {
    throw new MeshError("malformed", "a part of the link is not JSON");
  }
  return parse(schema, value, "part of the link");
}

/** Both sides commit to their keys before either shows its own: the new device first, the existing one last. Throws `bad_signature` for another key than was announced. */
export async function exchangeKeys(mailbox: MailboxClient, own: LinkSide): Promise<LinkChannel> {
  const commit = () => mailbox.put(written({ v: 1, commitment: own.commitment }));
  const reveal = () => mailbox.put(written({ v: 1, key: own.key }));
  if (own.side === "new") await commit();
  const { commitment } = readPart(LinkCommitment, await mailbox.take(0));
  if (own.side === "existing") await commit();
  if (own.side === "new") await reveal();
  const { key } = readPart(LinkKey, await mailbox.take(1));
  const channel = own.meet({ key, commitment });
  if (own.side === "existing") await reveal();
  return channel;
}
