import { auditVectors } from "./audit.ts";
import { backupVectors } from "./backups.ts";
import { jcsVectors } from "./canonical.ts";
import { deviceLinkVectors } from "./device-links.ts";
import { dueCallVectors } from "./due-calls.ts";
import { envelopeVectors } from "./envelopes.ts";
import { fileVectors } from "./files.ts";
import { inviteCodeVectors, inviterHeadVectors, welcomeVectors } from "./invites.ts";
import { commitmentVectors, memberKeyVectors, safetyNumberVectors, uuidVectors } from "./keys.ts";
import { recordVectors } from "./records.ts";
import { keyBundleVectors, keyRingVectors, sharedEnvelopeVectors } from "./rooms.ts";
import { signalVectors } from "./signals.ts";
import {
  attestationVectors,
  grantsVectors,
  helloVectors,
  inviteProofVectors,
  profileVectors,
  receiptVectors,
  topicVectors,
} from "./statements.ts";
import { streamVectors } from "./streams.ts";
import { vaultVectors } from "./vaults.ts";

const builders = [
  attestationVectors,
  auditVectors,
  backupVectors,
  commitmentVectors,
  deviceLinkVectors,
  dueCallVectors,
  envelopeVectors,
  fileVectors,
  grantsVectors,
  helloVectors,
  inviteCodeVectors,
  inviteProofVectors,
  inviterHeadVectors,
  jcsVectors,
  keyBundleVectors,
  keyRingVectors,
  memberKeyVectors,
  profileVectors,
  receiptVectors,
  recordVectors,
  safetyNumberVectors,
  sharedEnvelopeVectors,
  signalVectors,
  streamVectors,
  topicVectors,
  uuidVectors,
  vaultVectors,
  welcomeVectors,
] as const;

/** Every vector file of the repository's `vectors/` folder that this package makes: its name and its text. */
export const buildVectors = (): { readonly name: string; readonly text: string }[] =>
  builders.map((build) => {
    const vectors = build();
    return { name: `${vectors.format}.json`, text: `${JSON.stringify(vectors, null, 2)}\n` };
  });

/** The folder of the committed vector files. */
export const vectorsFolder = new URL("../../../../vectors/", import.meta.url);
