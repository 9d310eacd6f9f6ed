import type { Stage } from "./stage.ts";

/** Something that a person was told: the error that a verb ended with, or a notice in the inbox. */
export interface Told {
  readonly how: "error" | "notice";
  readonly code: string;
  readonly text: string;
}

/** What came of a scene, by its own measures, such as `shown: 1` or `state: "offered"`. */
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What people saw of a scene: what they were told, and what came of it. */
export interface Seen {
  readonly told: readonly Told[];
  readonly facts: Facts;
}

/** What people do, the same whether the broker lies or not. */
export interface Scene {
  /** what comes of it at an honest broker */
  readonly honest: Facts;
  play(stage: Stage): Promise<Seen>;
}

/** One way for a broker to lie, and what must come of it. */
export interface Lie {
  /** unique, kebab-case */
  readonly id: string;
  /** rows of the threat list that it plays, such as `B3` or `T10` */
  readonly threat: string;
  /** what the broker does; goes on from "a broker that" */
  readonly says: string;
  readonly scene: Scene;
  /** begins to lie */
  readonly begin: (stage: Stage) => void | Promise<void>;
  /** everything that people are told, in order, with ids, hashes and numbers left out */
  readonly told: readonly Told[];
  /** where the outcome is another than the honest one */
  readonly facts?: Facts;
  /** what people are told when the scene is played once more, without the lie */
  readonly later?: readonly Told[];
  /** what else comes of it then */
  readonly laterFacts?: Facts;
  /** how long, in ms, until the device tries again what it put off */
  readonly putOffMs?: number;
  /** why the scene cannot succeed again afterwards; such a lie gets a stage of its own */
  readonly lasting?: string;
  /** for the reader of the page: how the lie is noticed when nobody is told */
  readonly remark?: string;
}

/** The lies of one family, in the order in which they are told on one stage. */
export interface LieFamily {
  readonly title: string;
  readonly lies: readonly Lie[];
}

export const error = (code: string, text: string): Told => ({ how: "error", code, text });
export const notice = (code: string, text: string): Told => ({ how: "notice", code, text });

/** A text without what differs from run to run: addresses, ids, hashes, times, numbers. */
export const plain = (text: string): string =>
  text
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, "BROKER")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b[a-z]{3,4}_[0-9a-f-]{9,}/g, "ID")
    .replaceAll(/\bnewcomer \d+/g, "a newcomer")
    .replaceAll(/\b\d+\b/g, "N")
    .replaceAll(/\b[0-9a-f]{8,}\b/g, "HASH");
