/** Why something was not taken, not told or ended: the reasons by which it is counted, each with what it means. */
export const dropReasons = {
  address_rate: "a connection or request of an address that opens too many",
  bad_frame: "a frame that could be read, but not understood",
  dead_peer: "a connection that answered no ping",
  forbidden_origin: "a page of a site that may not connect",
  garbage: "a connection that sent what is no frame",
  hello_late: "a connection that did not say who it is in time",
  hello_refused: "a hello that was refused",
  memory: "a connection while the process held more memory than it may",
  reader_behind: "a passing event for a reader that was behind",
  sockets: "a socket of an address that had too many",
  too_many_connections: "a connection over one of the bounds",
  too_slow: "a connection whose reader took nothing for too long",
  unknown_host: "a request for a host name that is not the broker's",
} as const;

export type DropReason = keyof typeof dropReasons;
