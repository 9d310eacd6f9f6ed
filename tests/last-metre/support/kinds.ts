import { type AgentKind, withoutClaude } from "@claudemesh/testkit/agent";

/** Each test runs with the fake, and with the real agent where that was fetched. */
export const kinds: readonly { readonly kind: AgentKind; readonly skip: string | false }[] = [
  { kind: "fake", skip: false },
  { kind: "real", skip: withoutClaude() },
];
