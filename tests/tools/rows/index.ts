import type { ToolRows } from "../row.ts";
import { contextTools } from "./context.ts";
import { fileTools } from "./file.ts";
import { groupTools } from "./group.ts";
import { jobTools } from "./job.ts";
import { memoryTools } from "./memory.ts";
import { meshTools } from "./mesh.ts";
import { messageTools } from "./message.ts";
import { peerTools } from "./peer.ts";
import { peerFileTools } from "./peerfile.ts";
import { skillTools } from "./skill.ts";
import { stateTools } from "./state.ts";
import { streamTools } from "./stream.ts";
import { taskTools } from "./task.ts";
import { vaultTools } from "./vault.ts";

/** Every tool, with a call that succeeds; a new one gets its row in the file of its noun. */
export const toolRows: ToolRows = {
  ...contextTools,
  ...fileTools,
  ...groupTools,
  ...jobTools,
  ...memoryTools,
  ...meshTools,
  ...messageTools,
  ...peerTools,
  ...peerFileTools,
  ...skillTools,
  ...stateTools,
  ...streamTools,
  ...taskTools,
  ...vaultTools,
};
