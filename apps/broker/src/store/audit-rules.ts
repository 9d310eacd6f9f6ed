import type { AuditFact } from "./audit-port.ts";
import type { StoreWrites } from "./port.ts";

type Name = keyof StoreWrites;
type Rule<N extends Name> = (
  input: Parameters<StoreWrites[N]>[0],
  value: Awaited<ReturnType<StoreWrites[N]>>,
  /** whether the write appended to the mesh's log */
  grew: boolean,
) => AuditFact | undefined;

/** The row that each write leaves in the audit chain where it changed something; null for what is no change of a mesh's state: messages, receipts, presence, and what time takes away. A missing line does not compile. */
export const auditRules: { readonly [N in Name]: Rule<N> | null } = {
  ack: null,
  appendAudit: (fact) => fact,
  appendGrants: ({ mesh, at, grants, hash }, _value, grew) =>
    grew
      ? { mesh, at, act: "grants", by: { member: grants.member }, about: grants.member, ref: hash }
      : undefined,
  appendMessage: null,
  appendProfile: ({ mesh, at, profile: { statement, hash } }, _value, grew) =>
    grew
      ? {
          mesh,
          at,
          act: "profile",
          by: { member: statement.member },
          about: statement.member,
          ref: hash,
        }
      : undefined,
  appendRoster: ({ mesh, at, entry, hash, profile }, _value, grew) => {
    const joined = profile?.statement.member;
    const { body } = entry;
    return grew
      ? {
          mesh,
          at,
          act: `roster.${entry.type}`,
          ...(joined === undefined ? {} : { by: { member: joined } }),
          about: joined ?? ("member" in body ? body.member : aboutOf(body)),
          ref: hash,
        }
      : undefined;
  },
  beginFile: null,
  calledDevice: null,
  claimLease: null,
  countDownload: null,
  createMesh: ({ mesh, at, hash, profile }, value) =>
    value === "created"
      ? { mesh, at, act: "roster.genesis", by: { member: profile.statement.member }, ref: hash }
      : undefined,
  deleteStream: ({ mesh, at, name }, wasThere) =>
    wasThere ? { mesh, at, act: "stream.deleted", about: name } : undefined,
  deleteVaultEntry: ({ mesh, at }, wasThere) =>
    wasThere ? { mesh, at, act: "vault.deleted" } : undefined,
  deleteJob: ({ mesh, at, id, kind }, wasThere) =>
    wasThere && kind === "webhook" ? { mesh, at, act: "webhook.ended", about: id } : undefined,
  deleteFile: ({ mesh, at, file, unfinished }, wasThere) =>
    wasThere && !unfinished ? { mesh, at, act: "file.deleted", about: file } : undefined,
  endSession: null,
  expire: null,
  forgetAnswers: null,
  forgetFiles: null,
  forgetKeyRows: null,
  forgetKeys: null,
  forgetLeases: null,
  forgetNode: null,
  forgetNotifications: null,
  forgetOrders: null,
  forgetRecords: null,
  forgetSessions: null,
  forgetWelcomes: null,
  giveOrder: null,
  grantFile: ({ mesh, at, file }, granted) =>
    granted > 0 ? { mesh, at, act: "file.granted", about: file } : undefined,
  keepAnswer: null,
  keepUpload: null,
  moveInTopic: ({ mesh, at, topic, member, role }, _value, grew) =>
    grew
      ? {
          mesh,
          at,
          act: role === null ? "topic.left" : "topic.joined",
          about: `${topic} ${member}`,
        }
      : undefined,
  pruneAudit: null,
  putApiKey: (put, value) =>
    value === "kept" ? { mesh: put.mesh, at: put.at, act: "key.made", about: put.id } : undefined,
  putJob: ({ mesh, at, id, kind }, value) =>
    value === "kept" && kind === "webhook"
      ? { mesh, at, act: "webhook.made", about: id }
      : undefined,
  putKeyRows: ({ mesh, at }, added) => (added > 0 ? { mesh, at, act: "keys.left" } : undefined),
  putNode: null,
  putRecord: ({ mesh, at, id, digest, by, written }, { result }) =>
    result === "written"
      ? {
          mesh,
          at,
          act: written.at(-1)?.op ?? "record",
          by: { member: by },
          about: id,
          ref: digest,
        }
      : undefined,
  putSession: null,
  putStream: ({ mesh, createdAt: at, name }, outcome) =>
    outcome === "kept" ? { mesh, at, act: "stream.made", about: name } : undefined,
  putTopic: ({ mesh, at, statement, hash }, _value, grew) =>
    grew ? { mesh, at, act: "topic", about: statement.topic, ref: hash } : undefined,
  putVaultEntry: ({ mesh, entry: { sealed }, at }, { result }) =>
    result === "kept" ? { mesh, at, act: "vault.kept", ref: sealed } : undefined,
  putWelcome: ({ mesh, at, invite }) => ({ mesh, at, act: "invite.welcome", about: invite }),
  readNotifications: null,
  readTopic: null,
  releaseLeases: null,
  revokeApiKey: ({ mesh, at, id }, wasGood) =>
    wasGood ? { mesh, at, act: "key.revoked", about: id } : undefined,
  seenDevice: null,
  settleJob: null,
  shareFile: ({ mesh, at, manifest, hash }, value) =>
    value === "shared"
      ? {
          mesh,
          at,
          act: "file.shared",
          by: { member: manifest.member },
          about: manifest.file,
          ref: hash,
        }
      : undefined,
  usedApiKey: null,
  wantKeys: null,
};

/** The invite or topic that a roster entry concerns. */
function aboutOf(body: object): string | undefined {
  if ("invite" in body && typeof body.invite === "string") return body.invite;
  if ("topic" in body && typeof body.topic === "string") return body.topic;
  return undefined;
}
