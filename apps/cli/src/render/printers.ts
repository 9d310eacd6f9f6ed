import type { EdgeOpName, nouns, OpenOutput } from "@claudemesh/protocol";
import type { PrintContext, Printed } from "./printed.ts";

export type Printer<N extends EdgeOpName> = (
  output: OpenOutput<N>,
  context: PrintContext,
) => Printed;

/** Printers by operation, for those that the default print does not serve. */
export type Printers = { readonly [N in EdgeOpName]?: Printer<N> };

type Noun = keyof typeof nouns;

const families: { readonly [N in Noun]?: () => Promise<{ readonly printers: Printers }> } = {
  alias: () => import("./alias.ts"),
  audit: () => import("./audit.ts"),
  apikey: () => import("./apikey.ts"),
  clock: () => import("./job.ts"),
  context: () => import("./record.ts"),
  device: () => import("./device.ts"),
  file: () => import("./file.ts"),
  grant: () => import("./grant.ts"),
  group: () => import("./group.ts"),
  guard: () => import("./guard.ts"),
  invite: () => import("./invite.ts"),
  member: () => import("./member.ts"),
  memory: () => import("./record.ts"),
  mesh: () => import("./mesh.ts"),
  message: () => import("./message.ts"),
  notification: () => import("./notification.ts"),
  peer: () => import("./peer.ts"),
  peerfile: () => import("./peerfile.ts"),
  schedule: () => import("./job.ts"),
  search: () => import("./search.ts"),
  state: () => import("./record.ts"),
  status: () => import("./presence.ts"),
  skill: () => import("./skill.ts"),
  stream: () => import("./stream.ts"),
  summary: () => import("./presence.ts"),
  task: () => import("./record.ts"),
  topic: () => import("./topic.ts"),
  vault: () => import("./vault.ts"),
  visible: () => import("./presence.ts"),
  watch: () => import("./job.ts"),
  webhook: () => import("./job.ts"),
};

/** The printer of an operation: its noun's own, or the default. */
export async function printerOf<N extends EdgeOpName>(name: N): Promise<Printer<N>> {
  const noun = name.slice(0, name.indexOf(".")) as Noun;
  const own = (await families[noun]?.())?.printers[name];
  if (own) return own as unknown as Printer<N>;
  const { printAny } = await import("./default.ts");
  return printAny as Printer<N>;
}
