import type { TopicRole } from "@claudemesh/protocol";

/** A step in a private topic; persons and topics are small numbers. */
export type TopicStep =
  | { act: "topic_add"; by: number; topic: number; to: number; as: TopicRole; old?: boolean }
  | { act: "topic_key"; by: number; topic: number; skip: boolean; old?: boolean }
  | { act: "topic_remove"; by: number; topic: number; to: number; old?: boolean };

interface ModelTopic {
  topic: number;
  inside: { person: number; as: TopicRole }[];
  version: number;
  due: boolean;
}

/** What the topics' rules ask of a person. */
export interface Standing {
  readonly boss: boolean;
  readonly mayFound: boolean;
  isIn(person: number): boolean;
}

/** The rules of private topics once more, naively. */
export class ModelTopics {
  list: ModelTopic[] = [];

  try(step: TopicStep, { boss, mayFound, isIn }: Standing): boolean {
    const topic = this.list.find((one) => one.topic === step.topic);
    if (topic === undefined) {
      if (step.act !== "topic_add" || step.to !== step.by || step.as !== "lead") return false;
      const inside = [{ person: step.by, as: step.as }];
      if (mayFound) this.list.push({ topic: step.topic, inside, version: 0, due: false });
      return mayFound;
    }
    const mine = topic.inside.find((one) => one.person === step.by);
    const leads = mine?.as === "lead" || boss;
    if (step.act === "topic_key") {
      const may = mine?.as === "lead" || (mine?.as === "member" && topic.due);
      if (!may || step.skip) return false;
      topic.version += 1;
      topic.due = false;
      return true;
    }
    const theirs = topic.inside.find((one) => one.person === step.to);
    if (step.act === "topic_add") {
      if (!leads || !isIn(step.to) || theirs?.as === step.as) return false;
      if (theirs === undefined) topic.inside.push({ person: step.to, as: step.as });
      else theirs.as = step.as;
      return true;
    }
    if (theirs === undefined || (step.to !== step.by && !leads)) return false;
    this.#drop(topic, step.to);
    return true;
  }

  leaveAll(person: number): void {
    for (const topic of this.list) {
      if (topic.inside.some((one) => one.person === person)) this.#drop(topic, person);
    }
  }

  #drop(topic: ModelTopic, person: number): void {
    topic.inside = topic.inside.filter((one) => one.person !== person);
    topic.due = true;
  }
}
