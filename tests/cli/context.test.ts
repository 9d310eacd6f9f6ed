import { playTranscript } from "./play.ts";

playTranscript(import.meta.filename);
