/** What a team keeps together, and what its broker does by itself. */
export const sharedNouns: readonly string[] = [
  ...["clock", "context", "file", "memory", "peerfile", "schedule", "skill"],
  ...["state", "stream", "task", "vault", "watch", "webhook"],
];
