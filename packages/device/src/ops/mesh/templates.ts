import { templates as known } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";

/** What `mesh.create` knows as templates. */
export const templates: DeviceHandler<"mesh.templates"> = async () => ({ items: [...known] });
