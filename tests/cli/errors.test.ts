import { playTranscript } from "./play.ts";

// What this shows must not depend on a daemon.
playTranscript(import.meta.filename, ["on", "off"]);
