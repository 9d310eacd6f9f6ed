/**
 * The wire protocol's version, one integer; one line of history per value.
 * 1: calls, events, receipts, cursors; meshes, invites, members and direct messages.
 */
export const PROTOCOL_VERSION = 1;

/** The oldest version still spoken. It rises only when an older client would misread something, with the reason here. */
export const MIN_SUPPORTED_VERSION = 1;

/** The shape version of every JSON object that the CLI prints (`schema_version`). */
export const SCHEMA_VERSION = 1;
