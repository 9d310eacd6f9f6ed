import { describe } from "node:test";
import { acceptApiKeys } from "./acceptance/api-keys.ts";
import { acceptAudiences } from "./acceptance/audiences.ts";
import { acceptAudit } from "./acceptance/audit.ts";
import { acceptCursors } from "./acceptance/cursors.ts";
import { acceptExpiry } from "./acceptance/expiry.ts";
import { acceptFiles } from "./acceptance/files.ts";
import type { OpenStore } from "./acceptance/fixtures.ts";
import { acceptGrants } from "./acceptance/grants.ts";
import { acceptJobs } from "./acceptance/jobs.ts";
import { acceptKeys } from "./acceptance/keys.ts";
import { acceptMeshes } from "./acceptance/meshes.ts";
import { acceptMessages } from "./acceptance/messages.ts";
import { acceptModel } from "./acceptance/model.ts";
import { acceptNodes } from "./acceptance/nodes.ts";
import { acceptNotifications } from "./acceptance/notifications.ts";
import { acceptRecords } from "./acceptance/records.ts";
import { acceptSessions } from "./acceptance/sessions.ts";
import { acceptStreams } from "./acceptance/streams.ts";
import { acceptTopics } from "./acceptance/topics.ts";
import { acceptVault } from "./acceptance/vault.ts";
import { withStoreOf } from "./acceptance/with-store.ts";

/** Registers the tests that every store must pass. `open` gets an empty folder, and the same folder again to reopen. */
export function runStoreAcceptance(name: string, open: OpenStore): void {
  const withStore = withStoreOf(open);
  describe(`${name} store`, () => {
    acceptApiKeys(withStore);
    acceptMeshes(withStore);
    acceptMessages(withStore);
    acceptAudiences(withStore);
    acceptAudit(withStore);
    acceptCursors(withStore);
    acceptExpiry(withStore);
    acceptFiles(withStore);
    acceptGrants(withStore);
    acceptJobs(withStore);
    acceptKeys(withStore);
    acceptNodes(withStore);
    acceptNotifications(withStore);
    acceptRecords(withStore);
    acceptSessions(withStore);
    acceptTopics(withStore);
    acceptStreams(withStore);
    acceptVault(withStore);
    acceptModel(withStore);
  });
}
