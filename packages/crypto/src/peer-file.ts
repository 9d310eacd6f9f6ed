import type { PeerFileAnswer, PeerFileAsk, SignKey } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";

type Unsigned<T> = Omit<T, "v" | "author" | "sig">;

/** Signs what a member asks of another's shared folder; `author` becomes the signer's key. */
export const signPeerAsk = (ask: Unsigned<PeerFileAsk>, signer: Signer): PeerFileAsk =>
  signStatement(domains.peerFileAsk, { v: 1 as const, ...ask, author: signer.key }, signer);

/** Signs the answer to it. */
export const signPeerAnswer = (answer: Unsigned<PeerFileAnswer>, signer: Signer): PeerFileAnswer =>
  signStatement(domains.peerFileAnswer, { v: 1 as const, ...answer, author: signer.key }, signer);

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, signed it. */
export const verifyPeerAsk = (ask: PeerFileAsk, key: SignKey): void =>
  requireSigned(domains.peerFileAsk, ask, key, "request for a peer's file");

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, signed it. */
export const verifyPeerAnswer = (answer: PeerFileAnswer, key: SignKey): void =>
  requireSigned(domains.peerFileAnswer, answer, key, "answer about a peer's file");
