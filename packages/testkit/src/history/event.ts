/** What a process said about one message; `value` names the message before it has an id, and is never used twice. */
interface Said {
  /** by the recorder's clock, ms */
  readonly at: number;
  /** which run of which device, such as `alice#3` */
  readonly process: string;
  readonly value: string;
}

export type HistoryEvent = Said &
  (
    | { readonly kind: "attempt"; readonly from: string; readonly to: string }
    /** the broker has it; `seq` is its place in the log */
    | { readonly kind: "acknowledged"; readonly id: string; readonly seq: number }
    /** definitely not sent, and the sender was told so */
    | { readonly kind: "failed"; readonly why: string }
    | { readonly kind: "in_doubt"; readonly why: string }
    /** durable in the inbox of `by` */
    | { readonly kind: "received"; readonly by: string; readonly id: string }
    /** shown to the reader of `by`; `again` is what the reader was told */
    | {
        readonly kind: "shown";
        readonly by: string;
        readonly id: string;
        readonly again: boolean;
      }
  );

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An event as a process reports it: the recorder adds who and when. */
export type Report = DistributiveOmit<HistoryEvent, "at" | "process">;
